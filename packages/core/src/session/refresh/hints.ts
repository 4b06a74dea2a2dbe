import type { Clock } from '../../clock.ts'
import { onAbort } from '../../on-abort.ts'
import type { StateStore } from '../../store/state-store.ts'
import { pause } from '../pause.ts'

const channel = 'refreshed'

/** A wait for one refresh of another instance. */
export interface RefreshWatch {
  /**
   * Resolves after `ms`, or earlier when the refresh ended; rejects when the client is closed. Also
   * resolves at once if the refresh ended since the last pause.
   */
  pause(ms: number): Promise<void>
  end(): void
}

export interface RefreshHintsDeps {
  readonly store: StateStore
  readonly clock: Clock
  readonly closing: AbortSignal
}

/**
 * Tells instances that a refresh has ended, where the store can. One subscription per client, made
 * with its first wait. Those who miss a hint find the outcome when they look next.
 */
export class RefreshHints {
  readonly #deps: RefreshHintsDeps
  readonly #waiting = new Map<string, Set<() => void>>()
  #isSubscribed = false

  constructor(deps: RefreshHintsDeps) {
    this.#deps = deps
  }

  /** Never rejects. */
  async send(id: string): Promise<void> {
    await this.#deps.store.publish?.(channel, id).catch(() => {})
  }

  watch(id: string): RefreshWatch {
    this.#subscribe()
    const { clock, closing } = this.#deps
    let hint = new AbortController()
    const wake = (): void => hint.abort()
    const wakes = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, wakes.add(wake))
    return {
      pause: async (ms) => {
        await pause(clock, ms, closing, hint.signal).catch((error: unknown) => {
          if (closing.aborted || !hint.signal.aborted) throw error
        })
        if (hint.signal.aborted) hint = new AbortController()
      },
      end: () => {
        wakes.delete(wake)
        if (wakes.size === 0) this.#waiting.delete(id)
      },
    }
  }

  #subscribe(): void {
    const { store, closing } = this.#deps
    if (this.#isSubscribed || closing.aborted || store.subscribe === undefined) return
    this.#isSubscribed = true
    store
      .subscribe(channel, (id) => this.#wake(id))
      .then((stop) => onAbort(closing, stop))
      // The next wait tries again.
      .catch(() => (this.#isSubscribed = false))
  }

  #wake(id: string): void {
    for (const wake of this.#waiting.get(id) ?? []) wake()
  }
}
