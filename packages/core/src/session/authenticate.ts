import { KeySetError, ServiceError, StoreError, TokenError } from '../errors.ts'
import type {
  AuthOutcome,
  PresentedTokens,
  SignedOutReason,
  Unavailable,
} from '../model/outcome.ts'
import { thenMaybe } from './then-maybe.ts'
import { isFinalRefusal } from './refresh-refusal.ts'
import type { Refresh } from './refresh.ts'
import { viewSession } from './session-view.ts'
import type { VerifiedToken } from './verify-token.ts'

/** What {@link createAuthenticate} is made of. */
export interface AuthenticateDeps {
  /** A session token that is good, expired or not; throws otherwise. */
  readonly checkSession: (jwt: string) => VerifiedToken | Promise<VerifiedToken>
  readonly refresh: Refresh
}

/**
 * Decides what a request's tokens amount to. Never throws; answers at once when no I/O is needed.
 *
 * A refresh is tried when the session token has expired or is absent, and never when one is present
 * and otherwise not acceptable: a forged token earns nobody a new session.
 */
export function createAuthenticate({
  checkSession,
  refresh,
}: AuthenticateDeps): (presented: PresentedTokens) => AuthOutcome | Promise<AuthOutcome> {
  function decide({ sessionJwt, refreshJwt }: PresentedTokens): AuthOutcome | Promise<AuthOutcome> {
    if (!sessionJwt) return refreshJwt ? refreshed(refreshJwt) : signedOut('no-session')
    return thenMaybe(checkSession(sessionJwt), (checked) => {
      if (!checked.expired) return signedIn(checked)
      return refreshJwt ? refreshed(refreshJwt, checked.validated.token.sub) : signedOut('expired')
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

  return (presented) => {
    try {
      const outcome = decide(presented)
      return outcome instanceof Promise ? outcome.catch(outcomeOf) : outcome
    } catch (error) {
      return outcomeOf(error)
    }
  }
}

/** Requests with one token share one outcome, which lives as long as the token is remembered. */
function signedIn(checked: VerifiedToken): AuthOutcome {
  checked.outcome ??= Object.freeze({
    status: 'signed-in',
    session: viewSession(checked.validated),
    source: 'presented',
  })
  return checked.outcome
}

function signedOut(reason: SignedOutReason): AuthOutcome {
  return Object.freeze({ status: 'signed-out', reason })
}

/** What an error of a check or a refresh means for the request. */
export function outcomeOf(error: unknown): AuthOutcome {
  if (error instanceof TokenError) return signedOut(reasonOf(error))
  if (isFinalRefusal(error)) return signedOut('refresh-refused')
  if (error instanceof KeySetError) return unavailable('keys', error.retryAfterSeconds)
  if (error instanceof StoreError) return unavailable('store', error.retryAfterSeconds)
  if (error instanceof ServiceError) return unavailable('refresh', error.retryAfterSeconds)
  // No usable answer; and whatever nobody thought of is no reason to let anyone in or out either.
  return unavailable('refresh')
}

function reasonOf({ code }: TokenError): SignedOutReason {
  if (code === 'ERR_TOKEN_EXPIRED') return 'expired'
  return code === 'ERR_TOKEN_REVOKED' ? 'revoked' : 'invalid'
}

function unavailable(what: Unavailable['what'], retryAfterSeconds = 1): AuthOutcome {
  return Object.freeze({ status: 'unavailable', what, retryAfterSeconds })
}
