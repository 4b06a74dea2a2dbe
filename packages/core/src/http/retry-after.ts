// RFC 9110 section 5.6.7: the day and the time in the three forms of an HTTP-date.
const httpDate =
  /^[A-Z][a-z]+,? (?:[A-Z][a-z]{2} )?([ \d]\d)[ -].*?(\d{2}:\d{2}:\d{2}) (GMT|\d{4})$/

/** A service that asks for more is mistaken, and is asked again after this. */
const maxSeconds = 3600

/**
 * The delay of a Retry-After header, in whole seconds, rounded up, at most an hour; undefined when the
 * value is not valid by RFC 9110 section 10.2.3. A date in the past is 0.
 *
 * @param now milliseconds since the epoch
 */
export function retryAfterSeconds(header: string, now: number): number | undefined {
  const value = header.trim()
  if (/^\d+$/.test(value)) return Math.min(Number(value), maxSeconds)
  const [, day, time = '', end] = httpDate.exec(value) ?? []
  const date = new Date(end === 'GMT' ? value : `${value} GMT`)
  // An impossible date (31 February) would continue in the next month, and 24:00 on the next day.
  const isPossible = date.getUTCDate() === Number(day) && date.toUTCString().includes(time)
  if (!isPossible) return undefined
  return Math.min(Math.max(Math.ceil((date.getTime() - now) / 1000), 0), maxSeconds)
}
