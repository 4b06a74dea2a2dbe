import { type IssuedTokens, type Session, type SessionTokens, TokenError } from '@linkpass/core'
import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { credentialsOf } from '../guard/identify.ts'
import { reportInvalidTokens, reportLogout, reportOnSignIn } from '../report.ts'
import { hasCredentials } from '../request/credentials.ts'
import { type CookieDecision, keepSession, strayCookies } from '../response/cookies.ts'
import { outageFailure } from '../service-failure.ts'
import { presentedTokens } from './presented-tokens.ts'

/** A sign-in that the service, our checks and the app accepted. Its cookies are not set yet. */
export interface AcceptedSignIn {
  readonly session: Session
  readonly tokens: IssuedTokens
}

export type SignInDecision =
  | { readonly ok: true; readonly signIn: AcceptedSignIn }
  | { readonly ok: false; readonly failure: Failure }

/**
 * Decides on the service's response to a verification: both tokens must be of this project and of one
 * user, that of `userId` where one is named. Then the app's `onSignIn` may still refuse.
 */
export async function acceptSignIn<R extends object>(
  context: AuthContext<R>,
  request: R,
  verified: SessionTokens,
  userId?: string,
): Promise<SignInDecision> {
  const decision = await validateTokens(context, verified)
  if (!decision.ok) return decision
  const { session } = decision.signIn
  if (userId !== undefined && session.userId !== userId) {
    return { ok: false, failure: { kind: 'sign-in-refused' } }
  }
  try {
    const user = verified.user ?? { userId: session.userId, loginIds: [] }
    const firstSeen = verified.firstSeen ?? false
    await context.settings.onSignIn?.({ user, firstSeen, session, req: request })
  } catch (error) {
    reportOnSignIn(error)
    return { ok: false, failure: { kind: 'sign-in-refused' } }
  }
  return decision
}

/** Whether both tokens are of this project and of one user. Runs no hook of the app. */
export async function validateTokens<R extends object>(
  { client }: AuthContext<R>,
  tokens: SessionTokens,
): Promise<SignInDecision> {
  try {
    return { ok: true, signIn: await client.validateSignIn(tokens) }
  } catch (error) {
    if (error instanceof TokenError) {
      reportInvalidTokens(error)
      return { ok: false, failure: { kind: 'bad-response' } }
    }
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return { ok: false, failure }
  }
}

/**
 * The cookies that replace the browser's session by that of a sign-in, whichever user it had; the old
 * session is ended. Cookies that other hosts or deployments left under the same names are cleared, so
 * that the new ones count.
 */
export async function signInCookies<R extends object>(
  context: AuthContext<R>,
  request: R,
  { tokens }: AcceptedSignIn,
): Promise<CookieDecision> {
  const { client, settings, site } = context
  const { cookies } = settings
  const kept = keepSession(cookies, tokens, client.settings.clock.now())
  if (kept.ok) await endReplaced(context, request, tokens)
  if (!kept.ok || !hasCredentials(credentialsOf(site, request))) return kept
  return { ok: true, cookies: [...strayCookies(cookies), ...kept.cookies] }
}

/** How long a sign-in waits until the session that it replaces is ended. */
const replacedTimeoutMs = 2000

/** Ends the old session of the browser. A failure is reported, and the sign-in goes on. */
async function endReplaced<R extends object>(
  context: AuthContext<R>,
  request: R,
  { refreshJwt }: IssuedTokens,
): Promise<void> {
  const old = presentedTokens(context, request).refreshJwts.filter((jwt) => jwt !== refreshJwt)
  if (old.length === 0) return
  const limited = context.client.with({ timeoutMs: replacedTimeoutMs })
  const { errors } = await limited.endSession({ sessionJwts: [], refreshJwts: old }, 'replaced')
  for (const error of errors) reportLogout(error)
}
