import {
  type CookieRecord,
  type GuardDecision,
  type WebResponse,
  setCookieLine,
  setCookieLines,
} from '@linkpass/web'

/** Makes a response. One to a HEAD request has no body. */
export function responseTo(
  request: Request,
  { status, headers, cookies, body }: WebResponse,
): Response {
  const isEmpty = body === '' || request.method === 'HEAD'
  return withCookies(new Response(isEmpty ? null : body, { status, headers }), cookies)
}

/**
 * Adds cookies to a response. One that carries a cookie must be stored by no cache: a shared cache would
 * sign the next visitor in as this user.
 */
export function withCookies(response: Response, cookies: readonly CookieRecord[]): Response {
  return withHeaders(response, (headers) => {
    setCookies(headers, headers.getSetCookie(), cookies.map(setCookieLine))
    if (headers.has('Set-Cookie')) headers.set('Cache-Control', 'no-store')
  })
}

/**
 * Adds what a guard decided. Its cookies go before those of the response, which was made later: of one
 * name the last one wins, such as one that a sign-out clears.
 */
export function withDecision(
  response: Response,
  { cookies, cacheControl }: Pick<GuardDecision, 'cookies' | 'cacheControl'>,
): Response {
  // Reading `headers` at all costs a server that keeps them as a plain object until then.
  if (cookies.length === 0 && cacheControl === undefined) return response
  return withHeaders(response, (headers) => {
    if (cookies.length > 0) {
      setCookies(headers, cookies.map(setCookieLine), headers.getSetCookie())
      headers.set('Cache-Control', 'no-store')
    } else if (cacheControl !== undefined && !headers.has('Cache-Control')) {
      headers.set('Cache-Control', cacheControl)
    }
  })
}

function setCookies(headers: Headers, earlier: string[], later: string[]): void {
  headers.delete('Set-Cookie')
  for (const line of setCookieLines(earlier, later)) headers.append('Set-Cookie', line)
}

// The headers of a redirect, or of a response that was fetched, are immutable: then a copy gets them.
function withHeaders(response: Response, change: (headers: Headers) => void): Response {
  try {
    change(response.headers)
    return response
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const copy = new Response(response.body, response)
    change(copy.headers)
    return copy
  }
}
