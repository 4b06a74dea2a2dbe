import type { Clock } from '@linkpass/core'

/** A clock that moves only when told to, and counts the calls that sleep on it. */
export interface ManualClock extends Clock {
  /** Moves time forward and ends the sleeps that are over by then. */
  advance(ms: number): void
  asleep(): number
}

/** Creates a clock that starts at the machine's time. */
export function createManualClock(): ManualClock {
  const start = Date.now()
  const sleepers = new Set<{ readonly wakesAt: number; wake(): void }>()
  let elapsed = 0
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper = {
          wakesAt: elapsed + ms,
          wake: () => {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', abort, { once: true })
      }),
    advance: (ms) => {
      elapsed += ms
      for (const sleeper of [...sleepers]) if (sleeper.wakesAt <= elapsed) sleeper.wake()
    },
    asleep: () => sleepers.size,
  }
}
