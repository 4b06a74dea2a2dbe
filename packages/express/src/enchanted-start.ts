import {
  type PendingSignIn,
  randomLinkId,
  maskLoginId,
  pendingLeftMs,
  pendingLifetimeMs,
  randomState,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import { keepAskedBy } from './asked-by.ts'
import { authenticate } from './authenticate.ts'
import { wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { type WaitingState, waitingPage } from './pages/waiting-page.ts'
import { keepPending, pendingOf } from './pending-cookie.ts'
import { refuse } from './refuse.ts'
import { askForLink, sendLink } from './send-link.ts'
import { sendPage } from './send-page.ts'
import { refuseSending, refuseStart } from './sign-in-route.ts'
import { readStartForm } from './start-form.ts'
import { signInUrl } from './start-link.ts'

/**
 * `POST /enchanted-link`: mails three numbered links. 202 with the number and a masked address for
 * JSON callers, a 303 to the waiting page for forms. For an address that the service refuses the
 * number is made up, and nothing ever comes of it.
 */
export async function postEnchantedLink(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<void> {
  const read = await readStartForm(context, req, ['email'])
  if (!read.ok) return refuseStart(context, req, res, read)
  const { loginId, returnTo, profile } = read.form
  const { app, basePath, pages } = context.settings
  const state = randomState()
  const uri = `${app.origin}${basePath}/enchanted-link/verify/${state}`
  const sent = await sendLink(context, req, loginId, () =>
    askForLink(context, req, context.client.enchantedLink, { loginId, uri, profile }),
  )
  if (!sent.ok) {
    const { form } = read
    return refuseSending(context, req, res, sent.failure, { route: '/enchanted-link', form })
  }
  const { linkId = randomLinkId(), pendingRef } = sent.answer ?? {}
  const createdAt = context.client.settings.clock.now()
  const lifetimeMs = pendingLifetimeMs(context.settings.linkLifetimes.enchanted)
  const failure = keepPending(context, res, {
    ...{ state, linkId, loginId, returnTo, createdAt, lifetimeMs },
    ...(pendingRef !== undefined && { pendingRef }),
  })
  if (failure !== undefined) return refuse(context, req, res, failure)
  // The approval page does without, if it must.
  await keepAskedBy(context, req, state, loginId).catch(() => {})
  res.set('Cache-Control', 'no-store')
  if (wantsPage(req)) return res.redirect(303, pages.waiting)
  res.status(202).json({ linkId, maskedEmail: maskLoginId(loginId) })
}

/** How long a page load without script waits for news. */
const shortWaitMs = 300

/** `GET /waiting`: the number to press, or what came of it. */
export async function getWaiting(context: AuthContext, req: Request, res: Response): Promise<void> {
  const pending = pendingOf(context, req)
  if (pending === undefined) {
    // Another tab may have completed it: whoever is signed in is not asked to sign in.
    const { outcome } = await authenticate(context, req, res)
    const { afterSignIn, signIn } = context.settings.pages
    return res.redirect(303, outcome.status === 'signed-in' ? afterSignIn : signIn)
  }
  const state = await context.broker.status(pending, shortWaitMs)
  const page = waitingPage(context.site, {
    ...modelOf(context, pending),
    state: state === 'unavailable' ? 'pending' : state,
  })
  sendPage(context, res, page, true)
}

function modelOf(
  context: AuthContext,
  pending: PendingSignIn,
): Omit<Parameters<typeof waitingPage>[1], 'state'> {
  const { basePath, linkLifetimes } = context.settings
  const now = context.client.settings.clock.now()
  return {
    linkId: pending.linkId,
    address: pending.loginId,
    statusUrl: `${basePath}/enchanted-link/status`,
    complete: { action: `${basePath}/enchanted-link/complete` },
    startAgainUrl: signInUrl(context, pending.returnTo),
    expiresInSeconds: Math.floor(pendingLeftMs(pending, now) / 1000),
    lifetimeSeconds: pending.lifetimeMs / 1000,
    linkEnds: pending.lifetimeMs === (linkLifetimes.enchanted ?? 0) * 60_000,
  }
}

/** Long enough to be quiet, short enough for the proxies between. */
const longPollMs = 25_000

/** `GET /enchanted-link/status`: how it stands, as soon as it changes or after 25 seconds. */
export async function getStatus(context: AuthContext, req: Request, res: Response): Promise<void> {
  const pending = pendingOf(context, req)
  const state = await (pending === undefined ? 'expired' : stateFor(context, req, res, pending))
  if (state === 'unavailable') {
    return refuse(context, req, res, { kind: 'unavailable', retryAfterSeconds: 5 })
  }
  res.set('Cache-Control', 'no-store').json({ state } satisfies { state: WaitingState })
}

function stateFor(
  context: AuthContext,
  req: Request,
  res: Response,
  pending: PendingSignIn,
): ReturnType<AuthContext['broker']['status']> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  return context.broker.status(pending, req.method === 'HEAD' ? 0 : longPollMs, gone.signal)
}
