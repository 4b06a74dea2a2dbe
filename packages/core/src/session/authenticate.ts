import { KeySetError, ServiceError, StoreError, TokenError } from '../errors.ts'
import type {
  AuthOutcome,
  PresentedTokens,
  SignedOutReason,
  Unavailable,
} from '../model/outcome.ts'
import type { CachedVerify } from './cached-verify.ts'
import type { Refresh } from './refresh/refresh.ts'
import type { RotatedTokens } from './refresh/rotated-tokens.ts'
import { thenMaybe } from './then-maybe.ts'
import { isFinalRefusal } from './token-refusal.ts'
import { flat, viewSession } from './token-views.ts'
import type { Unverified, VerifiedToken } from './verify-token.ts'

/** Dependencies of {@link createAuthenticate}. */
export interface AuthenticateDeps {
  /** Verifies a session token, including that it was not revoked. */
  readonly verifySession: CachedVerify
  readonly refresh: Refresh
  readonly rotated: Pick<RotatedTokens, 'markSeen'>
  readonly unverified: Unverified
}

/** How much of a refresh token's signature stands for the token: 132 bits. */
const tailLength = 22

/**
 * Decides who sent a request, from its tokens. Never throws; returns the outcome itself when no I/O
 * is needed, a promise of it otherwise.
 *
 * A refresh is tried when the session token has expired or is absent. It is never tried when one is
 * present and not acceptable for another reason: a forged token must not lead to a new session.
 */
export function createAuthenticate({
  verifySession,
  refresh,
  rotated,
  unverified,
}: AuthenticateDeps): (presented: PresentedTokens) => AuthOutcome | Promise<AuthOutcome> {
  function decide({ sessionJwt, refreshJwt }: PresentedTokens): AuthOutcome | Promise<AuthOutcome> {
    if (!sessionJwt) return refreshJwt ? refreshed(refreshJwt) : signedOut('no-session')
    return thenMaybe(verifySession(sessionJwt), (verified) => {
      if (refreshJwt && !isOfSameUser(verified, refreshJwt, unverified)) {
        return signedOut('different-users')
      }
      if (!verified.expired) {
        // Without an outcome it is among the first requests that this instance sees.
        if (refreshJwt && verified.outcome === undefined) rotated.markSeen(verified, refreshJwt)
        return signedIn(verified)
      }
      return refreshJwt ? refreshed(refreshJwt, verified.validated.token.sub) : signedOut('expired')
    })
  }

  async function refreshed(refreshJwt: string, sub?: string): Promise<AuthOutcome> {
    const { session, tokens } = await refresh(refreshJwt, sub)
    return Object.freeze({
      status: 'signed-in',
      session: viewSession(session.validated),
      source: 'refreshed',
      refreshed: tokens,
    })
  }

  // A session token of another project counts as absent.
  function recover(
    { sessionJwt, refreshJwt }: PresentedTokens,
    thrown: unknown,
  ): AuthOutcome | Promise<AuthOutcome> {
    const isAbsent = sessionJwt && refreshJwt && isOfAnotherProject(thrown)
    return isAbsent ? refreshed(refreshJwt).catch(outcomeOf) : outcomeOf(thrown)
  }

  return (presented) => {
    try {
      const outcome = decide(presented)
      return outcome instanceof Promise
        ? outcome.catch((thrown: unknown) => recover(presented, thrown))
        : outcome
    } catch (error) {
      return recover(presented, error)
    }
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

function isOfAnotherProject(error: unknown): boolean {
  return error instanceof TokenError && error.claim === 'iss'
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

function signedOut(reason: SignedOutReason): AuthOutcome {
  return Object.freeze({ status: 'signed-out', reason })
}

/** The outcome of a request whose verification or refresh failed with this error. */
export function outcomeOf(error: unknown): AuthOutcome {
  if (isOfAnotherProject(error)) return signedOut('other-project')
  if (error instanceof TokenError) return signedOut(reasons[error.code] ?? 'invalid')
  if (isFinalRefusal(error)) return signedOut('refresh-refused')
  if (error instanceof KeySetError) return unavailable('keys', error.retryAfterSeconds)
  if (error instanceof StoreError) return unavailable('store', error.retryAfterSeconds)
  if (error instanceof ServiceError) return unavailable('refresh', error.retryAfterSeconds)
  // No usable response. An unexpected error must sign no user in or out either.
  return unavailable('refresh')
}

// Any other code means that the token is not valid.
const reasons: Readonly<Partial<Record<TokenError['code'], SignedOutReason>>> = {
  ERR_TOKEN_EXPIRED: 'expired',
  ERR_TOKEN_TOO_EARLY: 'not-yet-valid',
  ERR_TOKEN_REVOKED: 'revoked',
  ERR_TOKEN_ROTATED: 'refresh-rotated',
}

function unavailable(what: Unavailable['what'], retryAfterSeconds = 1): AuthOutcome {
  return Object.freeze({ status: 'unavailable', what, retryAfterSeconds })
}
