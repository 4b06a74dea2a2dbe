import type { Clock } from '../clock.ts'
import type { StoreCall } from './state-store.ts'

/** An operation of a store, which is also what the store gets as its last parameter. */
export class RunningOperation implements StoreCall {
  readonly endsAt: number
  readonly #fail: (reason: Error) => void
  #controller: AbortController | undefined
  isRunning = true

  /**
   * @param endsAt its deadline, in monotonic milliseconds
   * @param fail called if it is ended before it settles
   */
  constructor(endsAt: number, fail: (reason: Error) => void) {
    this.endsAt = endsAt
    this.#fail = fail
  }

  /** Created at its first use: a controller costs more than the rest of the guard, and few stores use it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** Whether it was still running. */
  settle(): boolean {
    const wasRunning = this.isRunning
    this.isRunning = false
    return wasRunning
  }

  /** Ends it early, and tells the store. */
  end(reason: Error): void {
    if (!this.settle()) return
    this.#fail(reason)
    // A store may look only later, when it could send the command at last.
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }
}

/**
 * The operations of one store that have not ended, with one timer for all. It starts only if one still runs when
 * the current turn of the event loop ends, and is not cancelled: an embedded store starts none, a remote one at
 * most two a second. All have the same time, so the oldest ends first.
 */
export class RunningOperations {
  readonly #clock: Clock
  /** Oldest first; those that have ended stay until the timer. */
  #started: RunningOperation[] = []
  #isWatched = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(operation: RunningOperation): void {
    this.#started.push(operation)
    if (this.#isWatched) return
    this.#isWatched = true
    setImmediate(() => void this.#watch())
  }

  async #watch(): Promise<void> {
    for (;;) {
      this.#started = this.#started.filter(({ isRunning }) => isRunning)
      const [oldest] = this.#started
      if (oldest === undefined) break
      const leftMs = oldest.endsAt - this.#clock.monotonic()
      if (leftMs > 0) await this.#clock.sleep(leftMs)
      // After a pause of this process, responses may have arrived that were not read yet.
      await new Promise((resolve) => setImmediate(resolve))
      const now = this.#clock.monotonic()
      for (const operation of this.#started) {
        if (operation.endsAt > now) break
        operation.end(new Error('The state store did not respond in time.'))
      }
    }
    this.#isWatched = false
  }
}
