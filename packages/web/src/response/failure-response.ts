import { checkOption, onlyKnown } from '@linkpass/core/internal'
import type { AuthContext, RouteContext } from '../context.ts'
import { type Failure, errorPageOf, isTemporary, responseTo } from '../failure.ts'
import { runHook, trustHint } from '../report.ts'
import { acceptsPage } from '../request/navigation.ts'
import { type CookieRecord, cookiesToClear } from './cookies.ts'
import { donePage } from '../pages/done-page.ts'
import { errorPage } from '../pages/error-page.ts'
import type { WayForward } from '../pages/layout.ts'
import { pageResponse } from './page-response.ts'
import { type OwnResponse, type WebResponse, json, withCookies } from './response.ts'

/**
 * The response to a failure: a page for a client that accepts one, else JSON. It clears the session cookies where
 * the session has certainly ended.
 *
 * @param forward where the page leads @default the sign-in page
 */
export function failureResponse(
  context: RouteContext,
  failure: Failure,
  forward: WayForward = { url: context.settings.pages.signIn },
): WebResponse {
  const response = acceptsPage(context)
    ? failurePageResponse(failure, forward)
    : failureJson(failure)
  return withCookies(response, clearedBy(context, failure))
}

export function failurePageResponse(failure: Failure, forward: WayForward): WebResponse {
  const { status, headers } = responseTo(failure)
  const kind = errorPageOf(failure)
  const url = 'url' in forward ? forward.url : forward.action
  const retryAfterSeconds = isTemporary(failure) ? Math.ceil(failure.retryAfterSeconds) : undefined
  const page =
    kind === undefined
      ? donePage('session-ended', url)
      : errorPage(kind, forward, retryAfterSeconds)
  return { ...pageResponse(page, status, headers), failed: { failure, forward } }
}

/** A failure as JSON: `{ error: code }`, and what helps to fix the request. */
export function failureJson(failure: Failure): WebResponse {
  const { status, code, headers } = responseTo(failure)
  const response = json(status, { error: code, ...detailOf(failure) }, headers)
  return { ...response, failed: { failure } }
}

/** The response of the app's own to a failure, where `onFailure` makes one, else the built-in one. */
export async function withOnFailure(
  { request: req, settings }: RouteContext,
  response: WebResponse,
): Promise<WebResponse> {
  if (settings.onFailure === undefined || response.failed === undefined) return response
  const { failure, forward } = response.failed
  const { code, status } = responseTo(failure)
  const isPage = forward !== undefined
  const event = { code, status, failure, isPage, forward, req }
  const hook = await runHook('on-failure', async () => {
    const own = await settings.onFailure?.(event)
    return own ? ownResponse(response, own) : response
  })
  return hook?.told ?? response
}

function ownResponse(builtIn: WebResponse, own: string | OwnResponse): WebResponse {
  const { cookies, failed } = builtIn
  const given = typeof own === 'string' ? { body: own } : own
  onlyKnown('onFailure', given, ['status', 'headers', 'body'])
  const { status = builtIn.status, headers = {}, body = '' } = given
  const isStatus = Number.isInteger(status) && status >= 200 && status <= 599
  const hasNoBody = [204, 205, 304].includes(status)
  const isBody = typeof body === 'string' && (body === '' || !hasNoBody)
  // The entries of Headers or a Map are no properties.
  checkOption(
    isStatus && isBody && !(Symbol.iterator in headers),
    'onFailure must return a page as a string, { status, headers, body } with plain headers, or nothing.',
  )
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value)
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const defaults = {
    ...(failed && responseTo(failed.failure).headers),
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    // The address of the request may hold a token.
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }
  const kept = Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()))
  return { status, headers: { ...Object.fromEntries(kept), ...headers }, cookies, body }
}

// RFC 9110 section 5. What an adapter could not send would cost the response, and its cookies.
function checkHeader(name: string, value: unknown): void {
  checkOption(
    !ofConnection.test(name),
    `onFailure: leave the header "${name}" out, since the server sets it.`,
  )
  const isName = /^[\w!#$%&'*+.^`|~-]+$/.test(name)
  checkOption(
    isName && typeof value === 'string' && /^[\t -~\u0080-\u00ff]*$/.test(value),
    `onFailure: the header "${name}" must be one line of Latin-1 text.`,
  )
}

// RFC 9110 section 7.6.1: they belong to a connection, as the length of a body does to its bytes.
const ofConnection =
  /^(?:connection|content-length|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i

/** The cookies that the response to a failure clears: a session that has ended, and nothing else. */
export function clearedBy({ settings }: AuthContext, failure: Failure): readonly CookieRecord[] {
  return cookiesToClear(settings.cookies, responseTo(failure).clear)
}

// Helps a caller to fix the request, and tells a forger nothing.
function detailOf(failure: Failure): object {
  if (failure.kind === 'bad-request') {
    return isPlainName(failure.field) ? { field: failure.field } : { message: takesTexts }
  }
  if (failure.kind === 'forbidden') return { missing: failure.missing }
  if (failure.kind === 'cross-site' && failure.origin !== undefined) {
    return { message: `For a front end of this app, ${trustHint(failure.origin)}` }
  }
  if (failure.kind === 'not-enabled') {
    return { message: `Switch this route on with ${failure.option} in the options of createAuth.` }
  }
  if (failure.kind === 'method-not-allowed') {
    return { message: `This route takes ${failure.allow}.` }
  }
  return failure.kind === 'unsupported-body' ? { message: takesForms } : {}
}

const takesTexts = 'Send a form or a JSON object, whose fields are texts and come once each.'
const takesForms =
  'Send JSON or a form, by its Content-Type. Of a FormData, send new URLSearchParams(new FormData(form)).'

function isPlainName(field: string | undefined): boolean {
  return field !== undefined && /^[\w.-]{1,64}$/.test(field)
}
