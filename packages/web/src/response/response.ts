import type { CookieRecord } from './cookies.ts'

/** What a handler returns, as data. An adapter writes it; a HEAD request gets no body. */
export interface WebResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A response that carries one must be sent with `Cache-Control: no-store`. */
  readonly cookies: readonly CookieRecord[]
  /** Empty for none. */
  readonly body: string
}

const noStore = { 'Cache-Control': 'no-store' } as const

/** A JSON response that no cache stores. */
export function json(
  status: number,
  data: object,
  headers: Readonly<Record<string, string>> = {},
): WebResponse {
  return {
    status,
    headers: {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      ...noStore,
    },
    cookies: [],
    body: JSON.stringify(data),
  }
}

/** Sends the browser to a path of the app with a GET (303, RFC 9110 section 15.4.4). */
export function redirect(location: string): WebResponse {
  // The address of the request may hold a token.
  const headers = { Location: location, 'Referrer-Policy': 'no-referrer', ...noStore }
  return { status: 303, headers, cookies: [], body: '' }
}

/** A response without a body. */
export function noContent(): WebResponse {
  return { status: 204, headers: noStore, cookies: [], body: '' }
}

/** The same response with more cookies, which go before those that it has: the last one wins. */
export function withCookies(response: WebResponse, cookies: readonly CookieRecord[]): WebResponse {
  if (cookies.length === 0) return response
  return { ...response, cookies: [...cookies, ...response.cookies] }
}
