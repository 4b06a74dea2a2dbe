/** Pure: from what came over the wire to the result a caller gets. */
import type { TokenNames } from '../options.ts'
import type { Result } from '../result.ts'
import type { Endpoint } from './endpoints.ts'
import type { WireAnswer } from './exchange.ts'
import { refusal, unusable } from './failure.ts'
import { cookieFrom } from './set-cookie.ts'

/**
 * The result of an answer. 2xx with a body of the endpoint's shape is a success; 2xx with any
 * other body, and any redirect, is `ERR_RESPONSE_INVALID`; the rest is a refusal, whatever its body.
 *
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function readAnswer<Answer>(
  endpoint: Endpoint<Answer>,
  answer: WireAnswer,
  tokenNames: TokenNames,
  now: number,
): Result<Answer> {
  const { status, headers } = answer
  // An empty body is an empty object: the service may answer a logout with 204.
  const body = answer.body === '' ? {} : parseJson(answer.body)
  if (status >= 400) {
    const error = refusal(status, body, oneOf(headers['retry-after']), now)
    return { ok: false, code: status, error }
  }
  if (status >= 300) {
    return {
      ok: false,
      code: 0,
      error: unusable(`is a redirect (${status}), which is not followed`),
    }
  }
  const parsed = endpoint.answer.safeParse(
    withCookieTokens(body, headers['set-cookie'], tokenNames),
  )
  if (parsed.success) return { ok: true, code: status, data: parsed.data }
  const error =
    body === undefined
      ? unusable('is not JSON')
      : unusable('is not what the call returns', parsed.error)
  return { ok: false, code: 0, error }
}

/** The JSON of a text; undefined when it is none. The parser's error quotes the text, so it goes. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

// In the service's cookie mode the tokens come as cookies and their fields are empty or absent.
// Their names are the server's choice (cookieName, sessionCookieName), the configured, or DS and DSR.
function withCookieTokens(
  body: unknown,
  lines: string | string[] | undefined,
  tokenNames: TokenNames,
): unknown {
  if (lines === undefined || typeof body !== 'object' || body === null) return body
  const fields = new Map<string, unknown>(Object.entries(body))
  const list = typeof lines === 'string' ? [lines] : lines
  const sessionJwt = tokenFrom(list, fields.get('sessionCookieName'), tokenNames.session, 'DS')
  const refreshJwt = tokenFrom(list, fields.get('cookieName'), tokenNames.refresh, 'DSR')
  return {
    ...body,
    ...(sessionJwt !== undefined && !fields.get('sessionJwt') ? { sessionJwt } : {}),
    ...(refreshJwt !== undefined && !fields.get('refreshJwt') ? { refreshJwt } : {}),
  }
}

function tokenFrom(
  lines: readonly string[],
  serverName: unknown,
  configuredName: string,
  defaultName: string,
): string | undefined {
  const named = typeof serverName === 'string' ? cookieFrom(lines, serverName) : undefined
  return named ?? cookieFrom(lines, configuredName) ?? cookieFrom(lines, defaultName)
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header
}
