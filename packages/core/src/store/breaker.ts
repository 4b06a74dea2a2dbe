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
export function createBreaker(
  operations: StoreBreakerEvent['operations'],
  clock: Pick<Clock, 'monotonic'>,
) {
  let failures = 0
  let probeAt = 0
  return {
    /** Whether an operation may start; while the breaker is open, true makes it the probe. */
    admits(): boolean {
      if (failures < failuresToOpen) return true
      const now = clock.monotonic()
      if (now < probeAt) return false
      probeAt = now + probeMs
      return true
    },
    succeeded(): void {
      if (failures >= failuresToOpen) storeBreaker.publish({ state: 'closed', operations })
      failures = 0
    },
    failed(): void {
      failures += 1
      if (failures !== failuresToOpen) return
      probeAt = clock.monotonic() + probeMs
      storeBreaker.publish({ state: 'open', operations })
    },
  }
}
