import type { Clock } from '../clock.ts'
import type { StoreCall } from './state-store.ts'

/** An operation that has not ended, which is also what the store gets as its last parameter. */
export class RunningOperation implements StoreCall {
  readonly endsAt: number
  /** The operations that started just before and just after it, while it is in a list. */
  older: RunningOperation | undefined
  younger: RunningOperation | undefined
  /** Stops listening to the caller's signal. */
  forget: (() => void) | undefined
  readonly #expired: (reason: Error) => void
  #controller: AbortController | undefined

  /**
   * @param endsAt its deadline, in monotonic milliseconds
   * @param expired called once if the deadline passes first
   */
  constructor(endsAt: number, expired: (reason: Error) => void) {
    this.endsAt = endsAt
    this.#expired = expired
  }

  /** Created at its first use: a controller costs more than the rest of the guard, and few stores use it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** Ends the operation early, and tells the store. */
  end(reason: Error): void {
    this.#expired(reason)
    this.#controller?.abort(reason)
  }
}

/**
 * The operations of one store that have not ended, oldest first, with one timer for all. Deadlines are
 * equally long, so the oldest operation always ends first.
 *
 * The timer starts only if an operation is still running when the current turn of the event loop
 * ends, and it is not cancelled. So an embedded store starts none, and a remote one at most two a
 * second.
 */
export class RunningOperations {
  readonly #clock: Clock
  // A linked list, because a Set that is filled and emptied all the time keeps the garbage collector
  // busy (measured: 5 µs an operation).
  #oldest: RunningOperation | undefined
  #youngest: RunningOperation | undefined
  #isWatched = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(operation: RunningOperation): void {
    operation.older = this.#youngest
    if (this.#youngest === undefined) this.#oldest = operation
    else this.#youngest.younger = operation
    this.#youngest = operation
    if (this.#isWatched) return
    this.#isWatched = true
    setImmediate(() => void this.#watch())
  }

  /** Whether it was still running. */
  remove(operation: RunningOperation): boolean {
    const { older, younger } = operation
    if (older === undefined && this.#oldest !== operation) return false
    if (older === undefined) this.#oldest = younger
    else older.younger = younger
    if (younger === undefined) this.#youngest = older
    else younger.older = older
    operation.older = undefined
    operation.younger = undefined
    return true
  }

  async #watch(): Promise<void> {
    for (let oldest = this.#oldest; oldest !== undefined; oldest = this.#oldest) {
      const leftMs = oldest.endsAt - this.#clock.monotonic()
      if (leftMs > 0) await this.#clock.sleep(leftMs)
      // After a pause of this process, responses may have arrived that were not read yet.
      await new Promise((resolve) => setImmediate(resolve))
      if (this.remove(oldest)) oldest.end(new Error('The state store did not respond in time.'))
    }
    this.#isWatched = false
  }
}
