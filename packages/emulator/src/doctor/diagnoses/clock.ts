import type { Diagnosis } from '../diagnosis.ts'

// Node's SDKs accept tokens up to this far from their own time.
const toleranceMs = 5000
// The Date header has whole seconds, and is as old as the response.
const precisionMs = 1000

export const clock: Diagnosis = {
  name: 'clock',
  examine: ({ keySet }) => {
    if (keySet === undefined || !keySet.reached || keySet.date === undefined) {
      return { status: 'skipped', found: 'there is no response of the service with a Date' }
    }
    // The service cut its time down to the second.
    const skewMs = keySet.at - (keySet.date + precisionMs / 2)
    if (Math.abs(skewMs) <= toleranceMs + precisionMs) {
      return { status: 'ok', found: 'the clock agrees with the service' }
    }
    const seconds = Math.round(Math.abs(skewMs) / 1000)
    return {
      status: 'problem',
      found: `the clock of this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the service`,
      expected: `a difference of at most ${toleranceMs / 1000} s: tokens have times, and are refused otherwise`,
      fix: 'Let this machine get its time by NTP, such as with chrony or systemd-timesyncd.',
    }
  },
}
