import {
  type PendingSignIn,
  responseTo,
  isAttemptState,
  isOneTimeToken,
  linkTokenOf,
  verifyFailure,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import { type AcceptOnce, createAcceptOnce } from './accept-once.ts'
import { keepSignIn } from './accept-sign-in.ts'
import { agoInWords, askedBy } from './asked-by.ts'
import { readBody, wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { approvePage } from './pages/approve-page.ts'
import { donePage } from './pages/done-page.ts'
import { errorPage } from './pages/error-page.ts'
import type { FormTarget } from './pages/layout.ts'
import { dropPending, pendingOf } from './pending-cookie.ts'
import { refuse } from './refuse.ts'
import { reportVerify } from './report.ts'
import type { Handle } from './route-table.ts'
import { sendPage } from './send-page.ts'

/** `GET, HEAD /enchanted-link/verify/:state?t=`: all there is to judge by, and two buttons. */
export async function getApproval(
  context: AuthContext,
  req: Request,
  res: Response,
  segment: string,
): Promise<void> {
  const token = linkTokenOf(req.originalUrl)
  if (token === undefined) return refuse(context, req, res, { kind: 'link-unknown' })
  const state = isAttemptState(segment) ? segment : undefined
  const [refused, asked] = await Promise.all([isRefused(context, state), askedBy(context, state)])
  if (refused) return refuse(context, req, res, { kind: 'attempt-refused' })
  const { address, browser, at } = asked
  const page = approvePage(context.site, {
    decide: approvalForm(context, token, state),
    lifetimeMinutes: context.settings.linkLifetimes.enchanted,
    ...(address !== undefined && { address }),
    ...(browser !== undefined && { browser }),
    ...(at !== undefined && { startedAt: agoInWords(at, context.client.settings.clock.now()) }),
  })
  sendPage(context, res, page, true)
}

/** `POST /enchanted-link/verify`: approves the sign-in of another screen, or stops it. */
export async function postApproval(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<void> {
  const body = await readBody(req, ['t', 'state', 'decision'])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const [token, given, decision] = ['t', 'state', 'decision'].map((name) => body.fields.get(name))
  const state = isAttemptState(given) ? given : undefined
  if (!isOneTimeToken(token)) return refuse(context, req, res, { kind: 'link-unknown' })
  if (decision === 'refuse') {
    // Without the state there is nothing to stop, and saying otherwise would be a lie.
    if (state === undefined) return refuse(context, req, res, { kind: 'link-unknown' })
    const stopped = await context.broker.refuse(state)
    return answerDone(context, req, res, stopped ? 'refused' : 'completed')
  }
  if (decision !== 'approve') {
    return refuse(context, req, res, { kind: 'bad-request', field: 'decision' })
  }
  if (await isRefused(context, state)) return refuse(context, req, res, { kind: 'attempt-refused' })
  const verified = await context.client.enchantedLink.verify(token)
  if (verified.ok) return answerDone(context, req, res, 'approved')
  reportVerify(verified.error)
  const failure = verifyFailure(verified.error)
  const forward =
    failure.kind === 'unavailable'
      ? approvalForm(context, token, state, { decision })
      : { url: context.settings.pages.signIn }
  if (wantsPage(req) && failure.kind !== 'unavailable' && failure.kind !== 'too-many') {
    // The service does not tell a wrong number from a spent link, so the page speaks of both.
    res.status(responseTo(failure).status)
    const page = errorPage(context.site, { kind: 'not-approved', forward })
    return sendPage(context, res, page, false)
  }
  refuse(context, req, res, failure, forward)
}

// With the store out of reach it is asked again before anybody is given the session.
async function isRefused({ broker }: AuthContext, state: string | undefined): Promise<boolean> {
  return state !== undefined && (await broker.isRefused(state).catch(() => false))
}

function approvalForm(
  context: AuthContext,
  token: string,
  state: string | undefined,
  fields: Readonly<Record<string, string>> = {},
): FormTarget {
  return {
    action: `${context.settings.basePath}/enchanted-link/verify`,
    fields: { t: token, ...(state !== undefined && { state }), ...fields },
  }
}

function answerDone(
  context: AuthContext,
  req: Request,
  res: Response,
  kind: 'approved' | 'refused' | 'completed',
): void {
  // Whoever says no too late has to hear that it changed nothing.
  const isLate = kind === 'completed'
  if (isLate) res.status(409)
  if (wantsPage(req)) {
    const forward = { url: context.settings.pages.signIn, label: 'Sign in' }
    const page = donePage(context.site, { kind, ...(isLate && { forward }) })
    return sendPage(context, res, page, false)
  }
  res.set('Cache-Control', 'no-store').json({ state: kind })
}

/**
 * `POST /enchanted-link/complete`: gives the session to the browser that asked for it. A 303 for
 * forms, `{ redirectTo }` for JSON callers; 409 with the state while there is no session to give.
 */
export function completeRoute(context: AuthContext): Handle {
  const acceptOnce = createAcceptOnce(context, 'completed')
  return (req, res) => complete(context, acceptOnce, req, res)
}

async function complete(
  context: AuthContext,
  acceptOnce: AcceptOnce,
  req: Request,
  res: Response,
): Promise<void> {
  const body = await readBody(req, [])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const pending = pendingOf(context, req)
  const tokens = pending && (await context.broker.take(pending))
  if (pending === undefined || tokens === undefined) return answerNotYet(context, req, res, pending)
  const decision = await acceptOnce(req, {
    secret: `${pending.state} ${pending.pendingRef}`,
    bring: async () => ({ ok: true, tokens }),
  })
  if (!decision.ok) return refuse(context, req, res, decision.failure)
  const failure = keepSignIn(context, req, res, decision.signIn)
  if (failure !== undefined) return refuse(context, req, res, failure)
  dropPending(context, res)
  await context.broker.completed(pending.state)
  await context.sendLimiter?.forgive(pending.loginId)
  if (wantsPage(req)) return res.redirect(303, pending.returnTo)
  res.json({ redirectTo: pending.returnTo })
}

async function answerNotYet(
  context: AuthContext,
  req: Request,
  res: Response,
  pending: PendingSignIn | undefined,
): Promise<void> {
  res.set('Cache-Control', 'no-store')
  if (wantsPage(req)) return res.redirect(303, context.settings.pages.waiting)
  const state = pending === undefined ? 'expired' : await context.broker.status(pending, 0)
  res.status(409).json({ state })
}
