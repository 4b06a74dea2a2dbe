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
import { type AttemptRecord, agoInWords, attemptOf } from './attempt-record.ts'
import { checkCode, parseCode } from './code.ts'
import { type AttemptState, type LinkRefusal, decide } from './decide.ts'
import { countRefusal } from './pause.ts'

/**
 * `GET, HEAD /enchanted-link/verify/:state?t=`: who made the attempt, a field for the code, and two
 * buttons. A GET lets the waiting screen show the code.
 */
export async function showApproval<R extends object>(
  context: AuthContext<R>,
  request: R,
  segment: string,
): Promise<WebResponse> {
  const token = linkTokenOf(context.read.target(request))
  if (token === undefined) return failureResponse(context, request, { kind: 'link-unknown' })
  const link = await openedLink(context, token, segment)
  const action = decide(link.attempt, 'open')
  if (action !== 'show') return refusedLink(context, request, action)
  const { record, state } = link
  const isOpened = context.read.method(request) === 'GET'
  if (isOpened && state !== undefined && record?.code !== undefined) {
    await context.broker.opened({ state, endsAt: record.endsAt })
  }
  return approvalPage(context, link)
}

function approvalPage<R extends object>(
  { client, pageSite, settings }: AuthContext<R>,
  link: OpenedLink,
  { mistaken = false, status = 200 } = {},
): WebResponse {
  const { address, browser, at } = link.record ?? {}
  const page = approvePage(pageSite, {
    decide: approvalForm(settings, link),
    asksCode: link.record?.code !== undefined,
    mistaken,
    lifetimeMinutes: settings.linkLifetimes.enchanted,
    ...(address !== undefined && { address }),
    ...(browser !== undefined && { browser }),
    ...(at !== undefined && { startedAt: agoInWords(at, client.settings.clock.now()) }),
  })
  return pageResponse(settings.brand, page, { posts: true, status })
}

/** `POST /enchanted-link/verify`: approves the attempt of another browser, or refuses it. */
export async function approveOrRefuse<R extends object>(
  context: AuthContext<R>,
  request: R,
): Promise<WebResponse> {
  const body = await readBody(context.read, request, ['t', 'state', 'decision', 'code'])
  if (!body.ok) return failureResponse(context, request, body.failure)
  const token = body.fields.get('t')
  if (!isOneTimeToken(token)) return failureResponse(context, request, { kind: 'link-unknown' })
  const decision = body.fields.get('decision')
  if (decision !== 'approve' && decision !== 'refuse') {
    return failureResponse(context, request, { kind: 'bad-request', field: 'decision' })
  }
  const link = await openedLink(context, token, body.fields.get('state') ?? '')
  return decision === 'approve'
    ? approve(context, request, link, body.fields.get('code'))
    : refuse(context, request, link)
}

/** A link as its holder presents it, and how its attempt stands. */
interface OpenedLink {
  readonly token: string
  /** The state, if it was made here for an enchanted link. */
  readonly state: string | undefined
  readonly attempt: AttemptState
  /** Absent once the attempt is over. */
  readonly record: AttemptRecord | undefined
}

/** What is known of a link. A made-up or altered state costs no request to the store. */
async function openedLink<R extends object>(
  context: AuthContext<R>,
  token: string,
  given: string,
): Promise<OpenedLink> {
  const { broker, sealer, settings } = context
  // Without a state there is no code to check.
  if (given === '' && settings.approval === 'button') {
    return { token, state: undefined, attempt: 'bare', record: undefined }
  }
  if (readState(sealer, given)?.channel !== 'enchanted') {
    return { token, state: undefined, attempt: 'unknown', record: undefined }
  }
  const record = await attemptOf(context, given)
  const attempt = await broker.stateFor({ state: given, endsAt: record?.endsAt ?? 0 })
  return { token, state: given, attempt, record }
}

async function approve<R extends object>(
  context: AuthContext<R>,
  request: R,
  link: OpenedLink,
  typed: string | undefined,
): Promise<WebResponse> {
  const action = decide(link.attempt, 'approve')
  if (action !== 'approve') return refusedLink(context, request, action)
  const stopped = await stoppedByCode(context, request, link, typed)
  if (stopped !== undefined) return stopped
  const verified = await context.client.enchantedLink.verify(link.token)
  if (verified.ok) return decidedResponse(context, request, 'approved')
  reportVerify(verified.error)
  return notApproved(context, request, { ...link, typed }, verifyFailure(verified.error))
}

/** The response where the code is missing or wrong; undefined where the approval may go on. */
async function stoppedByCode<R extends object>(
  context: AuthContext<R>,
  request: R,
  link: OpenedLink,
  typed: string | undefined,
): Promise<WebResponse | undefined> {
  const { record, state } = link
  if (record?.code === undefined || state === undefined) return undefined
  const code = parseCode(typed)
  const { endsAt } = record
  const leftMs = Math.max(1, endsAt - context.client.settings.clock.now())
  const action =
    code === undefined
      ? 'ask-again'
      : await checkCode(context, { state, code: record.code, leftMs }, code)
  if (action === 'approve') return undefined
  if (action === 'end-attempt') {
    const ended = decide(
      (await context.broker.end({ state, endsAt }, 'code-refused')).state,
      'approve',
    )
    return refusedLink(context, request, ended === 'approve' ? 'code-refused' : ended)
  }
  if (acceptsPage(factsOf(context.read, request))) {
    return approvalPage(context, link, { mistaken: true, status: 400 })
  }
  const failure: Failure =
    code === undefined ? { kind: 'bad-request', field: 'code' } : { kind: 'wrong-code' }
  return failureResponse(context, request, failure)
}

// The state is known only to the mail and to the sealed cookie of the browser that waits, so whoever
// has it holds a link of the attempt. Which of the three links it is, the service alone could tell.
async function refuse<R extends object>(
  context: AuthContext<R>,
  request: R,
  { attempt, state, record }: OpenedLink,
): Promise<WebResponse> {
  let action = decide(attempt, 'refuse')
  if (action === 'refuse' && state !== undefined && record !== undefined) {
    const ended = await context.broker.end({ state, endsAt: record.endsAt }, 'refused')
    action = decide(ended.state, 'refuse')
    // A double click is one refusal.
    if (ended.isNew) await countRefusal(context, record.pauseName)
  }
  switch (action) {
    case 'refuse':
    case 'link-expired':
      return refusedLink(context, request, 'link-expired')
    case 'link-unknown':
      return refusedLink(context, request, action)
    case 'refused':
      return decidedResponse(context, request, 'refused')
    case 'too-late':
      return decidedResponse(context, request, 'completed')
  }
}

/** The response to a link that neither approves nor shows anything. */
function refusedLink<R extends object>(
  context: AuthContext<R>,
  request: R,
  refusal: LinkRefusal,
): WebResponse {
  if (refusal === 'already-completed') return decidedResponse(context, request, 'completed')
  if (refusal === 'code-refused') {
    return failureResponse(context, request, { kind: 'attempt-refused', reason: 'code' })
  }
  const kind = refusal === 'link-expired' ? 'link-used-or-expired' : refusal
  return failureResponse(context, request, { kind })
}

function notApproved<R extends object>(
  context: AuthContext<R>,
  request: R,
  link: OpenedLink & { readonly typed: string | undefined },
  failure: Failure,
): WebResponse {
  const { pageSite, read, settings } = context
  const { typed } = link
  const again = approvalForm(settings, link, {
    decision: 'approve',
    ...(typed !== undefined && { code: typed }),
  })
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

function approvalForm(
  settings: { readonly basePath: string },
  { token, state }: OpenedLink,
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
