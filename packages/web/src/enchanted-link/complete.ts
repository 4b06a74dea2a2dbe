import type { Session, SessionTokens } from '@linkpass/core'
import { hasEndedIn } from '../attempt/bound-attempt.ts'
import { browserRecordCookie, browserRecordFor, withUsedLink } from '../attempt/browser-record.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import { type CookieRecord, sealedCookie } from '../response/cookies.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import { type Acceptance, type TokensDecision, acceptOnce } from '../session/accept-once.ts'
import { type Expected, signInCookies } from '../session/accept-sign-in.ts'
import { type Action, decide } from './decide.ts'
import { type PendingSignIn, pendingEndsAt, pendingOf } from './pending-sign-in.ts'

/**
 * `POST /enchanted-link/complete`: gives the session to the browser that made the attempt. A 303 for
 * forms, `{ redirectTo }` for JSON clients; 409 with the state while there is no session to give. The
 * attempt ends with it: the pending cookie can repeat it for a minute, and is worth nothing after.
 */
export async function complete(context: RouteContext): Promise<WebResponse> {
  const body = await readBody(context, [])
  if (!body.ok) return failureResponse(context, body.failure)
  return completeAttempt(context, {
    kind: 'completed',
    pending: pendingOf(context),
    waitingPage: context.settings.pages.waiting,
    // A copy of the pending cookie repeats no sign-in after a logout; an unavailable store keeps no one
    // from one.
    hasEnded: ({ state }, session) =>
      hasEndedIn(context, `attempt ${state}`, session).catch(() => false),
    cookiesFor: ({ state }, { userId }) => {
      // Notes the attempt in this browser, whose logout ends it.
      const record = withUsedLink(browserRecordFor(context), { link: state, userId, state })
      const cleared = sealedCookie(context.settings.cookies, 'pending', '', 0)
      return [cleared, browserRecordCookie(context, record)]
    },
  })
}

export interface Completion {
  readonly kind: Acceptance['kind']
  readonly pending: PendingSignIn | undefined
  readonly waitingPage: string
  /** @default any sign-in */
  readonly expected?: Expected
  /** Whether the session that asked has ended by now, or the sign-in itself. */
  readonly hasEnded: (pending: PendingSignIn, session: Session) => Promise<boolean>
  readonly cookiesFor: (pending: PendingSignIn, session: Session) => readonly CookieRecord[]
}

/** Gives the session of an approved attempt to the browser that waits for it. */
export async function completeAttempt(
  context: RouteContext,
  { kind, pending, waitingPage, expected, hasEnded, cookiesFor }: Completion,
): Promise<WebResponse> {
  const isPage = acceptsPage(context)
  const notYet = (state: Action<'ask'>): WebResponse =>
    isPage ? redirect(waitingPage) : json(409, { state: state === 'show-code' ? 'pending' : state })
  if (pending === undefined) return notYet('expired')
  const { state, tokens } = await context.broker.take(pending)
  const action = decide(state, 'complete')
  const refusal = refusalOf(action)
  if (refusal !== undefined) return failureResponse(context, refusal)
  if (action !== 'complete') return notYet(decide(state, 'ask'))
  if (tokens === undefined) return notYet('expired')
  const decision = await acceptOnce(context, {
    ...expected,
    kind,
    secret: `${pending.state} ${pending.pendingRef}`,
    obtain: () => completeFirst(context, pending, tokens),
  })
  if (!decision.ok) return failureResponse(context, decision.failure)
  const { signIn } = decision
  const kept = await signInCookies(context, signIn, expected?.purpose ?? 'sign-in', () =>
    hasEnded(pending, signIn.session),
  )
  if (!kept.ok) return failureResponse(context, kept.failure)
  await context.sendLimiter?.forgive(pending.loginId)
  const { returnTo } = pending
  const response = isPage ? redirect(returnTo) : json(200, { redirectTo: returnTo })
  return withCookies(response, [...kept.cookies, ...cookiesFor(pending, signIn.session)])
}

/**
 * Ends the attempt, before the app's `onSignIn` and before any cookie. If a refusal came first, there is
 * no session.
 */
async function completeFirst(
  { broker }: AuthContext,
  pending: PendingSignIn,
  tokens: SessionTokens,
): Promise<TokensDecision> {
  const attempt = { state: pending.state, endsAt: pendingEndsAt(pending) }
  const { state } = await broker.end(attempt, 'completed')
  const action = decide(state, 'complete')
  if (action === 'complete') return { ok: true, tokens }
  return { ok: false, failure: refusalOf(action) ?? { kind: 'link-used-or-expired' } }
}

function refusalOf(action: Action<'complete'>): Failure | undefined {
  if (action === 'attempt-refused') return { kind: action }
  return action === 'code-refused' ? { kind: 'attempt-refused', reason: 'code' } : undefined
}
