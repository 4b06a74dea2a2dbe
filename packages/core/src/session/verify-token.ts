import type { ValidatedToken } from '../model/claims.ts'
import type { AuthOutcome } from '../model/outcome.ts'
import type { Config } from '../options.ts'
import { checkClaims, hasExpired, type TokenKind } from '../jwt/claims.ts'
import { type CompactToken, splitCompact } from '../jwt/compact.ts'
import { checkHeader, type TokenHeader } from '../jwt/header.ts'
import type { KeySet } from '../jwks/key-set.ts'
import { thenMaybe } from './then-maybe.ts'
import { badSignature } from '../jwt/signature.ts'
import { readSignedJson } from '../jwt/json.ts'
import { flat, validatedToken } from './validated-token.ts'
import type { VerificationKey } from '../jwks/verification-key.ts'

/** A token that is good in every respect, but for `expired`. */
export interface VerifiedToken {
  /** What the caller of the library gets; deeply frozen. */
  readonly validated: ValidatedToken
  readonly expired: boolean
  /** The key that signed it. */
  readonly key: VerificationKey
  /** What `authenticate` made of it, at first use. */
  outcome: AuthOutcome | undefined
}

/** What a check is made of. */
export interface VerifyTokenDeps {
  readonly config: Pick<
    Config,
    | 'projectId'
    | 'clock'
    | 'algorithms'
    | 'issuers'
    | 'audience'
    | 'tokenNames'
    | 'clockToleranceSeconds'
    | 'maxTokenLength'
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
export type VerifyToken = (jwt: unknown, kind: TokenKind) => VerifiedToken | Promise<VerifiedToken>

/** A project has few headers: one for each key. */
const maxKnownHeaders = 64

/** Puts the stages of a check together. */
export function createVerifyToken({ config, keys }: VerifyTokenDeps): VerifyToken {
  const { projectId, issuers, clockToleranceSeconds: toleranceSeconds } = config
  const base = { projectId, issuers, toleranceSeconds }
  const rules = {
    session: { ...base, drn: config.tokenNames.session, audience: config.audience },
    // An audience is who a session token is for; a refresh token is for the service.
    refresh: { ...base, drn: config.tokenNames.refresh, audience: undefined },
  }
  // Headers of tokens whose signature was good, so that nobody else decides what is in here.
  const knownHeaders = new Map<string, TokenHeader>()

  function readHeader(encoded: string): TokenHeader {
    return knownHeaders.get(encoded) ?? checkHeader(readSignedJson(encoded), config.algorithms)
  }

  function remember(encoded: string, header: TokenHeader): void {
    if (knownHeaders.has(encoded)) return
    if (knownHeaders.size === maxKnownHeaders) knownHeaders.clear()
    knownHeaders.set(flat(encoded), header)
  }

  function judge(token: CompactToken, key: VerificationKey, kind: TokenKind): VerifiedToken {
    const claims = readSignedJson(token.payload)
    const now = config.clock.now()
    checkClaims(claims, rules[kind], now)
    const validated = validatedToken(token.jwt, claims)
    const expired = hasExpired(claims, toleranceSeconds, now)
    return { validated, expired, key, outcome: undefined }
  }

  return (jwt, kind) => {
    const token = splitCompact(jwt, config.maxTokenLength)
    const header = readHeader(token.header)
    return thenMaybe(keys.find(header.kid), (key) => {
      if (key.alg !== header.alg) throw badSignature()
      return thenMaybe(key.verify(token), (isGood) => {
        if (!isGood) throw badSignature()
        remember(token.header, header)
        return judge(token, key, kind)
      })
    })
  }
}
