import type { Clock } from '../clock.ts'
import { storeBreaker } from '../events.ts'

/** How many failures in a row open it. */
const failuresToOpen = 3
/** The time between two probes while it is open, in milliseconds. */
const probeMs = 1000

/**
 * Whether a store may be asked. Three failures in a row open the breaker; from then on one operation
 * a second is let through as a probe, until one succeeds. So an outage that has been noticed delays
 * no request.
 */
export class Breaker {
  readonly #clock: Pick<Clock, 'monotonic'>
  #failures = 0
  #probeAt = 0

  constructor(clock: Pick<Clock, 'monotonic'>) {
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
    if (this.#failures >= failuresToOpen) storeBreaker.publish({ state: 'closed' })
    this.#failures = 0
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures !== failuresToOpen) return
    this.#probeAt = this.#clock.monotonic() + probeMs
    storeBreaker.publish({ state: 'open' })
  }
}
