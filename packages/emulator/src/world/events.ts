import type { Message } from './messages/message.ts'

/** What happened in a world, for pages and tests that watch it. */
export type WorldEvent =
  | { readonly type: 'message'; readonly message: Message }
  /** A link was used, or a clock moved: ask for the messages again. */
  | { readonly type: 'messages-changed' }
  | { readonly type: 'request'; readonly request: RequestEntry }
  | { readonly type: 'clock'; readonly now: number; readonly offsetMs: number }
  | { readonly type: 'keys-rotated' }
  | { readonly type: 'faults-changed' }
  | { readonly type: 'reset' }

/** One request to the service, without anything secret: no header, query or body is kept. */
export interface RequestEntry {
  readonly id: string
  /** Milliseconds since the epoch, on the world's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly durationMs: number
  /** The caller's SDK and its version, as it names itself. */
  readonly sdk?: string
  /** The error code of a refusal. */
  readonly errorCode?: string
  /** Why it was refused, and what to do. */
  readonly hint?: string
  /** What a fault did to it. */
  readonly fault?: string
}

export type WorldListener = (event: WorldEvent) => void

/** Tells every listener of what happens; listeners come and go. */
export interface EventHub {
  publish(event: WorldEvent): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: WorldListener): () => void
}

export function createEventHub(): EventHub {
  const listeners = new Set<WorldListener>()
  return {
    publish: (event) => {
      for (const listener of [...listeners]) listener(event)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
