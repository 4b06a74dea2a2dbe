import type { TokenClaims } from '@linkpass/core'
import { isOneTimeToken } from '@linkpass/core/internal'
import {
  browserRecordCookie,
  browserRecordFor,
  browserRecordOf,
} from '../attempt/browser-cookie.ts'
import { findAttempt } from '../attempt/browser-record.ts'
import { purposeOf } from '../attempt/purpose.ts'
import { readState } from '../attempt/state.ts'
import type { AuthContext } from '../context.ts'
import { type Failure, isTemporary } from '../failure.ts'
import { identify } from '../guard/identify.ts'
import { confirmPage } from '../pages/confirm-page.ts'
import type { FormTarget } from '../pages/layout.ts'
import { signInUrl } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { linkTokenOf } from '../request/link-token.ts'
import { acceptsPage } from '../request/navigation.ts'
import { factsOf } from '../request/request-reader.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import { decideLinkVisit } from './link-visit.ts'
import type { OpenedLink, Redeem } from './redeem.ts'

/** `GET, HEAD /verify/:state?t=`: a link was opened. {@link decideLinkVisit} says what that does. */
export async function openLink<R extends object>(
  context: AuthContext<R>,
  redeem: Redeem<R>,
  request: R,
  segment: string | undefined,
): Promise<WebResponse> {
  const { read, sealer, settings, client } = context
  const token = linkTokenOf(read.target(request))
  if (token === undefined || !isKnown(context, segment)) {
    return failureResponse(context, request, { kind: 'link-unknown' })
  }
  const state = segment
  const links = sealer.fingerprints('link', token)
  const { outcome } = await identify(context.site, request)
  const session = outcome.status === 'signed-in' ? outcome.session : undefined
  const { action, attempt } = decideLinkVisit({
    request: factsOf(read, request),
    links,
    state,
    record: browserRecordOf(context, request),
    signedInAs: session?.userId,
    undecided: outcome.status === 'unavailable',
    confirm: settings.confirm,
    now: client.settings.clock.now(),
  })
  const link = { token, links, state, attempt }
  switch (action) {
    case 'confirm':
      return confirmResponse(context, request, link, { signedIn: session?.claims })
    case 'redirect':
      return doneResponse(context, request, link)
    case 'redeem':
      return redeemed(context, redeem, request, link)
  }
}

/** `POST /verify`: the button of the confirmation page. */
export async function confirmLink<R extends object>(
  context: AuthContext<R>,
  redeem: Redeem<R>,
  request: R,
): Promise<WebResponse> {
  const { read, sealer, client } = context
  const body = await readBody(read, request, ['t', 'state'])
  if (!body.ok) return failureResponse(context, request, body.failure)
  const token = body.fields.get('t')
  const state = body.fields.get('state')
  if (!isOneTimeToken(token) || !isKnown(context, state)) {
    return failureResponse(context, request, { kind: 'link-unknown' })
  }
  const record = browserRecordOf(context, request)
  const now = client.settings.clock.now()
  const attempt = record && state ? findAttempt(record, state, now) : undefined
  const link = { token, links: sealer.fingerprints('link', token), state, attempt }
  // The confirmation page set a cookie. If it did not come back, no session would be kept, and the
  // link would be redeemed for nothing. A program that posts by itself is not asked for it.
  if (record === undefined && acceptsPage(factsOf(read, request))) {
    return confirmResponse(context, request, link, { withoutCookies: true })
  }
  return redeemed(context, redeem, request, link)
}

async function redeemed<R extends object>(
  context: AuthContext<R>,
  redeem: Redeem<R>,
  request: R,
  link: OpenedLink,
): Promise<WebResponse> {
  const result = await redeem(request, link)
  if (result.ok) return withCookies(doneResponse(context, request, link), result.cookies)
  return failureResponse(
    context,
    request,
    result.failure,
    wayForward(context, result.failure, link),
  )
}

// The page with one button.
async function confirmResponse<R extends object>(
  context: AuthContext<R>,
  request: R,
  link: OpenedLink,
  {
    signedIn,
    withoutCookies = false,
  }: { signedIn?: TokenClaims | undefined; withoutCookies?: boolean },
): Promise<WebResponse> {
  const { settings, pageSite } = context
  const signedInAs = [signedIn?.['email'], signedIn?.['name'], signedIn?.sub].find(isText)
  const { purpose, method } = link.attempt ?? (await purposeOf(context, link.state)) ?? {}
  const page = confirmPage(pageSite, {
    purpose,
    method,
    verify: verifyForm(context, link),
    withoutCookies,
    lifetimeMinutes: settings.linkLifetimes.magic,
    ...(signedInAs !== undefined && { signedInAs }),
  })
  const response = pageResponse(settings.brand, page, {
    posts: true,
    status: withoutCookies ? 400 : 200,
  })
  // The cookie names the browser, so that two tabs of it share one confirmation.
  const record = browserRecordFor(context, request)
  return withCookies(response, [browserRecordCookie(context, request, record)])
}

// A temporary failure is retried with the same link. Any other needs a new link.
function wayForward<R extends object>(
  context: AuthContext<R>,
  failure: Failure,
  link: OpenedLink,
): FormTarget | { readonly url: string } {
  if (isTemporary(failure)) return verifyForm(context, link)
  const { settings } = context
  const { attempt } = link
  return { url: attempt ? signInUrl(settings, attempt.returnTo) : settings.pages.signIn }
}

function verifyForm<R extends object>(
  { settings }: AuthContext<R>,
  { token, state }: OpenedLink,
): FormTarget {
  return {
    action: settings.verifyPath,
    fields: { t: token, ...(state !== undefined && { state }) },
  }
}

// Goes where the user was going.
function doneResponse<R extends object>(
  { read, settings }: AuthContext<R>,
  request: R,
  { attempt }: OpenedLink,
): WebResponse {
  const redirectTo = attempt?.returnTo ?? settings.pages.afterSignIn
  const facts = factsOf(read, request)
  const isProgram = facts.method === 'POST' && !acceptsPage(facts)
  return isProgram ? json(200, { redirectTo }) : redirect(redirectTo)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether the state was made here for a magic link. None at all is for the app to allow. */
function isKnown<R extends object>(
  { sealer, settings }: AuthContext<R>,
  state: string | undefined,
): boolean {
  if (state === undefined) return settings.allowBareLinks
  return readState(sealer, state)?.channel === 'magic'
}
