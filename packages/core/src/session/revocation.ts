import type { Clock } from '../clock.ts'
import { hashSubject, hashToken } from '../crypto/token-hash.ts'
import { StoreError, TokenError } from '../errors.ts'
import type { TokenClaims, ValidatedToken } from '../model/claims.ts'
import type { Config } from '../options.ts'
import type { StateStore } from '../store/state-store.ts'
import type { CachedVerify } from './cached-verify.ts'

/** The record of logouts, in the store. */
export interface Revocations {
  /**
   * What ended a token: `logout` where it was recorded itself, or its user logged out everywhere at or
   * after its `iat`; `replaced` where a sign-in took its place, whose cookies the browser holds.
   *
   * @throws {StoreError} the store is unavailable
   */
  recordOf(token: ValidatedToken): Promise<'nothing' | 'logout' | 'replaced'>
  /** Records that one token is revoked, for `ttlMs` milliseconds. @param why @default by a logout */
  revoke(token: ValidatedToken, ttlMs: number, why?: 'replaced'): Promise<void>
  /**
   * Records that all tokens issued to a user until now, in the service's time, are revoked, for
   * `ttlMs` milliseconds.
   */
  revokeAll(claims: TokenClaims, ttlMs: number): Promise<void>
}

/**
 * Keeps the record in `store`, under hashes.
 *
 * @param store must fail with a {@link StoreError}
 * @param serviceTime the clock that stamps the tokens, which is not ours
 */
export function createRevocations(store: StateStore, serviceTime: Pick<Clock, 'now'>): Revocations {
  return {
    async recordOf({ jwt, token }) {
      const [byToken, bySubject] = await store.getMany([
        `revoked:${hashToken(jwt)}`,
        `revoked-all:${hashSubject(token.sub)}`,
      ])
      if (byToken !== undefined) return byToken === 'replaced' ? byToken : 'logout'
      // Claims are in whole seconds, so a token of the second of the logout is revoked too.
      return bySubject !== undefined && token.iat <= Number(bySubject) ? 'logout' : 'nothing'
    },
    async revoke({ jwt }, ttlMs, why) {
      await store.set(`revoked:${hashToken(jwt)}`, why ?? '1', wholeMs(ttlMs))
    },
    async revokeAll({ sub, iat }, ttlMs) {
      // The token that was presented is revoked in any case, also before the first measurement.
      const second = Math.max(Math.floor(serviceTime.now() / 1000), iat)
      await store.set(`revoked-all:${hashSubject(sub)}`, String(second), wholeMs(ttlMs))
    },
  }
}

/**
 * Adds a check for revoked tokens where `revocation` is configured. It runs at each use of a token,
 * also of a cached one.
 *
 * @throws {TokenError} `ERR_TOKEN_REVOKED`
 * @throws {StoreError} the store is unavailable, and `onStoreError` is `deny`
 */
export function withRevocation(
  verify: CachedVerify,
  revocations: Pick<Revocations, 'recordOf'>,
  policy: Config['revocation'],
): CachedVerify {
  if (policy === undefined) return verify
  return async (jwt) => {
    const verified = await verify(jwt)
    // Records of expired tokens are dropped, and an expired token grants nothing.
    if (!verified.expired && (await isRevoked(verified.validated))) throw revoked()
    return verified
  }

  async function isRevoked(token: ValidatedToken): Promise<boolean> {
    try {
      return (await revocations.recordOf(token)) !== 'nothing'
    } catch (error) {
      if (error instanceof StoreError && policy?.onStoreError === 'allow') return false
      throw error
    }
  }
}

/** The error of a token that a logout ended. */
export function revoked(): TokenError {
  return new TokenError('ERR_TOKEN_REVOKED', 'The token was revoked by a logout.')
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
