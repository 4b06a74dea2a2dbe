// RFC 9110 section 10.2.3: delay-seconds or an HTTP-date, whose three forms section 5.6.7 gives.
const delaySeconds = /^\d+$/
const imfFixdate = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/
const rfc850Date = /^[A-Z][a-z]+day, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/
const asctimeDate = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** In seconds. A service that asks for more is mistaken, and is asked again after this. */
const longest = 3600

/**
 * The delay of a Retry-After header, in whole seconds, rounded up, at most an hour; undefined when the
 * value is not valid by RFC 9110 section 10.2.3. A date in the past is 0.
 *
 * @param now milliseconds since the epoch
 */
export function retryAfterSeconds(header: string, now: number): number | undefined {
  const value = header.trim()
  if (delaySeconds.test(value)) return Math.min(Number(value), longest)
  const date = httpDate(value, now)
  if (date === undefined) return undefined
  return Math.min(Math.max(Math.ceil((date - now) / 1000), 0), longest)
}

/** An HTTP-date in milliseconds since the epoch; undefined when it is not valid. */
function httpDate(value: string, now: number): number | undefined {
  const fixed = imfFixdate.exec(value)
  if (fixed) {
    const [, day, month, year, ...time] = fixed
    return epochMs(Number(year), month, day, time)
  }
  const dashed = rfc850Date.exec(value)
  if (dashed) {
    const [, day, month, year, ...time] = dashed
    return epochMs(fullYear(Number(year), now), month, day, time)
  }
  const spaced = asctimeDate.exec(value)
  if (spaced) {
    const [, month, day, hour, minute, second, year] = spaced
    return epochMs(Number(year), month, day, [hour, minute, second])
  }
  return undefined
}

// Section 5.6.7: a two-digit year is never read as more than 50 years ahead.
function fullYear(twoDigits: number, now: number): number {
  const latest = new Date(now).getUTCFullYear() + 50
  return latest - ((latest - twoDigits) % 100)
}

function epochMs(
  year: number,
  monthName: string | undefined,
  dayText: string | undefined,
  time: readonly (string | undefined)[],
): number | undefined {
  const month = months.findIndex((name) => name === monthName)
  const day = Number(dayText)
  const [hour = 0, minute = 0, second = 0] = time.map(Number)
  const date = new Date(Date.UTC(year, month, day, hour, minute, second))
  // Date.UTC accepts an impossible date (31 February) and continues in the next month.
  return month >= 0 && date.getUTCDate() === day && hour < 24 ? date.getTime() : undefined
}
