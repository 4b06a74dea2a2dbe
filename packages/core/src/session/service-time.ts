import type { Clock } from '../clock.ts'

/** What time it is for the service, which stamps the tokens. */
export interface ServiceTime extends Pick<Clock, 'now'> {
  /** Notes when the service sent a response, in milliseconds since the epoch. */
  readonly observe: (sentAt: number) => void
}

/** A greater difference is an error, of the service or of a proxy: tokens would be refused, too. */
const plausibleMs = 5 * 60 * 1000

/**
 * Our time plus the last measured difference. It is never ahead of the service's time: `Date` has
 * whole seconds, and the response took a while to arrive. Right after a response it is exact to the
 * second.
 */
export function createServiceTime(clock: Pick<Clock, 'now'>): ServiceTime {
  let offsetMs = 0
  return {
    now: () => clock.now() + offsetMs,
    observe(sentAt) {
      const measured = sentAt - clock.now()
      if (Math.abs(measured) <= plausibleMs) offsetMs = measured
    },
  }
}
