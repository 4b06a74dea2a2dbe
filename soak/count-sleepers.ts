import type { Clock } from '@linkpass/core'

/** The same clock, and how many are asleep on it. */
export function countSleepers(clock: Clock): Clock & { sleeping(): number } {
  let sleeping = 0
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => {
      sleeping += 1
      return clock.sleep(ms, signal).finally(() => {
        sleeping -= 1
      })
    },
    sleeping: () => sleeping,
  }
}
