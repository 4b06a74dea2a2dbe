import { ServiceError } from '../errors.ts'
import type { WireResponse } from './exchange.ts'
import { parseJson } from './parse-json.ts'
import { retryAfterSeconds } from './retry-after.ts'

/**
 * The service's refusal, from whatever body came with it: a field that is missing or no string is
 * empty, and so is a code that is more than one short word; a detail longer than 500 characters is
 * cut, and a quoted secret is taken out.
 *
 * @param secrets what the request carried that must not be printed
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function refusal(
  { status, headers, body }: WireResponse,
  secrets: readonly string[],
  now: number,
): ServiceError {
  const json = parseJson(body)
  const fields = new Map(typeof json === 'object' && json !== null ? Object.entries(json) : [])
  const textOf = (name: string) => printable(fields.get(name), secrets)
  const seconds = status === 429 || status === 503 ? waitAsked(headers, now) : undefined
  return new ServiceError({
    status,
    errorCode: codeOf(fields.get('errorCode'), secrets),
    errorDescription: textOf('errorDescription'),
    errorMessage: textOf('errorMessage'),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  })
}

function waitAsked(headers: WireResponse['headers'], now: number): number | undefined {
  const value = headers['retry-after']
  return typeof value === 'string' ? retryAfterSeconds(value, now) : undefined
}

// The service's own codes quote nobody. They are kept whatever was sent, or a visitor with a token
// such as `0` would take the code apart and with it what it says of the token.
const ownCode = /^E\d{6}$/

// The code goes into the error's message, where a proxy's prose has no place.
function codeOf(value: unknown, secrets: readonly string[]): string {
  const text = typeof value === 'string' && ownCode.test(value) ? value : printable(value, secrets)
  return /^[\w.-]{1,64}$/.test(text) ? text : ''
}

// Compact JWS (RFC 7515 section 7.1): a token that somebody quotes, whoever's it is.
const anyToken = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g

function printable(value: unknown, secrets: readonly string[]): string {
  if (typeof value !== 'string') return ''
  // Cut first: the pattern's time grows with the square of a text that is made for it.
  let text = value.slice(0, 4096).replace(anyToken, '[redacted]')
  for (const secret of secrets) text = text.replaceAll(secret, '[redacted]')
  return text.length > 500 ? `${text.slice(0, 499)}…` : text
}
