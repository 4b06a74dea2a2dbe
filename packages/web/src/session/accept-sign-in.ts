import {
  type EndSession,
  type IssuedTokens,
  type Session,
  type SessionTokens,
  TokenError,
  type TokensToEnd,
} from '@linkpass/core'
import { canonicalLoginId } from '@linkpass/core/internal'
import { endAttemptsOf } from '../attempt/bound-attempt.ts'
import type { AttemptKind } from '../attempt/state.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import type { Decision, Failure } from '../failure.ts'
import { credentialsOf, knownIdentity } from '../guard/identify.ts'
import { reportInvalidTokens, reportLogout, reportedOutage, runHook } from '../report.ts'
import { bearerToken, hasCredentials, tokensToEnd } from '../request/credentials.ts'
import { type CookieDecision, sessionCookies, strayCookies } from '../response/cookies.ts'

/** A sign-in that the service, our checks and the app accepted. Its cookies are not set yet. */
export interface AcceptedSignIn {
  readonly session: Session
  readonly tokens: IssuedTokens
  /** The service's response, which the tokens are of. */
  readonly received: SessionTokens
}

export type SignInDecision = Decision<{ readonly signIn: AcceptedSignIn }>

/** A change of an account that a link has made. */
export interface AccountChange {
  readonly kind: 'email' | 'phone'
  readonly address: string
}

export interface Expected {
  /** The only user whose session may result. @default any user */
  readonly userId?: string | undefined
  /** What the link was for. @default 'sign-in' */
  readonly purpose?: AttemptKind
  readonly change?: AccountChange | undefined
  /** Whether this browser gets the session. @default true */
  readonly isForThisBrowser?: boolean
}

/**
 * Decides on the service's response to a verification: both tokens must be of this project and of one user, that
 * of `userId` where one is named. `onAccountChange` then learns of a change, if the service made it. If this
 * browser gets the session, `onSignIn` may still refuse.
 */
export async function acceptSignIn(
  context: RouteContext,
  verified: SessionTokens,
  { userId, purpose = 'sign-in', change, isForThisBrowser = true }: Expected,
): Promise<SignInDecision> {
  const decision = await validateTokens(context, verified)
  if (!decision.ok) return decision
  const { session } = decision.signIn
  if (session.userId !== (userId ?? session.userId)) return refused
  // The link was one for a step-up, and its state was taken off or replaced.
  if (purpose === 'sign-in' && session.claims['su'] === true) return refused
  if (change && isUnmade(change, verified)) return refused
  if (change !== undefined) {
    const event = { ...change, userId: session.userId, req: context.request }
    await runHook('on-account-change', () => context.settings.onAccountChange?.(event))
  }
  // A session of the app's own is begun with each response that takes one: see `signInCookies`.
  if (!isForThisBrowser || context.settings.session === 'none') return decision
  if (!(await isAccepted(context, decision.signIn, purpose))) return refused
  if (hasCredentials(credentialsOf(context.site, context.request))) {
    // What another user requested in this browser must not be confirmed any more. Where this fails, the
    // browser itself still refuses it, since its user has changed.
    await endAttemptsOf(context, { nextUserId: session.userId }).catch(() => {})
  }
  return decision
}

// The link was another one, and its state was replaced by that of a change. Login IDs and addresses that are
// not verified prove nothing: anyone can sign up at the service with those of another user.
function isUnmade({ kind, address }: AccountChange, { user }: SessionTokens): boolean {
  if (user === undefined) return false
  const { email, phone, verifiedEmail, verifiedPhone } = user
  const isEmail = kind === 'email'
  const isVerified = (isEmail ? verifiedEmail : verifiedPhone) ?? true
  const current = (isEmail ? email : phone) ?? ''
  return !isVerified || canonicalLoginId(current) !== canonicalLoginId(address)
}

async function isAccepted(
  { request: req, settings }: RouteContext,
  { received, session }: AcceptedSignIn,
  purpose: AttemptKind,
): Promise<boolean> {
  const { onSignIn } = settings
  if (onSignIn === undefined) return true
  const user = received.user ?? { userId: session.userId, loginIds: [] }
  const firstSeen = received.firstSeen ?? false
  const hook = (): unknown => onSignIn({ purpose, user, firstSeen, session, req })
  return (await runHook('on-sign-in', hook)) !== undefined
}

const refused = { ok: false, failure: { kind: 'sign-in-refused' } } as const

/** Whether both tokens are of this project and of one user. Runs no hook of the app. */
export async function validateTokens(
  { client }: AuthContext,
  tokens: SessionTokens,
): Promise<SignInDecision> {
  try {
    return { ok: true, signIn: { ...(await client.validateSignIn(tokens)), received: tokens } }
  } catch (error) {
    if (error instanceof TokenError) {
      // The response that brought the tokens told the service's time.
      if (!(await client.isClockRight())) return { ok: false, failure: wrongClock }
      reportInvalidTokens(error)
      return { ok: false, failure: { kind: 'bad-response' } }
    }
    return { ok: false, failure: outageOf(error) }
  }
}

/**
 * The cookies that replace the browser's session by that of a sign-in, whichever user it had; the old
 * session is ended. Cookies that other hosts or deployments left under the same names are cleared, so
 * that the new ones count.
 *
 * An app that keeps a session of its own begins it in `onSignIn` instead, once for each response: a
 * browser that sends a request twice drops the first response, and its cookies with it.
 *
 * @param hasEnded whether the session that asked has ended by now, or the sign-in itself
 */
export async function signInCookies(
  context: RouteContext,
  signIn: AcceptedSignIn,
  purpose: AttemptKind,
  hasEnded: () => Promise<boolean>,
): Promise<CookieDecision> {
  const { client, request, settings, site } = context
  const { cookies } = settings
  // Before the old session is ended, since an unavailable store leaves the user signed in.
  if (await hasEnded()) return refuseEnded(context, signIn, purpose)
  if (settings.session === 'none') {
    return (await isAccepted(context, signIn, 'sign-in')) ? { ok: true, cookies: [] } : refused
  }
  const { tokens } = signIn
  const kept = sessionCookies(cookies, tokens, client.settings.clock.now())
  if (!kept.ok || !hasCredentials(credentialsOf(site, request))) return kept
  const old = presentedTokens(context).refreshJwts.filter((jwt) => jwt !== tokens.refreshJwt)
  if (old.length > 0) await endTokens(context, { sessionJwts: [], refreshJwts: old }, 'replaced')
  // That took a while. An unavailable store keeps the new session, since there is no other any more.
  if (await hasEnded().catch(() => false)) return refuseEnded(context, signIn, purpose)
  return { ok: true, cookies: [...strayCookies(cookies), ...kept.cookies] }
}

/**
 * Refuses a new session, and ends it if the one that it was for has ended meanwhile. That of a sign-in goes
 * on: only a repeat is refused, and the response before has handed it out.
 */
async function refuseEnded(
  context: RouteContext,
  signIn: AcceptedSignIn,
  purpose: AttemptKind,
): Promise<Extract<CookieDecision, { ok: false }>> {
  if (purpose !== 'sign-in') await endIssued(context, signIn)
  return { ok: false, failure: { kind: 'attempt-ended' } }
}

/** Ends a session that was issued and is not handed out. */
export async function endIssued(
  context: AuthContext,
  { tokens: { sessionJwt, refreshJwt } }: Pick<AcceptedSignIn, 'tokens'>,
): Promise<void> {
  const issued = { sessionJwts: [sessionJwt], refreshJwts: [refreshJwt] }
  await endTokens(context, issued, 'this-session')
}

/** How long a sign-in waits until another session is ended. */
const endingTimeoutMs = 2000

/** Ends sessions. A failure is reported, and the sign-in goes on. */
async function endTokens(
  { client }: AuthContext,
  ...[tokens, scope]: Parameters<EndSession>
): Promise<void> {
  const limited = client.with({ timeoutMs: endingTimeoutMs })
  const { errors } = await limited.endSession(tokens, scope)
  reportLogout(errors)
}

/**
 * Why nothing may be redeemed now; undefined when new tokens can be checked here. While the keys are
 * unavailable or the clock is wrong, a link would be lost: its session could not be accepted.
 */
export async function readinessFailure({ client }: AuthContext): Promise<Failure | undefined> {
  try {
    await client.warmUp()
    return (await client.isClockRight()) ? undefined : wrongClock
  } catch (error) {
    return outageOf(error)
  }
}

/** The failure of an outage, reported; any other error is thrown again. */
export function outageOf(error: unknown): Failure {
  const failure = reportedOutage(error)
  if (failure === undefined) throw error
  return failure
}

/** The failure of a clock that is too wrong to check a token. */
const wrongClock: Failure = { kind: 'unavailable', retryAfterSeconds: 10 }

/** The tokens of the cookies and of a Bearer header, and what a guard in front of the router has traded them for. */
export function presentedTokens({ header, request, settings, site }: RouteContext): TokensToEnd {
  if (settings.session === 'none') return { sessionJwts: [], refreshJwts: [] }
  const outcome = knownIdentity(site, request)?.outcome
  const refreshed = outcome?.status === 'signed-in' ? outcome.refreshed : undefined
  const { sessionJwts, refreshJwts } = tokensToEnd(header('cookie') ?? '', settings.cookies.names)
  const bearer = bearerToken(header('authorization'))
  return {
    sessionJwts: [...sessionJwts, bearer, refreshed?.sessionJwt].filter((jwt) => jwt !== undefined),
    refreshJwts: [...new Set([...refreshJwts, ...(refreshed ? [refreshed.refreshJwt] : [])])],
  }
}
