import type { AuthContext, RouteContext } from '../context.ts'
import { type Failure, responseTo } from '../failure.ts'
import { trustHint } from '../report.ts'
import { acceptsPage } from '../request/navigation.ts'
import { type CookieRecord, cookiesToClear } from './cookies.ts'
import { type WayForward, failurePage } from './failure-page.ts'
import { pageResponse } from './page-response.ts'
import { type WebResponse, json, withCookies } from './response.ts'

/**
 * The response to a failure: a page for a client that accepts one, else JSON. It clears the session
 * cookies where the session has certainly ended.
 *
 * @param forward where the page leads @default the sign-in page
 */
export function failureResponse(
  context: RouteContext,
  failure: Failure,
  forward: WayForward = { url: context.settings.pages.signIn },
): WebResponse {
  const response = acceptsPage(context)
    ? failurePageResponse(context, failure, forward)
    : failureJson(failure)
  return withCookies(response, clearedBy(context, failure))
}

/** The page for a failure. */
export function failurePageResponse(
  { settings, pageSite }: AuthContext,
  failure: Failure,
  forward: WayForward,
): WebResponse {
  const { status, headers } = responseTo(failure)
  return pageResponse(settings.brand, failurePage(pageSite, failure, forward), {
    posts: 'action' in forward,
    status,
    headers,
  })
}

/** A failure as JSON: `{ error: code }`, and what helps to fix the request. */
export function failureJson(failure: Failure): WebResponse {
  const { status, code, headers } = responseTo(failure)
  return json(status, { error: code, ...detailOf(failure) }, headers)
}

/** The cookies that the response to a failure clears: a session that has ended, and nothing else. */
export function clearedBy({ settings }: AuthContext, failure: Failure): readonly CookieRecord[] {
  return cookiesToClear(settings.cookies, responseTo(failure).clear)
}

// Helps a caller to fix the request, and tells a forger nothing.
function detailOf(failure: Failure): object {
  if (failure.kind === 'bad-request' && isPlainName(failure.field)) return { field: failure.field }
  if (failure.kind === 'forbidden') return { missing: failure.missing }
  if (failure.kind === 'cross-site' && failure.origin !== undefined) {
    return { message: `For a front end of this app, ${trustHint(failure.origin)}` }
  }
  if (failure.kind === 'not-enabled') {
    return { message: `Switch this route on with ${failure.option} in the options of createAuth.` }
  }
  return {}
}

function isPlainName(field: string | undefined): boolean {
  return field !== undefined && /^[\w.-]{1,64}$/.test(field)
}
