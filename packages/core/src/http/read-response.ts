import { parseJson } from '../jwt/json.ts'
import { isObject } from '../model/grants.ts'
import type { TokenNames } from '../options.ts'
import { failed, type Result } from '../result.ts'
import type { Endpoint } from './endpoints.ts'
import type { WireResponse } from './exchange.ts'
import { invalidResponse } from './request-error.ts'

/**
 * The result of a response with a status below 400: a success if its body matches the endpoint's schema;
 * `ERR_RESPONSE_INVALID` with any other body, and for any redirect.
 */
export function readResponse<Data>(
  endpoint: Endpoint<Data>,
  { status, headers, body: text }: WireResponse,
  tokenNames: TokenNames,
): Result<Data> {
  if (status >= 300)
    return failed(invalidResponse(`is a redirect (${status}), which is not followed`))
  // An empty body is an empty object: the response to a logout may be 204.
  const body = text === '' ? {} : parseJson(text)
  if (body === undefined) return failed(invalidResponse('is not JSON'))
  // An app may share zod, and have set texts that quote the value.
  const parsed = endpoint.response.safeParse(
    withCookieTokens(body, headers['set-cookie'], tokenNames),
    { error: () => 'not as expected' },
  )
  if (parsed.success) return { ok: true, code: status, data: parsed.data }
  // zod's error holds the response in a hidden property; its message has paths and types alone.
  const cause = new Error(parsed.error.message)
  return failed(invalidResponse('is not what the call returns', cause))
}

// In the service's cookie mode the tokens are cookies, and their fields are empty or absent. The names
// are those in the response (cookieName, sessionCookieName), the configured ones, or DS and DSR.
function withCookieTokens(
  body: unknown,
  setCookie: string | string[] | undefined,
  tokenNames: TokenNames,
): unknown {
  if (setCookie === undefined || !isObject(body)) return body
  const cookies = cookiesIn(typeof setCookie === 'string' ? [setCookie] : setCookie)
  const tokenIn = (...names: unknown[]) => names.map((name) => cookies.get(name)).find(Boolean)
  const { sessionCookieName, cookieName } = body
  return {
    ...body,
    sessionJwt: body['sessionJwt'] || tokenIn(sessionCookieName, tokenNames.session, 'DS'),
    refreshJwt: body['refreshJwt'] || tokenIn(cookieName, tokenNames.refresh, 'DSR'),
  }
}

/** The cookies in a list of Set-Cookie lines, by name: of each the first that is not empty. */
function cookiesIn(lines: readonly string[]): ReadonlyMap<unknown, string> {
  const cookies = new Map<unknown, string>()
  for (const line of lines) {
    const [pair = ''] = line.split(';', 1)
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(0, at)).trim()
    // RFC 6265 section 4.1.1 lets a value be quoted.
    const value = pair
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1')
    if (value !== '' && !cookies.has(name)) cookies.set(name, value)
  }
  return cookies
}
