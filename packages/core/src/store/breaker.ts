import type { Clock } from '../clock.ts'
import { storeBreaker, type StoreBreakerEvent } from '../events.ts'

/** How many failures in a row open it. */
const failuresToOpen = 3
/** The time between two probes while it is open, in milliseconds. */
const probeMs = 1000

/**
 * Whether a store may be asked to read, or to write. Three failures in a row open the breaker; from then
 * on one operation a second is let through as a probe, until one succeeds. So an outage that has been
 * noticed delays no request.
 */
export class Breaker {
  readonly #operations: StoreBreakerEvent['operations']
  readonly #clock: Pick<Clock, 'monotonic'>
  #failures = 0
  #probeAt = 0

  constructor(operations: StoreBreakerEvent['operations'], clock: Pick<Clock, 'monotonic'>) {
    this.#operations = operations
    this.#clock = clock
  }

  /** Whether an operation may start; while the breaker is open, true makes it the probe. */
  admits(): boolean {
    if (this.#failures < failuresToOpen) return true
    const now = this.#clock.monotonic()
    if (now < this.#probeAt) return false
    this.#probeAt = now + probeMs
    return true
  }

  succeeded(): void {
    if (this.#failures >= failuresToOpen) this.#report('closed')
    this.#failures = 0
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures !== failuresToOpen) return
    this.#probeAt = this.#clock.monotonic() + probeMs
    this.#report('open')
  }

  #report(state: StoreBreakerEvent['state']): void {
    storeBreaker.publish({ state, operations: this.#operations })
  }
}
