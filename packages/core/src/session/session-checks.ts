import { onlyKnown, textList } from '../config/option-checks.ts'
import { checkAudience } from '../jwt/claims.ts'
import type { ValidatedToken, ValidationOptions } from '../model/claims.ts'
import type { IssuedTokens } from '../model/outcome.ts'
import { redact } from '../model/redact.ts'
import type { CachedVerify } from './cached-verify.ts'
import type { Refresh } from './refresh/refresh.ts'
import type { RotatedTokens } from './refresh/rotated-tokens.ts'
import { requireLive, type VerifiedToken } from './verify-token.ts'

/** The session that a refresh returned, and its refresh token. */
export interface RefreshedSession extends ValidatedToken, Omit<IssuedTokens, 'sessionJwt'> {}

/** A session that was valid or was refreshed; with `refreshJwt` and the times if it was refreshed. */
export type ValidatedSession = ValidatedToken & Partial<RefreshedSession>

/** The checks that throw when a token is not acceptable. */
export interface SessionChecks {
  /**
   * Verifies a session token, without a request to the service except to fetch its keys now and then.
   *
   * @throws {TokenError} the token is not acceptable
   * @throws {KeySetError} the keys are unavailable
   * @throws {StoreError} the store is unavailable, and `revocation.onStoreError` is `deny`
   */
  readonly validateSession: (
    sessionJwt: string,
    options?: ValidationOptions,
  ) => Promise<ValidatedToken>
  /**
   * Trades a refresh token for a new session, and verifies it. Concurrent calls with one token share
   * one request.
   *
   * @throws {TokenError} the refresh token is not acceptable; `ERR_TOKEN_REVOKED` when a logout
   *   ended it; `ERR_TOKEN_ROTATED` when the service rejected one that was replaced by a newer one
   * @throws {ServiceError} an error response; the README says which ones end the session
   * @throws {RequestError} no usable response
   * @throws {KeySetError} the keys are unavailable
   * @throws {StoreError} the store is unavailable
   */
  readonly refreshSession: (
    refreshJwt: string,
    options?: ValidationOptions,
  ) => Promise<RefreshedSession>
  /**
   * Verifies a session token, and refreshes the session if the token has expired or is absent. A
   * session token that is present and not acceptable for another reason is never refreshed.
   *
   * @throws the errors of `validateSession` and `refreshSession`
   */
  readonly validateAndRefreshSession: (
    sessionJwt?: string,
    refreshJwt?: string,
    options?: ValidationOptions,
  ) => Promise<ValidatedSession>
}

/** @param verifySession verifies a session token, including that it was not revoked */
export function createSessionChecks(
  verifySession: CachedVerify,
  refresh: Refresh,
  rotated: Pick<RotatedTokens, 'markSeen'>,
): SessionChecks {
  async function refreshed(
    refreshJwt: unknown,
    audience: Audience,
    sub?: string,
  ): Promise<RefreshedSession> {
    const { session, tokens } = await refresh(refreshJwt, sub)
    requireAudience(session, audience)
    const { refreshJwt: next, sessionExpiresAt, refreshExpiresAt } = tokens
    return Object.freeze(
      redact({ ...session.validated, refreshJwt: next, sessionExpiresAt, refreshExpiresAt }),
    )
  }

  return {
    async validateSession(sessionJwt, options) {
      const audience = audienceOf(options)
      const verified = requireLive(await verifySession(sessionJwt))
      return requireAudience(verified, audience).validated
    },
    refreshSession: async (refreshJwt, options) => refreshed(refreshJwt, audienceOf(options)),
    async validateAndRefreshSession(sessionJwt, refreshJwt, options) {
      const audience = audienceOf(options)
      if (!sessionJwt) return refreshed(refreshJwt, audience)
      const verified = requireAudience(await verifySession(sessionJwt), audience)
      if (!verified.expired && refreshJwt) rotated.markSeen(verified, refreshJwt)
      if (!verified.expired || !refreshJwt) return requireLive(verified).validated
      return refreshed(refreshJwt, audience, verified.validated.token.sub)
    },
  }
}

type Audience = readonly string[] | undefined

// A misspelt option, or one that is not in an object, would be an audience that is not checked.
function audienceOf(options: ValidationOptions | undefined): Audience {
  if (options === undefined) return undefined
  onlyKnown('options', options, ['audience'])
  const { audience } = options
  return textList('audience', typeof audience === 'string' ? [audience] : audience)
}

function requireAudience(verified: VerifiedToken, audience: Audience): VerifiedToken {
  if (audience !== undefined) checkAudience(verified.validated.token, audience)
  return verified
}
