import { setTimeout as delay } from 'node:timers/promises'
import { withSignals } from './on-abort.ts'

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

/** Sleeps until the time is over; rejects with the reason of the first of these signals that aborts. */
export function pause(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  ...signals: readonly AbortSignal[]
): Promise<void> {
  return withSignals(signals, (signal) => clock.sleep(ms, signal))
}

/** What time it is for the service, which stamps the tokens. */
export interface ServiceTime extends Pick<Clock, 'now'> {
  /** Notes when the service sent a response, in milliseconds since the epoch. */
  readonly observe: (sentAt: number) => void
  /**
   * The latest that it can be: a second more, unless it was just measured, and five while it never was.
   */
  readonly latest: () => number
  /**
   * By how much it is ahead of our time, in milliseconds; undefined before it was measured. What our wall
   * clock has moved since then against the monotonic one counts: it was set, or the machine was suspended.
   */
  readonly ahead: () => number | undefined
  /** Whether our wall clock differs by five minutes at most; it counts as right before it was measured. */
  readonly isClockRight: () => boolean
}

/** A greater difference is an error, of a clock or of a proxy: tokens are refused, too. */
export const maxSkewMs: number = 5 * 60 * 1000

/**
 * Our time plus the last measured difference. It is never ahead of the service's time, unless our clock is
 * set: `Date` has whole seconds, and the response took a while to arrive. Right after a response it is
 * exact to the second.
 */
export function createServiceTime(clock: Pick<Clock, 'now' | 'monotonic'>): ServiceTime {
  let offsetMs = 0
  let measured: number | undefined
  let measuredAt = clock.monotonic()
  let measuredAtTime = clock.now()
  const now = (): number => clock.now() + offsetMs
  const movedMs = (): number => clock.now() - measuredAtTime - (clock.monotonic() - measuredAt)
  const ahead = (): number | undefined =>
    measured === undefined ? undefined : measured - movedMs()
  return {
    now,
    latest() {
      const latest = now() + Math.max(0, -movedMs())
      if (measured === undefined) return latest + 5000
      return clock.monotonic() - measuredAt < 1000 ? latest : latest + 1000
    },
    observe(sentAt) {
      measuredAt = clock.monotonic()
      measuredAtTime = clock.now()
      measured = sentAt - measuredAtTime
      if (Math.abs(measured) <= maxSkewMs) offsetMs = measured
    },
    ahead,
    isClockRight: () => Math.abs(ahead() ?? 0) <= maxSkewMs,
  }
}
