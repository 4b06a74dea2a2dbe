import type { Clock } from '../clock.ts'
import { StoreError, TokenError } from '../errors.ts'
import type { TokenClaims, ValidatedToken } from '../model/claims.ts'
import type { Config } from '../options.ts'
import type { StateStore } from '../store/state-store.ts'
import type { VerifiedToken } from './verify-token.ts'
import { hashSubject, hashToken } from '../crypto/token-hash.ts'

/** The record of logouts, in the store. */
export interface Revocations {
  /**
   * Whether a logout ended this token: it was recorded by itself, or its person logged out
   * everywhere at or after its `iat`.
   *
   * @throws {StoreError} the store is out of reach
   */
  isRevoked(token: ValidatedToken): Promise<boolean>
  /** Records the end of one token, for `ttlMs`. */
  revoke(token: ValidatedToken, ttlMs: number): Promise<void>
  /** Records that everything a person holds from now or before is over, for `ttlMs`. */
  revokeAll(claims: TokenClaims, ttlMs: number): Promise<void>
}

/**
 * Keeps the record in `store`, under hashes.
 *
 * @param store one that fails with a {@link StoreError}
 */
export function createRevocations(store: StateStore, clock: Pick<Clock, 'now'>): Revocations {
  return {
    async isRevoked({ jwt, token }) {
      const [byToken, bySubject] = await Promise.all([
        store.get(`revoked:${hashToken(jwt)}`),
        store.get(`revoked-all:${hashSubject(token.sub)}`),
      ])
      // Claims count whole seconds, so the second of the logout itself is revoked too.
      return byToken !== undefined || (bySubject !== undefined && token.iat <= Number(bySubject))
    },
    async revoke({ jwt }, ttlMs) {
      await store.set(`revoked:${hashToken(jwt)}`, '1', wholeMs(ttlMs))
    },
    async revokeAll({ sub }, ttlMs) {
      const second = String(Math.floor(clock.now() / 1000))
      await store.set(`revoked-all:${hashSubject(sub)}`, second, wholeMs(ttlMs))
    },
  }
}

/**
 * A step that refuses revoked tokens, where that is configured; else it lets everything pass. It
 * comes before any use of a token, cached or not.
 *
 * @throws {TokenError} `ERR_TOKEN_REVOKED`
 * @throws {StoreError} the store is out of reach, and that is to deny
 */
export function createRevocationCheck(
  revocations: Pick<Revocations, 'isRevoked'>,
  policy: Config['revocation'],
): (checked: VerifiedToken) => VerifiedToken | Promise<VerifiedToken> {
  if (policy === undefined) return (checked) => checked
  return async (checked) => {
    // Once a token has expired nothing about it is recorded any more, and it opens nothing.
    if (!checked.expired && (await isRevoked(checked))) throw revoked()
    return checked
  }

  async function isRevoked({ validated }: VerifiedToken): Promise<boolean> {
    try {
      return await revocations.isRevoked(validated)
    } catch (error) {
      if (error instanceof StoreError && policy?.onStoreError === 'allow') return false
      throw error
    }
  }
}

/** The refusal of a token that a logout ended. */
export function revoked(): TokenError {
  return new TokenError('ERR_TOKEN_REVOKED', 'A token must not have been revoked by a logout.')
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
