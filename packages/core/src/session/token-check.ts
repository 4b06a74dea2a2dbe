import { TokenError } from '../errors.ts'
import type { ValidatedToken } from '../model/claims.ts'
import type { Config } from '../options.ts'
import { checkClaims, hasExpired, type TokenKind } from './claims.ts'
import { splitCompact } from './compact.ts'
import { checkHeader } from './header.ts'
import type { KeySet } from './key-set.ts'
import { whenReady } from './ready.ts'
import { isSignedBy } from './signature.ts'
import { readSignedJson } from './signed-json.ts'
import type { VerificationKey } from './verification-key.ts'

/** A token that is good in every respect, but for `expired`. */
export interface CheckedToken {
  /** What the caller of the library gets; deeply frozen. */
  readonly validated: ValidatedToken
  readonly expired: boolean
  /** The key that signed it. */
  readonly key: VerificationKey
}

/** What a check is made of. */
export interface TokenCheckDeps {
  readonly config: Pick<
    Config,
    | 'projectId'
    | 'clock'
    | 'algorithms'
    | 'issuers'
    | 'audience'
    | 'tokenNames'
    | 'clockToleranceSeconds'
  >
  readonly keys: Pick<KeySet, 'find'>
}

/**
 * Judges one token, in this order: syntax, header, key, signature, payload, claims, end. Nothing
 * of the payload is read before the signature was good.
 *
 * @throws {TokenError} what was wrong, first in that order
 * @throws {KeySetError} the keys are out of reach
 */
export type TokenCheck = (jwt: unknown, kind: TokenKind) => CheckedToken | Promise<CheckedToken>

/** Puts the stages of a check together. */
export function createTokenCheck({ config, keys }: TokenCheckDeps): TokenCheck {
  const { projectId, issuers, clockToleranceSeconds: toleranceSeconds } = config
  const base = { projectId, issuers, toleranceSeconds }
  const rules = {
    session: { ...base, drn: config.tokenNames.session, audience: config.audience },
    // An audience is who a session token is for; a refresh token is for the service.
    refresh: { ...base, drn: config.tokenNames.refresh, audience: undefined },
  }

  return (presented, kind) => {
    const { jwt, header, payload } = splitCompact(presented)
    const { alg, kid } = checkHeader(readSignedJson(header), config.algorithms)

    function judge(key: VerificationKey, isSigned: boolean): CheckedToken {
      if (!isSigned) throw badSignature()
      const now = config.clock.now()
      const token = readSignedJson(payload)
      checkClaims(token, rules[kind], now)
      const expired = hasExpired(token, toleranceSeconds, now)
      return { validated: Object.freeze({ jwt, token }), expired, key }
    }

    return whenReady(keys.find(kid), (key) => {
      if (key.alg !== alg) throw badSignature()
      return whenReady(isSignedBy(key, jwt), (isSigned) => judge(key, isSigned))
    })
  }
}

function badSignature(): TokenError {
  return new TokenError('ERR_TOKEN_SIGNATURE', 'A token must be signed by a key of the project.')
}
