import type { Clock } from '@linkpass/core'

/** When every test clock starts: 2026-01-15, 12:00 UTC, in milliseconds. */
export const startTime = Date.UTC(2026, 0, 15, 12)

/** A clock that only moves when the test moves it; sleepers wake when their time has come. */
export interface TestClock extends Clock {
  advance(ms: number): void
  /** Moves the wall clock alone, as an administrator or a wrong time server does. */
  jump(ms: number): void
  /** The number of pending sleeps. */
  readonly sleepers: number
}

/** Creates one that shows {@link startTime}. */
export function createTestClock(): TestClock {
  let elapsed = 0
  let offset = startTime
  const sleeping = new Set<{ wakeAt: number; wake: () => void }>()
  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = (): void => {
          sleeping.delete(sleeper)
          reject(signal?.reason)
        }
        const wake = (): void => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        const sleeper = { wakeAt: elapsed + ms, wake }
        sleeping.add(sleeper)
        signal?.addEventListener('abort', abort)
      }),
    advance(ms) {
      elapsed += ms
      for (const sleeper of [...sleeping]) {
        if (sleeper.wakeAt > elapsed) continue
        sleeping.delete(sleeper)
        sleeper.wake()
      }
    },
    jump(ms) {
      offset += ms
    },
    get sleepers() {
      return sleeping.size
    },
  }
}
