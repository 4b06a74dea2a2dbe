import type { Clock } from '../src/clock.ts'

/** A clock that stands until a sleeper needs it to move: then it jumps to the next waking time. */
export interface TestClock extends Clock {
  /** The duration of each sleep, in order. */
  readonly sleeps: number[]
  /** How many are asleep. */
  readonly sleeping: () => number
}

/** Sleeps end at once and move the time; with `stand`, they last until they are aborted. */
export function testClock({ stand = false } = {}): TestClock {
  let now = 1_800_000_000_000
  let sleeping = 0
  const sleeps: number[] = []
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) => {
      sleeps.push(ms)
      if (!stand) {
        now += ms
        return Promise.resolve()
      }
      sleeping += 1
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          sleeping -= 1
          reject(signal.reason)
        })
      })
    },
    sleeps,
    sleeping: () => sleeping,
  }
}
