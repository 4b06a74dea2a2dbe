import type { Message } from './messages/message.ts'

/** An event in a world, for pages and tests that watch it. */
type WorldEvent =
  | { readonly type: 'message'; readonly message: Message }
  /** A link was used: request the messages again. */
  | { readonly type: 'messages-changed' }
  | { readonly type: 'request'; readonly request: RequestEntry }
  | { readonly type: 'clock'; readonly now: number; readonly offsetMs: number }
  | { readonly type: 'keys-rotated' }
  | { readonly type: 'faults-changed' }
  | { readonly type: 'reset' }

/** One request to the service, without secrets: no header, query or body is kept. */
export interface RequestEntry {
  readonly id: string
  /** Milliseconds since the epoch, on the world's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly durationMs: number
  /** The caller's SDK and its version, from its request headers. */
  readonly sdk?: string
  /** The error code of an error response. */
  readonly errorCode?: string
  /** The reason for an error response, and what to do. */
  readonly hint?: string
  /** The effect of a fault on it. */
  readonly fault?: string
}

type WorldListener = (event: WorldEvent) => void

/** Passes each event to every listener. */
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
