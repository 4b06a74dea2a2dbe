import type { AuthOutcome, PresentedTokens } from '../model/outcome.ts'
import type { CachedVerify } from './cached-verify.ts'
import { decideTokens, isOfAnotherProject, outcomeOf, signedOut } from './decide.ts'
import type { Refresh } from './refresh/refresh.ts'
import type { RotatedTokens } from './refresh/rotated-tokens.ts'
import { flat, viewSession } from './token-views.ts'
import { thenMaybe, type Unverified, type VerifiedToken } from './verify-token.ts'

/** How much of a refresh token's signature stands for the token: 132 bits. */
const tailLength = 22

/**
 * Decides who sent a request, from its tokens, by {@link decideTokens}. Never throws; returns the outcome
 * itself when no I/O is needed, a promise of it otherwise.
 *
 * @param verifySession verifies a session token, including that it was not revoked
 * @param isClockWrong whether no new session would be accepted by our clock, as far as that is known
 */
export function createAuthenticate(
  verifySession: CachedVerify,
  refresh: Refresh,
  rotated: Pick<RotatedTokens, 'markSeen'>,
  unverified: Unverified,
  isClockWrong: () => boolean,
): (presented: PresentedTokens) => AuthOutcome | Promise<AuthOutcome> {
  function decide(presented: PresentedTokens): AuthOutcome | Promise<AuthOutcome> {
    const { sessionJwt, refreshJwt } = presented
    if (!sessionJwt) return withoutSession('none', presented)
    return thenMaybe(verifySession(sessionJwt), (verified) => {
      const isOther = refreshJwt && !isOfSameUser(verified, refreshJwt, unverified)
      const action = decideTokens(
        verified.expired ? 'expired' : 'live',
        isOther ? 'another-user' : presence(presented),
      )
      if (action === 'refresh') return refreshed(refreshJwt, verified.validated.token.sub)
      if (action !== 'use') return signedOut(action)
      // Without an outcome it is among the first requests that this instance sees.
      if (refreshJwt && verified.outcome === undefined) rotated.markSeen(verified, refreshJwt)
      return signedIn(verified)
    })
  }

  function withoutSession(
    fact: 'none' | 'other-project',
    presented: PresentedTokens,
  ): AuthOutcome | Promise<AuthOutcome> {
    const action = decideTokens(fact, presence(presented))
    return action === 'refresh'
      ? refreshed(presented.refreshJwt).catch(outcomeOf)
      : signedOut(action)
  }

  async function refreshed(refreshJwt: string | undefined, sub?: string): Promise<AuthOutcome> {
    const { session, tokens } = await refresh(refreshJwt, sub)
    return Object.freeze({
      status: 'signed-in',
      session: viewSession(session.validated),
      source: 'refreshed',
      refreshed: tokens,
    })
  }

  function recover(
    presented: PresentedTokens,
    thrown: unknown,
  ): AuthOutcome | Promise<AuthOutcome> {
    return presented.sessionJwt && isOfAnotherProject(thrown)
      ? withoutSession('other-project', presented)
      : outcomeOf(thrown)
  }

  // What has expired by a clock that is far ahead may be valid.
  function concluded(outcome: AuthOutcome): AuthOutcome {
    const isExpired = outcome.status === 'signed-out' && outcome.reason === 'expired'
    return isExpired && isClockWrong() ? outcomeOf(undefined) : outcome
  }

  return (presented) => {
    let outcome
    try {
      outcome = decide(presented)
    } catch (error) {
      outcome = recover(presented, error)
    }
    return outcome instanceof Promise
      ? outcome.catch((thrown: unknown) => recover(presented, thrown)).then(concluded)
      : concluded(outcome)
  }
}

/**
 * Whether a refresh token names the user of the session, or none of this project. It is not verified:
 * that it names another user is enough to see that the two are of different sign-ins.
 */
function isOfSameUser(
  verified: VerifiedToken,
  refreshJwt: string,
  { subjectOf }: Unverified,
): boolean {
  if (verified.refreshTail !== undefined && refreshJwt.endsWith(verified.refreshTail)) return true
  const sub = subjectOf(refreshJwt)
  if (sub === undefined) return true
  if (sub !== verified.validated.token.sub) return false
  verified.refreshTail = flat(refreshJwt.slice(-tailLength))
  return true
}

function presence({ refreshJwt, mayRefresh = true }: PresentedTokens): 'fits' | 'none' {
  return refreshJwt && mayRefresh ? 'fits' : 'none'
}

/** Requests with the same token share one outcome, for as long as the token is cached. */
function signedIn(verified: VerifiedToken): AuthOutcome {
  verified.outcome ??= Object.freeze({
    status: 'signed-in',
    session: viewSession(verified.validated),
    source: 'presented',
  })
  return verified.outcome
}
