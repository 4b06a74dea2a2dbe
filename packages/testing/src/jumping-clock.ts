import type { Clock } from '@linkpass/core'

/** A clock that jumps to the end of each sleep at once, so that a test never waits. */
export interface JumpingClock extends Clock {
  /** The length of each requested sleep, in order. */
  readonly sleeps: number[]
  /** The number of pending sleeps. */
  readonly sleeping: () => number
}

/** Creates one. With `stand`, time does not move and a sleep lasts until it is aborted. */
export function createJumpingClock({ stand = false } = {}): JumpingClock {
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
