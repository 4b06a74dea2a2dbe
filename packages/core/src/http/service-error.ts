import { ServiceError } from '../errors.ts'
import { parseJson } from '../jwt/json.ts'
import type { WireResponse } from './exchange.ts'
import { retryAfterSeconds } from './retry-after.ts'

/**
 * The error of an error response, whatever its body: a field that is missing or not a string is empty, and so
 * is a code that is not one short word. A detail is cut after 500 characters; what it quotes of the request and
 * what is no prose is redacted, and control characters become spaces.
 *
 * @param secrets what the request holds and must not be printed
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function serviceError(
  { status, headers, body }: WireResponse,
  secrets: readonly string[],
  now: number,
): ServiceError {
  const json = parseJson(body)
  const fields = new Map(typeof json === 'object' && json !== null ? Object.entries(json) : [])
  const textOf = (name: string) => printable(fields.get(name), secrets)
  // A gateway may add one of its own.
  const retryAfter = status === 429 || status === 503 ? [headers['retry-after'] ?? []].flat() : []
  const delays = retryAfter.flatMap((value) => retryAfterSeconds(value, now) ?? [])
  return new ServiceError({
    status,
    errorCode: codeOf(fields.get('errorCode'), secrets),
    errorDescription: textOf('errorDescription'),
    errorMessage: textOf('errorMessage'),
    ...(delays.length > 0 && { retryAfterSeconds: Math.max(...delays) }),
  })
}

// The service's own codes contain no input. They are never redacted: otherwise a token such as `0`
// would change the code, and so the decision about that token.
const ownCode = /^E\d{6}$/

// The code becomes part of the error's message, so a proxy's text must not.
function codeOf(value: unknown, secrets: readonly string[]): string {
  const text = typeof value === 'string' && ownCode.test(value) ? value : printable(value, secrets)
  return /^[\w.-]{1,64}$/.test(text) ? text : ''
}

const word = /[^\s+"'`<>()[\]{},][^\s"'`<>()[\]{},]*/g
// What tokens, addresses and numbers are not, in any encoding: letters and punctuation, of which few are
// capitals or all; and what is too short to be one.
const prose =
  /^(?=[\p{L}\p{M}\p{P}]*$)(?!.*[@%&#\\\uFF20\uFE6B])(?:\P{Lu}*(?:\p{Lu}\P{Lu}*){0,3}|\P{Ll}*)$/u
const short = /^(?:[\p{L}\d]{1,3}|E\d{6})\p{P}*$/u
// Control and format characters, and the two separators that end a line: a log is read in a terminal.
const notPrintable = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

function printable(value: unknown, secrets: readonly string[]): string {
  if (typeof value !== 'string') return ''
  let text = value.slice(0, 4096)
  for (const secret of secrets) text = text.replaceAll(secret, '[redacted]')
  text = text.replace(notPrintable, ' ')
  text = text.replace(word, (one) => (prose.test(one) || short.test(one) ? one : '[redacted]'))
  return text.length > 500 ? `${text.slice(0, 499)}…` : text
}
