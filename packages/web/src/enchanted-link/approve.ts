import { hashRandom, isOneTimeToken } from '@linkpass/core/internal'
import { redeemWithinLimit } from '../attempt/redemption-limits.ts'
import { readState } from '../attempt/state.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { type Decision, type Failure, isTemporary, responseTo } from '../failure.ts'
import { donePage } from '../pages/done-page.ts'
import { errorPage } from '../pages/error-page.ts'
import type { FormTarget } from '../pages/layout.ts'
import { approvePage } from '../pages/link-pages.ts'
import { reportedVerify } from '../report.ts'
import { readBody } from '../request/body.ts'
import { linkTokenOf } from '../request/link-token.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, json } from '../response/response.ts'
import { readinessFailure } from '../session/accept-sign-in.ts'
import { createOnce } from '../session/once.ts'
import { type AttemptRecord, attemptOf, countRefusal } from './attempt-record.ts'
import { type CodedAttempt, judgeCode } from './code.ts'
import { type AttemptState, type LinkRefusal, decide } from './decide.ts'

/** A link as its holder presents it, and how its attempt stands. */
interface OpenedLink {
  readonly token: string
  /** The state, if it was made here for an enchanted link. */
  readonly state: string | undefined
  readonly attempt: AttemptState
  /** Absent once the attempt is over. */
  readonly record?: AttemptRecord | undefined
  /** Absent where a button is enough. */
  readonly coded?: CodedAttempt | undefined
}

/**
 * `GET, HEAD /enchanted-link/verify/:state?t=`: who made the attempt, a field for the code, and two
 * buttons. A GET lets the waiting screen show the code.
 */
export async function showApproval(context: RouteContext, segment: string): Promise<WebResponse> {
  const token = linkTokenOf(context.target)
  if (token === undefined) return failureResponse(context, { kind: 'link-unknown' })
  const link = await openedLink(context, token, segment)
  const action = decide(link.attempt, 'open')
  if (action !== 'show') return refusedLink(context, action)
  if (link.coded && context.method === 'GET') await context.broker.opened(link.coded)
  return approvalPage(context, link)
}

/** `POST /enchanted-link/verify`: approves the attempt of another browser, or refuses it. */
export async function approveOrRefuse(context: RouteContext): Promise<WebResponse> {
  const body = await readBody(context, ['t', 'state', 'decision', 'code'])
  if (!body.ok) return failureResponse(context, body.failure)
  const token = body.fields.get('t')
  if (!isOneTimeToken(token)) return failureResponse(context, { kind: 'link-unknown' })
  const decision = body.fields.get('decision')
  if (decision !== 'approve' && decision !== 'refuse') {
    return failureResponse(context, { kind: 'bad-request', field: 'decision' })
  }
  const link = await openedLink(context, token, body.fields.get('state') ?? '')
  return decision === 'approve'
    ? approve(context, link, body.fields.get('code'))
    : refuse(context, link)
}

/** What is known of a link. A made-up or altered state costs no request to the store. */
async function openedLink(context: AuthContext, token: string, given: string): Promise<OpenedLink> {
  const { broker, sealer, settings } = context
  // Without a state there is no code to check.
  if (given === '' && settings.approval === 'button') {
    return { token, state: undefined, attempt: 'bare' }
  }
  if (readState(sealer, given)?.channel !== 'enchanted') {
    return { token, state: undefined, attempt: 'unknown' }
  }
  const record = await attemptOf(context, given)
  const known = { state: given, endsAt: record?.endsAt ?? 0 }
  const attempt = await broker.stateFor(known)
  const coded = record?.code === undefined ? undefined : { ...known, code: record.code }
  return { token, state: given, attempt, record, coded }
}

async function approve(
  context: RouteContext,
  link: OpenedLink,
  typed: string | undefined,
): Promise<WebResponse> {
  const action = decide(link.attempt, 'approve')
  if (action !== 'approve') return refusedLink(context, action)
  const outage = await readinessFailure(context)
  if (outage !== undefined) return notApproved(context, link, typed, outage)
  const { coded, state, token } = link
  const verdict = coded && (await judgeCode(context, coded, typed))
  if (verdict?.action === 'end-attempt') {
    const ended = decide(verdict.state, 'approve')
    return refusedLink(context, ended === 'approve' ? 'code-refused' : ended)
  }
  if (verdict !== undefined) {
    return acceptsPage(context)
      ? approvalPage(context, link, { mistaken: true, status: 400 })
      : failureResponse(context, verdict.failure)
  }
  const attempt = { state, isOfRequester: coded !== undefined }
  const verified = await redeemWithinLimit(context, attempt, () => verifyOnce(context, token))
  if (verified.ok) return decidedResponse(context, 'approved')
  return notApproved(context, link, typed, verified.failure)
}

const inTurn = createOnce<Decision>()
const approvedForMs = 60_000

/**
 * Approves by a token, once: a double click, on one instance or two, gets the outcome of its first request,
 * and so does a repeat within a minute. The service would say that the link was used.
 */
async function verifyOnce(context: AuthContext, token: string): Promise<Decision> {
  const { client, store } = context
  const key = `approval:${hashRandom(token)}`
  return inTurn(context, {
    name: `approval ${token}`,
    find: async () => {
      const found = await store.get(key).catch(() => undefined)
      return found === undefined ? undefined : { ok: true }
    },
    work: async () => {
      const result = await client.enchantedLink.verify(token)
      return result.ok ? { ok: true } : { ok: false, failure: reportedVerify(result.error) }
    },
    keep: () => store.set(key, 'approved', approvedForMs),
  })
}

// The state is known only to the mail and to the sealed cookie of the browser that waits, so whoever
// has it holds a link of the attempt. Which of the three links it is, the service alone could tell.
async function refuse(
  context: RouteContext,
  { attempt, state, record }: OpenedLink,
): Promise<WebResponse> {
  let action = decide(attempt, 'refuse')
  if (action === 'refuse' && state !== undefined && record !== undefined) {
    const ended = await context.broker.end({ state, endsAt: record.endsAt }, 'refused')
    action = decide(ended.state, 'refuse')
    // A double click is one refusal.
    if (ended.isNew) await countRefusal(context, record.pauseName)
  }
  if (action === 'refused') return decidedResponse(context, action)
  if (action === 'too-late') return decidedResponse(context, 'completed')
  return refusedLink(context, action === 'refuse' ? 'link-expired' : action)
}

function approvalPage(
  { client, settings }: AuthContext,
  link: OpenedLink,
  { mistaken = false, status = 200 }: { mistaken?: boolean; status?: number } = {},
): WebResponse {
  const { address, browser, at } = link.record ?? {}
  const page = approvePage({
    decide: approvalForm(settings, link),
    code: link.coded && { mistaken },
    account: address,
    browser,
    secondsAgo: at === undefined ? undefined : (client.settings.clock.now() - at) / 1000,
  })
  return pageResponse(page, status)
}

function refusedLink(context: RouteContext, refusal: LinkRefusal): WebResponse {
  if (refusal === 'already-completed') return decidedResponse(context, 'completed')
  if (refusal === 'code-refused') {
    return failureResponse(context, { kind: 'attempt-refused', reason: 'code' })
  }
  const kind = refusal === 'link-expired' ? 'link-used-or-expired' : refusal
  return failureResponse(context, { kind })
}

function notApproved(
  context: RouteContext,
  link: OpenedLink,
  typed: string | undefined,
  failure: Failure,
): WebResponse {
  const { settings } = context
  const fields = { decision: 'approve', ...(typed !== undefined && { code: typed }) }
  const again = approvalForm(settings, link, fields)
  const forward = failure.kind === 'unavailable' ? again : { url: settings.pages.signIn }
  if (isTemporary(failure) || !acceptsPage(context)) {
    return failureResponse(context, failure, forward)
  }
  // The service does not tell a wrong number from a used link, so the page mentions both.
  const page = errorPage('not-approved', forward)
  const { status } = responseTo(failure)
  return { ...pageResponse(page, status), failed: { failure, forward } }
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

/** The response to whoever has approved or refused: 200, or 409 after the completion; a page, or `{ "state" }`. */
export function decidedResponse(
  context: RouteContext,
  state: 'approved' | 'refused' | 'completed',
): WebResponse {
  // A refusal after the completion changes nothing, and the response must say so.
  const status = state === 'completed' ? 409 : 200
  if (!acceptsPage(context)) return json(status, { state })
  return pageResponse(donePage(state), status)
}
