import { isOneTimeToken } from '@linkpass/core/internal'
import { readState } from '../attempt/state.ts'
import type { AuthContext } from '../context.ts'
import { type Failure, responseTo } from '../failure.ts'
import { approvePage } from '../pages/approve-page.ts'
import { donePage } from '../pages/done-page.ts'
import { errorPage } from '../pages/error-page.ts'
import type { FormTarget } from '../pages/layout.ts'
import { reportVerify } from '../report.ts'
import { readBody } from '../request/body.ts'
import { linkTokenOf } from '../request/link-token.ts'
import { acceptsPage } from '../request/navigation.ts'
import { factsOf } from '../request/request-reader.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, json } from '../response/response.ts'
import { verifyFailure } from '../service-failure.ts'
import { agoInWords, requesterOf } from './requester.ts'

/** `GET, HEAD /enchanted-link/verify/:state?t=`: who made the attempt, and two buttons. */
export async function showApproval<R extends object>(
  context: AuthContext<R>,
  request: R,
  segment: string,
): Promise<WebResponse> {
  const { client, pageSite, read, settings } = context
  const token = linkTokenOf(read.target(request))
  if (token === undefined) return failureResponse(context, request, { kind: 'link-unknown' })
  const state = validState(context, segment)
  const [refused, { address, browser, at }] = await Promise.all([
    isRefused(context, state),
    requesterOf(context, state),
  ])
  if (refused) return failureResponse(context, request, { kind: 'attempt-refused' })
  const page = approvePage(pageSite, {
    decide: approvalForm(context, { token, state }),
    lifetimeMinutes: settings.linkLifetimes.enchanted,
    ...(address !== undefined && { address }),
    ...(browser !== undefined && { browser }),
    ...(at !== undefined && { startedAt: agoInWords(at, client.settings.clock.now()) }),
  })
  return pageResponse(settings.brand, page, { posts: true })
}

/** `POST /enchanted-link/verify`: approves the attempt of another browser, or refuses it. */
export async function approveOrRefuse<R extends object>(
  context: AuthContext<R>,
  request: R,
): Promise<WebResponse> {
  const body = await readBody(context.read, request, ['t', 'state', 'decision'])
  if (!body.ok) return failureResponse(context, request, body.failure)
  const token = body.fields.get('t')
  const given = body.fields.get('state')
  const state = validState(context, given)
  if (!isOneTimeToken(token)) return failureResponse(context, request, { kind: 'link-unknown' })
  const decision = body.fields.get('decision')
  if (decision === 'approve') return approve(context, request, { token, state })
  if (decision === 'refuse') return refuse(context, request, state)
  return failureResponse(context, request, { kind: 'bad-request', field: 'decision' })
}

interface ApprovalLink {
  readonly token: string
  readonly state: string | undefined
}

async function approve<R extends object>(
  context: AuthContext<R>,
  request: R,
  link: ApprovalLink,
): Promise<WebResponse> {
  if (await isRefused(context, link.state)) {
    return failureResponse(context, request, { kind: 'attempt-refused' })
  }
  const verified = await context.client.enchantedLink.verify(link.token)
  if (verified.ok) return decidedResponse(context, request, 'approved')
  reportVerify(verified.error)
  return notApproved(context, request, link, verifyFailure(verified.error))
}

async function refuse<R extends object>(
  context: AuthContext<R>,
  request: R,
  state: string | undefined,
): Promise<WebResponse> {
  // Without a state there is no attempt to refuse, and the response must not claim one.
  if (state === undefined) return failureResponse(context, request, { kind: 'link-unknown' })
  const isStopped = await context.broker.refuse(state)
  return decidedResponse(context, request, isStopped ? 'refused' : 'completed')
}

function notApproved<R extends object>(
  context: AuthContext<R>,
  request: R,
  link: ApprovalLink,
  failure: Failure,
): WebResponse {
  const { pageSite, read, settings } = context
  const again = approvalForm(context, link, { decision: 'approve' })
  const forward = failure.kind === 'unavailable' ? again : { url: settings.pages.signIn }
  const isOfLink = failure.kind !== 'unavailable' && failure.kind !== 'too-many'
  if (!isOfLink || !acceptsPage(factsOf(read, request))) {
    return failureResponse(context, request, failure, forward)
  }
  // The service does not tell a wrong number from a used link, so the page mentions both.
  const page = errorPage(pageSite, { kind: 'not-approved', forward })
  const { status } = responseTo(failure)
  return pageResponse(settings.brand, page, { posts: false, status })
}

// If the store is unavailable, the refusal is checked again before a browser gets the session.
async function isRefused<R extends object>(
  { broker }: AuthContext<R>,
  state: string | undefined,
): Promise<boolean> {
  return state !== undefined && (await broker.isRefused(state).catch(() => false))
}

function approvalForm<R extends object>(
  { settings }: AuthContext<R>,
  { token, state }: ApprovalLink,
  fields: Readonly<Record<string, string>> = {},
): FormTarget {
  return {
    action: `${settings.basePath}/enchanted-link/verify`,
    fields: { t: token, ...(state !== undefined && { state }), ...fields },
  }
}

function decidedResponse<R extends object>(
  { pageSite, read, settings }: AuthContext<R>,
  request: R,
  state: 'approved' | 'refused' | 'completed',
): WebResponse {
  // A refusal after the completion changes nothing, and the response must say so.
  const isTooLate = state === 'completed'
  const status = isTooLate ? 409 : 200
  if (!acceptsPage(factsOf(read, request))) return json(status, { state })
  const forward = { url: settings.pages.signIn, label: 'Sign in' }
  const page = donePage(pageSite, { kind: state, ...(isTooLate && { forward }) })
  return pageResponse(settings.brand, page, { posts: false, status })
}

/** The state, if it was made here for an enchanted link. */
function validState<R extends object>(
  { sealer }: AuthContext<R>,
  state: string | undefined,
): string | undefined {
  return readState(sealer, state)?.channel === 'enchanted' ? state : undefined
}
