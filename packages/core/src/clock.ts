import { setTimeout as delay } from 'node:timers/promises'

/**
 * Where the library gets its time, all in milliseconds. Apart from the deadline of a request no
 * timer is armed but through `sleep`, so that a test moves everything with one hand.
 */
export interface Clock {
  /** Wall-clock time since the Unix epoch: what token claims are compared with. */
  now(): number
  /** Time that never jumps, from any origin: what the age of a cache entry is measured by. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. */
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
