import { type Result, type SessionTokens, KeySetError } from '@linkpass/core'
import {
  type Failure,
  type Start,
  decideLinkVisit,
  findStart,
  isLinkState,
  isLinkToken,
  linkTokenOf,
  verifyFailure,
  withUsedLink,
} from '@linkpass/core/web'
import type { Request, Response } from 'express'
import { type SignInDecision, acceptSignIn, keepSignIn } from './accept-sign-in.ts'
import { authenticate } from './authenticate.ts'
import { readBody } from './body.ts'
import { browserRecordFor, browserRecordOf, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { confirmPage } from './pages/confirm-page.ts'
import type { FormTarget } from './pages/layout.ts'
import { refuse } from './refuse.ts'
import { reportVerify } from './report.ts'
import type { RouteTable } from './route-table.ts'
import { pageAsset, sendAsset, sendPage } from './send-page.ts'

/** The routes of the callback, below `verifyPath`. */
export function verifyRoutes(context: AuthContext): RouteTable {
  const flights = new Map<string, Promise<SignInDecision>>()
  return {
    '/': {
      GET: (req, res) => visitLink(context, flights, req, res, undefined),
      POST: (req, res) => pressButton(context, flights, req, res),
    },
    '/:segment': {
      GET: (req, res, segment) => {
        const asset = pageAsset(context, segment)
        return asset === undefined
          ? visitLink(context, flights, req, res, segment)
          : sendAsset(res, asset)
      },
    },
  }
}

/** Verifications under way, by browser and link. */
type Flights = Map<string, Promise<SignInDecision>>

/** `GET, HEAD /verify/:state?t=`: what a visit may do is core's decision. */
async function visitLink(
  context: AuthContext,
  flights: Flights,
  req: Request,
  res: Response,
  segment: string | undefined,
): Promise<void> {
  const token = linkTokenOf(req.originalUrl)
  if (token === undefined) return refuse(context, req, res, { kind: 'link-unknown' })
  const state = isLinkState(segment) ? segment : undefined
  const record = browserRecordOf(context, req)
  const { outcome } = await authenticate(context, req, res)
  const visit = decideLinkVisit({
    request: req,
    link: context.sealer.fingerprint('link', token),
    state,
    record,
    signedInAs: outcome.status === 'signed-in' ? outcome.session.userId : undefined,
    confirm: context.settings.confirm,
    now: context.client.settings.clock.now(),
  })
  switch (visit.act) {
    case 'ask': {
      // A second tab of this browser will show the same name, and share one press with this one.
      if (record === undefined) {
        keepBrowserRecord(context, req, res, browserRecordFor(context, req))
      }
      const signedInAs = outcome.status === 'signed-in' ? nameOf(outcome.session.claims) : undefined
      const page = confirmPage(context.site, {
        purpose: visit.start?.purpose ?? 'sign-in',
        verify: verifyForm(context, token, state),
        ...(signedInAs !== undefined && { signedInAs }),
      })
      return sendPage(context, res, page, true)
    }
    case 'land':
      return land(context, res, visit.start)
    case 'spend':
      return spend(context, flights, req, res, { token, state, start: visit.start })
  }
}

/** `POST /verify`: the press of the button. */
async function pressButton(
  context: AuthContext,
  flights: Flights,
  req: Request,
  res: Response,
): Promise<void> {
  const body = await readBody(req, ['t', 'state'])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const token = body.fields.get('t')
  if (!isLinkToken(token)) return refuse(context, req, res, { kind: 'link-unknown' })
  const given = body.fields.get('state')
  const state = isLinkState(given) ? given : undefined
  const record = browserRecordOf(context, req)
  const start = record && state && findStart(record, state, context.client.settings.clock.now())
  return spend(context, flights, req, res, { token, state, start: start || undefined })
}

interface Press {
  readonly token: string
  readonly state: string | undefined
  readonly start: Start | undefined
}

async function spend(
  context: AuthContext,
  flights: Flights,
  req: Request,
  res: Response,
  press: Press,
): Promise<void> {
  const link = context.sealer.fingerprint('link', press.token)
  const record = browserRecordFor(context, req)
  const used = record.used.find((known) => known.link === link)
  if (used !== undefined) {
    const { outcome } = await authenticate(context, req, res)
    if (outcome.status === 'signed-in' && outcome.session.userId === used.userId) {
      return land(context, res, press.start)
    }
  }
  const decision = await shared(flights, `${record.browser} ${link}`, () =>
    verify(context, req, press),
  )
  const failure = decision.ok ? keepSignIn(context, req, res, decision.signIn) : decision.failure
  if (failure !== undefined || !decision.ok) {
    const again = failure?.kind === 'unavailable' || failure?.kind === 'too-many'
    const forward = again
      ? verifyForm(context, press.token, press.state)
      : { url: context.settings.pages.signIn }
    return refuse(context, req, res, failure ?? { kind: 'bad-answer' }, forward)
  }
  const { userId } = decision.signIn.session
  keepBrowserRecord(context, req, res, withUsedLink(record, { link, userId }))
  land(context, res, press.start)
}

async function verify(context: AuthContext, req: Request, press: Press): Promise<SignInDecision> {
  const { client } = context
  // A link spent while the keys are out of reach is a link lost: nothing could check its session.
  const unreachable = await keysFailure(context)
  if (unreachable !== undefined) return { ok: false, failure: unreachable }
  const verified: Result<SessionTokens> = await client.magicLink.verify(press.token)
  if (!verified.ok) {
    reportVerify(verified.error)
    return { ok: false, failure: verifyFailure(verified.error) }
  }
  return acceptSignIn(context, req, verified.data, press.start?.userId)
}

async function keysFailure(context: AuthContext): Promise<Failure | undefined> {
  try {
    await context.client.warmUp()
    return undefined
  } catch (error) {
    if (!(error instanceof KeySetError)) throw error
    return { kind: 'unavailable', retryAfterSeconds: error.retryAfterSeconds }
  }
}

/** One flight per key: a second press while the first is under way gets the first one's answer. */
async function shared(
  flights: Flights,
  key: string,
  start: () => Promise<SignInDecision>,
): Promise<SignInDecision> {
  const underWay = flights.get(key)
  if (underWay !== undefined) return underWay
  const flight = start()
  flights.set(key, flight)
  try {
    return await flight
  } finally {
    flights.delete(key)
  }
}

function verifyForm(context: AuthContext, token: string, state: string | undefined): FormTarget {
  return {
    action: context.settings.verifyPath,
    fields: { t: token, ...(state !== undefined && { state }) },
  }
}

function land(context: AuthContext, res: Response, start: Start | undefined): void {
  res.set('Cache-Control', 'no-store')
  res.redirect(303, start?.returnTo ?? context.settings.pages.afterSignIn)
}

function nameOf(claims: Readonly<Record<string, unknown>>): string | undefined {
  const { email, name, sub } = claims
  return [email, name, sub].find((value) => typeof value === 'string')
}
