import { type IssuedTokens, type Session, type SessionTokens, TokenError } from '@linkpass/core'
import {
  type Failure,
  outageFailure,
  hasCredentials,
  sessionCookies,
  strayCookies,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import type { AuthContext } from './context.ts'
import { writeCookies } from './cookies.ts'
import { credentialsOf } from './guard.ts'
import { reportCookies, reportRefusal } from './report.ts'

/** A sign-in that the service, our checks and the app agreed to. Its cookies are not set yet. */
export interface AcceptedSignIn {
  readonly session: Session
  readonly tokens: IssuedTokens
}

export type SignInDecision =
  | { readonly ok: true; readonly signIn: AcceptedSignIn }
  | { readonly ok: false; readonly failure: Failure }

/**
 * Decides on what the service answered a verification: both tokens must be this project's and one
 * person's, that of `userId` where one is named; then the app's `onSignIn` may still say no.
 */
export async function acceptSignIn(
  context: AuthContext,
  req: Request,
  answer: SessionTokens,
  userId?: string,
): Promise<SignInDecision> {
  const decision = await validateTokens(context, answer)
  if (!decision.ok) return decision
  const { session } = decision.signIn
  if (userId !== undefined && session.userId !== userId) {
    return { ok: false, failure: { kind: 'sign-in-refused' } }
  }
  try {
    const user = answer.user ?? { userId: session.userId, loginIds: [] }
    const firstSeen = answer.firstSeen ?? false
    await context.settings.onSignIn?.({ user, firstSeen, session, req })
  } catch (error) {
    reportRefusal('on-sign-in', error)
    return { ok: false, failure: { kind: 'sign-in-refused' } }
  }
  return decision
}

/** The part of it that asks nobody: whether both tokens are this project's, and one person's. */
export async function validateTokens(
  context: AuthContext,
  answer: SessionTokens,
): Promise<SignInDecision> {
  try {
    return { ok: true, signIn: await context.client.validateSignIn(answer) }
  } catch (error) {
    if (error instanceof TokenError) {
      reportRefusal('tokens', error)
      return { ok: false, failure: { kind: 'bad-response' } }
    }
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return { ok: false, failure }
  }
}

/**
 * Replaces the browser's session cookies by those of a sign-in, whoever's they were. What other
 * hosts or deployments left under their names is cleared, so that the new ones hold.
 */
export function keepSignIn(
  context: AuthContext,
  req: Request,
  res: Response,
  signIn: AcceptedSignIn,
): Failure | undefined {
  const { cookies } = context.settings
  const decision = sessionCookies(cookies, signIn.tokens, context.client.settings.clock.now())
  if (!decision.ok) {
    reportCookies(decision.failure)
    return decision.failure
  }
  if (hasCredentials(credentialsOf(req, cookies.names))) writeCookies(res, strayCookies(cookies))
  writeCookies(res, decision.cookies)
  return undefined
}
