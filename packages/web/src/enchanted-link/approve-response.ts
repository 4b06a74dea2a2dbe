import type { AuthContext, RouteContext } from '../context.ts'
import { type Failure, responseTo } from '../failure.ts'
import { approvePage } from '../pages/approve-page.ts'
import { donePage } from '../pages/done-page.ts'
import { errorPage } from '../pages/error-page.ts'
import type { FormTarget } from '../pages/layout.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, json } from '../response/response.ts'
import type { AttemptRecord } from './attempt-record.ts'
import type { AttemptState, LinkRefusal } from './decide.ts'

/** A link as its holder presents it, and how its attempt stands. */
export interface OpenedLink {
  readonly token: string
  /** The state, if it was made here for an enchanted link. */
  readonly state: string | undefined
  readonly attempt: AttemptState
  /** Absent once the attempt is over. */
  readonly record: AttemptRecord | undefined
}

/** The approval page. */
export function approvalPage(
  { client, settings }: AuthContext,
  link: OpenedLink,
  { mistaken = false, status = 200 }: { mistaken?: boolean; status?: number } = {},
): WebResponse {
  const { address, browser, at } = link.record ?? {}
  const page = approvePage({
    decide: approvalForm(settings, link),
    asksCode: link.record?.code !== undefined,
    mistaken,
    lifetimeMinutes: settings.linkLifetimes.enchanted,
    account: address,
    browser,
    secondsAgo: at === undefined ? undefined : (client.settings.clock.now() - at) / 1000,
  })
  return pageResponse(settings.brand, page, { posts: true, status })
}

/** The response to a link that neither approves nor shows anything. */
export function refusedLink(context: RouteContext, refusal: LinkRefusal): WebResponse {
  if (refusal === 'already-completed') return decidedResponse(context, 'completed')
  if (refusal === 'code-refused') {
    return failureResponse(context, { kind: 'attempt-refused', reason: 'code' })
  }
  const kind = refusal === 'link-expired' ? 'link-used-or-expired' : refusal
  return failureResponse(context, { kind })
}

/** The response where the service approved nothing. */
export function notApproved(
  context: RouteContext,
  link: OpenedLink & { readonly typed: string | undefined },
  failure: Failure,
): WebResponse {
  const { settings } = context
  const { typed } = link
  const again = approvalForm(settings, link, {
    decision: 'approve',
    ...(typed !== undefined && { code: typed }),
  })
  const forward = failure.kind === 'unavailable' ? again : { url: settings.pages.signIn }
  const isOfLink = failure.kind !== 'unavailable' && failure.kind !== 'too-many'
  if (!isOfLink || !acceptsPage(context)) {
    return failureResponse(context, failure, forward)
  }
  // The service does not tell a wrong number from a used link, so the page mentions both.
  const page = errorPage({ kind: 'not-approved', forward })
  const { status } = responseTo(failure)
  const response = pageResponse(settings.brand, page, { posts: false, status })
  return { ...response, failed: { failure, forward } }
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

/** The response to a decision about an attempt. */
export function decidedResponse(
  context: RouteContext,
  state: 'approved' | 'refused' | 'completed',
): WebResponse {
  const { settings } = context
  const { afterSignIn, signIn } = settings.pages
  // A refusal after the completion changes nothing, and the response must say so.
  const isTooLate = state === 'completed'
  const status = isTooLate ? 409 : 200
  if (!acceptsPage(context)) return json(status, { state })
  const page = donePage({ kind: state, url: isTooLate ? signIn : afterSignIn })
  return pageResponse(settings.brand, page, { posts: false, status })
}
