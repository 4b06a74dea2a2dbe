import { isOneTimeToken } from '@linkpass/core/internal'
import {
  browserRecordCookie,
  browserRecordFor,
  browserRecordOf,
} from '../attempt/browser-record.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { decidedResponse } from '../enchanted-link/approve.ts'
import { judgeCode } from '../enchanted-link/code.ts'
import { type Failure, isTemporary } from '../failure.ts'
import type { FormTarget } from '../pages/layout.ts'
import { changedPage, confirmPage } from '../pages/link-pages.ts'
import { signInUrl } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { linkTokenOf } from '../request/link-token.ts'
import { maskLoginId } from '../request/login-id.ts'
import { acceptsPage, isPrefetch, isTopLevelNavigation } from '../request/navigation.ts'
import { type RequestFacts } from '../request/request-reader.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import { type LinkAction, type Opening, decideConfirm, decideOpen, givesSession } from './decide.ts'
import { type OpenedLink, kindOfLink, readLink, redeem } from './redeem.ts'

/** `GET, HEAD /verify/:state?t=`: a link was opened. {@link decideOpen} says what that does. */
export async function openLink(context: RouteContext, segment: string): Promise<WebResponse> {
  const state = segment || undefined
  const token = linkTokenOf(context.target)
  const kind = kindOfLink(context, state)
  if (token === undefined || kind === undefined) {
    return failureResponse(context, { kind: 'link-unknown' })
  }
  const link = await readLink(context, { token, state, kind })
  const opening = { navigation: navigationOf(context), confirm: context.settings.confirm }
  return carryOut(context, link, decideOpen(link.facts, opening))
}

/** `POST /verify`: the button of the confirmation page. {@link decideConfirm} says what it does. */
export async function confirmLink(context: RouteContext): Promise<WebResponse> {
  const body = await readBody(context, ['t', 'state', 'code'])
  if (!body.ok) return failureResponse(context, body.failure)
  const token = body.fields.get('t')
  const state = body.fields.get('state')
  const kind = kindOfLink(context, state)
  if (!isOneTimeToken(token) || kind === undefined) {
    return failureResponse(context, { kind: 'link-unknown' })
  }
  const link = await readLink(context, { token, state, kind })
  // The confirmation page set a cookie. If it did not come back, no session would be kept, and the
  // link would be redeemed for nothing. A program that posts by itself is not asked for it.
  const isWithoutCookies = browserRecordOf(context) === undefined
  if (isWithoutCookies && givesSession(link.facts) && acceptsPage(context)) {
    return confirmResponse(context, link, { withoutCookies: true, status: 400 })
  }
  const action = decideConfirm(link.facts)
  return action === 'approve'
    ? approve(context, link, body.fields.get('code'))
    : carryOut(context, link, action)
}

function carryOut(
  context: RouteContext,
  link: OpenedLink,
  action: Exclude<LinkAction, 'approve'>,
): WebResponse | Promise<WebResponse> {
  if (action === 'page') return confirmResponse(context, link)
  if (action === 'redirect') return doneResponse(context, link)
  return action === 'redeem' ? redeemed(context, link) : failed(context, link, failures[action])
}

const failures = {
  ended: { kind: 'attempt-ended' },
  over: { kind: 'link-used-or-expired' },
  'code-refused': { kind: 'attempt-refused', reason: 'code' },
  unavailable: { kind: 'unavailable', retryAfterSeconds: 5 },
} as const

function navigationOf(request: RequestFacts): Opening['navigation'] {
  if (request.method !== 'GET' || isPrefetch(request)) return 'ahead'
  return isTopLevelNavigation(request) ? 'top-level' : 'other'
}

async function redeemed(context: RouteContext, link: OpenedLink): Promise<WebResponse> {
  const result = await redeem(context, link)
  if (!result.ok) return failed(context, link, result.failure)
  const response = givesSession(link.facts)
    ? doneResponse(context, link)
    : changedResponse(context, link)
  return withCookies(response, result.cookies)
}

/** Redeems the token of a step-up for the browser that waits. This one gets no cookie. */
async function approve(
  context: RouteContext,
  link: OpenedLink,
  typed: string | undefined,
): Promise<WebResponse> {
  const { coded } = link
  if (coded === undefined) return failed(context, link, { kind: 'attempt-ended' })
  const verdict = await judgeCode(context, coded, typed)
  if (verdict?.action === 'end-attempt') return carryOut(context, link, 'code-refused')
  if (verdict !== undefined) {
    const mistaken = verdict.action === 'ask-again'
    return acceptsPage(context)
      ? confirmResponse(context, link, { mistaken, status: 400 })
      : failureResponse(context, verdict.failure)
  }
  const result = await redeem(context, link)
  if (!result.ok) return failed(context, link, result.failure)
  await context.broker.approve(coded, result.received)
  return decidedResponse(context, 'approved')
}

// The page with one button.
function confirmResponse(
  context: RouteContext,
  link: OpenedLink,
  how: { withoutCookies?: boolean; mistaken?: boolean; status?: number } = {},
): WebResponse {
  const { client } = context
  const { facts, bound, session } = link
  const { withoutCookies = false, mistaken = false, status = 200 } = how
  const signedInAs = session?.email ?? session?.name ?? session?.userId
  const page = confirmPage({
    kind: facts.kind,
    verify: verifyForm(context, link),
    withoutCookies,
    ...(bound && {
      account: bound.account,
      address: maskLoginId(bound.address),
      browser: bound.requestedFrom,
      secondsAgo: (client.settings.clock.now() - bound.createdAt) / 1000,
    }),
    ...(!facts.isAsking && facts.kind === 'step-up' && { code: { mistaken } }),
    ...(signedInAs !== undefined && { signedInAs }),
  })
  // The cookie names the browser, so that two tabs of it share one confirmation.
  const cookie = browserRecordCookie(context, browserRecordFor(context))
  return withCookies(pageResponse(page, status), [cookie])
}

// A temporary failure is retried with the same link. Any other needs a new link.
function failed(context: RouteContext, link: OpenedLink, failure: Failure): WebResponse {
  const { settings } = context
  const returnTo = link.attempt?.returnTo
  const url = returnTo === undefined ? settings.pages.signIn : signInUrl(settings, returnTo)
  const forward = isTemporary(failure) ? verifyForm(context, link) : { url }
  return failureResponse(context, failure, forward)
}

function verifyForm({ settings }: AuthContext, { token, state }: OpenedLink): FormTarget {
  return {
    action: settings.verifyPath,
    fields: { t: token, ...(state !== undefined && { state }) },
  }
}

// Goes where the user was going.
function doneResponse(context: RouteContext, { attempt }: OpenedLink): WebResponse {
  const redirectTo = attempt?.returnTo ?? context.settings.pages.afterSignIn
  const isProgram = context.method === 'POST' && !acceptsPage(context)
  return isProgram ? json(200, { redirectTo }) : redirect(redirectTo)
}

// Tells another browser than the one that asked what was changed, and gives it no session.
function changedResponse(context: RouteContext, { facts, bound }: OpenedLink): WebResponse {
  const changed = facts.kind === 'change-phone' ? 'phone' : 'email'
  const address = maskLoginId(bound?.address ?? '')
  const account = bound?.account ?? ''
  if (!acceptsPage(context)) return json(200, { changed, account })
  return pageResponse(changedPage(changed, address, account))
}
