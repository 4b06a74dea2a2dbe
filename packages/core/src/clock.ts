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
  /**
   * Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. With `ref: false`
   * it does not keep the process alive; a clock may ignore that.
   */
  sleep(ms: number, signal?: AbortSignal, options?: { readonly ref: boolean }): Promise<void>
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal, options) {
    try {
      await delay(ms, undefined, signal ? { ...options, signal } : options)
    } catch (error) {
      // Node wraps the reason in an AbortError of its own.
      throw signal?.aborted ? signal.reason : error
    }
  },
}

/** What time it is for the service, which stamps the tokens. */
export interface ServiceTime extends Pick<Clock, 'now'> {
  /** Notes when the service sent a response, in milliseconds since the epoch. */
  readonly observe: (sentAt: number) => void
  /**
   * The latest that it can be: a second more, unless it was just measured, and five while it never was.
   */
  readonly latest: () => number
  /** By how much it was ahead of our time when last measured, in milliseconds; undefined before. */
  readonly ahead: () => number | undefined
}

/** A greater difference is an error, of a clock or of a proxy: tokens are refused, too. */
export const maxSkewMs: number = 5 * 60 * 1000

/**
 * Our time plus the last measured difference. It is never ahead of the service's time: `Date` has
 * whole seconds, and the response took a while to arrive. Right after a response it is exact to the
 * second.
 */
export function createServiceTime(clock: Pick<Clock, 'now'>): ServiceTime {
  let offsetMs = 0
  let measured: number | undefined
  let measuredAt = 0
  const now = (): number => clock.now() + offsetMs
  return {
    now,
    latest() {
      if (measured === undefined) return now() + 5000
      return clock.now() - measuredAt < 1000 ? now() : now() + 1000
    },
    observe(sentAt) {
      measuredAt = clock.now()
      measured = sentAt - measuredAt
      if (Math.abs(measured) <= maxSkewMs) offsetMs = measured
    },
    ahead: () => measured,
  }
}
