import type { AuthContext, RouteContext } from '../context.ts'
import { identify } from '../guard/identify.ts'
import { type WaitingModel, waitingPage } from '../pages/waiting-page.ts'
import { signInUrl } from '../paths.ts'
import { queryOf } from '../request/request-reader.ts'
import { senderNetwork } from '../request/sender-network.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, json, redirect } from '../response/response.ts'
import type { PendingState } from './broker.ts'
import { type PendingSignIn, pendingLeftMs, pendingOf } from './pending-sign-in.ts'

/** How long a page load waits for a decision. It has no script to ask again. */
const shortWaitMs = 300

/** `GET /waiting`: the number whose link is to be opened, or how the attempt ended. */
export async function showWaiting(context: RouteContext): Promise<WebResponse> {
  const pending = pendingOf(context)
  if (pending === undefined) {
    // Another tab may have completed it, so a signed-in user is not asked to sign in.
    const { outcome } = await identify(context.site, context.request)
    const { afterSignIn, signIn } = context.settings.pages
    return redirect(outcome.status === 'signed-in' ? afterSignIn : signIn)
  }
  // The page shows the code anyway, so it waits for a decision alone.
  const state = await statusWithin(context, pending, { waitMs: shortWaitMs, isCodeShown: true })
  const { code } = pending
  const page = waitingPage({
    ...waitingModel(context, pending),
    state: state === 'unavailable' || state === 'show-code' ? 'pending' : state,
    ...(state === 'show-code' && code !== undefined && { code }),
  })
  return pageResponse(page)
}

/** What the waiting page says of an attempt, whose routes are below `at`. */
export function waitingModel(
  { client, settings }: AuthContext,
  pending: PendingSignIn,
  at = '/enchanted-link',
): Omit<WaitingModel, 'state'> {
  const { basePath, linkLifetimes } = settings
  return {
    linkId: pending.linkId,
    address: pending.loginId,
    routes: basePath + at,
    startAgainUrl: signInUrl(settings, pending.returnTo),
    expiresInSeconds: Math.floor(pendingLeftMs(pending, client.settings.clock.now()) / 1000),
    lifetimeSeconds: pending.lifetimeMs / 1000,
    linkEnds: pending.lifetimeMs === (linkLifetimes.enchanted ?? 0) * 60_000,
  }
}

/** Long enough for few requests, and shorter than the time-outs of usual proxies. */
const longPollMs = 25_000

/**
 * `GET /enchanted-link/status`: how the attempt stands, once that changes or after 25 seconds. Once a link
 * was opened, it has the code. A browser that shows the code asks with `?code=shown`.
 */
export async function showStatus(context: RouteContext): Promise<WebResponse> {
  return statusResponse(context, pendingOf(context))
}

/**
 * How an attempt stands, for the browser that waits for it.
 *
 * @param ownCode the code of an attempt that shows it from the start @default that of `pending`, later
 */
export async function statusResponse(
  context: RouteContext,
  pending: PendingSignIn | undefined,
  ownCode?: string,
): Promise<WebResponse> {
  if (pending === undefined) return json(200, { state: 'expired' })
  const isCodeShown = queryOf(context.target).get('code') === 'shown'
  const isNews = ownCode !== undefined && !isCodeShown
  const waitMs = isNews || context.method === 'HEAD' ? 0 : longPollMs
  const state = await statusWithin(context, pending, { waitMs, isCodeShown })
  if (state === 'unavailable') {
    return failureResponse(context, { kind: 'unavailable', retryAfterSeconds: 5 })
  }
  if (state === 'pending') return json(200, { state, code: ownCode })
  if (state === 'show-code') return json(200, { state: 'pending', code: pending.code })
  return json(200, { state: state === 'code-refused' ? 'refused' : state })
}

/** How many requests wait at once in this process, for one attempt and for one sender. */
const maxPerAttempt = 4
const maxPerSender = 20

/** How an attempt stands. Without a wait where too many requests of the attempt or the sender wait. */
async function statusWithin(
  { broker, longPolls, read, request }: RouteContext,
  pending: PendingSignIn,
  { waitMs, isCodeShown }: { readonly waitMs: number; readonly isCodeShown: boolean },
): Promise<PendingState> {
  const sender = senderNetwork(read.ip(request) ?? '')
  const waiter = { signal: read.closed(request), isCodeShown, sender }
  const [ofAttempt, ofSender] = [`attempt ${pending.state}`, `sender ${sender}`]
  const areTooMany =
    longPolls.count(ofAttempt) >= maxPerAttempt || longPolls.count(ofSender) >= maxPerSender
  if (areTooMany) return broker.status(pending, 0, waiter)
  return longPolls.run([ofAttempt, ofSender], () => broker.status(pending, waitMs, waiter))
}
