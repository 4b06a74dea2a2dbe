import { setTimeout as delay } from 'node:timers/promises'

/**
 * Where the library gets its time, all in milliseconds. Except for the deadline of a request, every
 * timer is a `sleep`, so that a test controls all of them through its clock.
 */
export interface Clock {
  /** Wall-clock time since the Unix epoch; token claims are compared with it. */
  now(): number
  /** Monotonic time, from any origin; the age of a cache entry is measured by it. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      // Node wraps the reason in an AbortError of its own.
      throw signal?.aborted ? signal.reason : error
    }
  },
}
