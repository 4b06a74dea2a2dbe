import type { Failure, FailureCode } from '../failure.ts'
import type { Page, WayForward } from '../pages/layout.ts'
import type { CookieRecord } from './cookies.ts'

/** What a handler returns, as data. An adapter writes it; a HEAD request gets no body. */
export interface WebResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A response that carries one must be sent with `Cache-Control: no-store`. */
  readonly cookies: readonly CookieRecord[]
  /** Empty for none. */
  readonly body: string
  /** The page of a handler's response. It becomes the body in the language of the request, by `rendered`. */
  readonly page?: Page
  /** The failure that this responds to, for `onFailure`. */
  readonly failed?: FailedRequest
}

/** A failure, and where its page leads; JSON has no such way. */
export interface FailedRequest {
  readonly failure: Failure
  readonly forward?: WayForward
}

/** The argument of `onFailure`. `R` is the framework's request. */
export interface FailureEvent<R extends object> {
  /** The code that a JSON response has, such as `link_used_or_expired`. */
  readonly code: FailureCode
  /** The HTTP status of the built-in response. */
  readonly status: number
  /** The whole reason, for logs. A response should hold no more than `code`. */
  readonly failure: Failure
  /** Whether the built-in response is a page, and not JSON. */
  readonly isPage: boolean
  /** Where the built-in page leads: to an address, or by a form that repeats the request. */
  readonly forward: WayForward | undefined
  readonly req: R
}

/** A response of the app's own to a failure. */
export interface OwnResponse {
  /** @default that of the built-in response */
  readonly status?: number
  /** Such as `Location`. @default a `Content-Type` of HTML, and what the failure needs */
  readonly headers?: Readonly<Record<string, string>>
  /** @default empty */
  readonly body?: string
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

export function noContent(): WebResponse {
  return { status: 204, headers: noStore, cookies: [], body: '' }
}

/** The same response with more cookies, which go before those that it has: the last one wins. */
export function withCookies(response: WebResponse, cookies: readonly CookieRecord[]): WebResponse {
  if (cookies.length === 0) return response
  return { ...response, cookies: [...cookies, ...response.cookies] }
}
