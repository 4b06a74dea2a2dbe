import {
  type Failure,
  type HandOver,
  type Start,
  createHandOver,
  outageFailure,
  verifyFailure,
  withUsedLink,
} from '@linkpass/core/web'
import type { Request, Response } from 'express'
import { type SignInDecision, acceptSignIn, keepSignIn, validateTokens } from './accept-sign-in.ts'
import { authenticate } from './authenticate.ts'
import { browserRecordFor, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { reportVerify } from './report.ts'

/** A link whose token is to be spent, and the start it belongs to, if this browser made it. */
export interface Press {
  readonly token: string
  readonly start: Start | undefined
}

/** Spends the token of a link for one browser; the failure, or undefined once cookies are set. */
export type SpendLink = (req: Request, res: Response, press: Press) => Promise<Failure | undefined>

/**
 * Makes the one function that spends tokens. Whatever a person presses twice, in one tab or two, is
 * one verification and one `onSignIn`: the second joins the first while it is under way, and gets
 * its outcome from the store for a minute after. Another browser gets neither, because both are
 * filed under the random name in this browser's sealed cookie.
 */
export function createSpendLink(context: AuthContext): SpendLink {
  const flights = new Map<string, Promise<SignInDecision>>()
  const verified = createHandOver(context.store, context.sealer, 'verified')

  return async (req, res, press) => {
    const link = context.sealer.fingerprint('link', press.token)
    const record = browserRecordFor(context, req)
    const used = record.used.find((known) => known.link === link)
    if (used !== undefined && (await holds(context, req, res, used.userId))) return undefined
    const mine = `${record.browser} ${press.token}`
    const decision = await shared(flights, mine, () =>
      verifyOnce(context, req, press, verified, mine),
    )
    if (!decision.ok) return decision.failure
    const failure = keepSignIn(context, req, res, decision.signIn)
    if (failure !== undefined) return failure
    const { userId } = decision.signIn.session
    keepBrowserRecord(context, req, res, withUsedLink(record, { link, userId }))
    return undefined
  }
}

/** Whether the session that a link made in this browser still holds. */
async function holds(
  context: AuthContext,
  req: Request,
  res: Response,
  userId: string,
): Promise<boolean> {
  const { outcome } = await authenticate(context, req, res)
  return outcome.status === 'signed-in' && outcome.session.userId === userId
}

async function verifyOnce(
  context: AuthContext,
  req: Request,
  press: Press,
  verified: HandOver,
  mine: string,
): Promise<SignInDecision> {
  // A link spent while the keys are out of reach is a link lost: nothing could check its session.
  const unreachable = await keysFailure(context)
  if (unreachable !== undefined) return { ok: false, failure: unreachable }
  const known = await verified.find(mine).catch(() => undefined)
  if (known !== undefined) return validateTokens(context, known)
  const result = await context.client.magicLink.verify(press.token)
  if (!result.ok) {
    reportVerify(result.error)
    return { ok: false, failure: verifyFailure(result.error) }
  }
  const decision = await acceptSignIn(context, req, result.data, press.start?.userId)
  // What the app refused is not kept; without a store, a second press is told that it was used.
  if (decision.ok) await verified.keep(mine, result.data).catch(() => {})
  return decision
}

async function keysFailure(context: AuthContext): Promise<Failure | undefined> {
  try {
    await context.client.warmUp()
    return undefined
  } catch (error) {
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return failure
  }
}

/** One flight per key. */
async function shared(
  flights: Map<string, Promise<SignInDecision>>,
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
