import {
  checkClaims,
  type ClaimRules,
  hasExpired,
  isForeign,
  secondsAhead,
  type TokenKind,
  wrongIssuer,
} from '../jwt/claims.ts'
import { type CompactToken, splitCompact } from '../jwt/compact.ts'
import { checkHeader, type TokenHeader } from '../jwt/header.ts'
import { readSignedJson } from '../jwt/json.ts'
import { badSignature } from '../jwt/signature.ts'
import type { KeySet } from '../jwks/key-set.ts'
import type { VerificationKey } from '../jwks/verification-key.ts'
import { TokenError } from '../errors.ts'
import type { ValidatedToken } from '../model/claims.ts'
import type { AuthOutcome, IssuedTokens } from '../model/outcome.ts'
import type { SessionTokens } from '../model/api.ts'
import type { Config } from '../options.ts'
import { createSkewReport } from './clock-skew.ts'
import { flat, issuedTokens, validatedToken } from './token-views.ts'

/** A token that passed every check, except that it may have expired. */
export interface VerifiedToken {
  /** The token and its claims as the caller gets them; deeply frozen. */
  readonly validated: ValidatedToken
  readonly expired: boolean
  readonly key: VerificationKey
  /** The outcome for a request with this token; created by `authenticate` at first use. */
  outcome: AuthOutcome | undefined
  /** The end of the refresh token that came with it last, and is of the same user. */
  refreshTail: string | undefined
  /** The last version of the log of revocations that it was not found in. */
  absentFromLog?: number
}

/**
 * Verifies one token, in this order: syntax, header, key, signature, payload, claims, expiry. The
 * payload is not parsed before the signature was verified, except to recognise a token of another
 * project by its `iss` while no token with its header was accepted.
 *
 * @throws {TokenError} the first check that failed
 * @throws {KeySetError} the keys are unavailable
 */
export type VerifyToken = (jwt: unknown, kind: TokenKind) => VerifiedToken | Promise<VerifiedToken>

/** What a token says of itself, before anything is verified. Nothing may be granted by it. */
export interface Unverified {
  /** The user that a refresh token names; undefined for no token of this project. */
  readonly subjectOf: (refreshJwt: string) => string | undefined
}

/** A project has few distinct headers: one for each key. */
const maxKnownHeaders = 64

export function createVerifyToken(
  config: Config,
  keys: Pick<KeySet, 'find'>,
): VerifyToken & Unverified {
  const { clockToleranceSeconds: toleranceSeconds, algorithms, clock } = config
  const rules = claimRules(config)
  const reportSkew = createSkewReport(config.logger)
  // Only headers of tokens with a valid signature are kept, so that no attacker can fill this.
  const knownHeaders = new Map<string, TokenHeader>()

  function readHeader(encoded: string): TokenHeader {
    return knownHeaders.get(encoded) ?? checkHeader(readSignedJson(encoded), algorithms)
  }

  function remember(encoded: string, header: TokenHeader): void {
    if (knownHeaders.has(encoded)) return
    if (knownHeaders.size === maxKnownHeaders) knownHeaders.clear()
    knownHeaders.set(flat(encoded), header)
  }

  function verifyClaims(token: CompactToken, key: VerificationKey, kind: TokenKind): VerifiedToken {
    const claims = readSignedJson(token.payload)
    const now = clock.now()
    const ahead = secondsAhead(claims, now)
    if (ahead > toleranceSeconds) reportSkew(ahead)
    checkClaims(claims, rules[kind], now)
    const validated = validatedToken(token.jwt, claims)
    const expired = hasExpired(claims, toleranceSeconds, now)
    return { validated, expired, key, outcome: undefined, refreshTail: undefined, absentFromLog: 0 }
  }

  function verify(jwt: unknown, kind: TokenKind): VerifiedToken | Promise<VerifiedToken> {
    const token = splitCompact(jwt, config.maxTokenLength)
    const header = readHeader(token.header)
    // A token of another project causes no look-up of its key, of which there are few.
    if (!knownHeaders.has(token.header) && namesAnotherIssuer(token)) throw wrongIssuer()
    return thenMaybe(keys.find(header.kid), (key) => {
      if (key.alg !== header.alg) throw badSignature()
      return thenMaybe(key.verify(token), (isGood) => {
        if (!isGood) throw badSignature()
        remember(token.header, header)
        return verifyClaims(token, key, kind)
      })
    })
  }

  function namesAnotherIssuer({ payload }: CompactToken): boolean {
    const claims = unverifiedClaims(payload)
    return claims !== undefined && isForeign(claims, rules.session)
  }

  function subjectOf(refreshJwt: string): string | undefined {
    const claims = unverifiedClaims(refreshJwt.split('.')[1] ?? '')
    if (claims === undefined || isForeign(claims, rules.refresh)) return undefined
    return typeof claims['sub'] === 'string' ? claims['sub'] : undefined
  }

  return Object.assign(verify, { subjectOf })
}

function unverifiedClaims(payload: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return readSignedJson(payload)
  } catch {
    return undefined
  }
}

function claimRules(config: Config): Readonly<Record<TokenKind, ClaimRules>> {
  const { projectId, issuers, clockToleranceSeconds: toleranceSeconds, tokenNames } = config
  const base = { projectId, issuers, toleranceSeconds }
  return {
    session: { ...base, drn: tokenNames.session, audience: config.audience },
    // The audience says which API a session token is for; a refresh token is for the service.
    refresh: { ...base, drn: tokenNames.refresh, audience: undefined },
  }
}

/** @throws {TokenError} `ERR_TOKEN_EXPIRED` */
export function requireLive(verified: VerifiedToken): VerifiedToken {
  if (!verified.expired) return verified
  throw new TokenError('ERR_TOKEN_EXPIRED', 'The token has expired.', { claim: 'exp' })
}

/** @throws {TokenError} `ERR_TOKEN_CLAIM`: the token is of another user */
export function requireSubject({ validated }: VerifiedToken, sub: string): void {
  if (validated.token.sub === sub) return
  const message = 'The session and the refresh token belong to different users.'
  throw new TokenError('ERR_TOKEN_CLAIM', message, { claim: 'sub' })
}

export interface VerifiedPair {
  readonly session: VerifiedToken
  readonly refresh: VerifiedToken
  readonly tokens: IssuedTokens
}

/** Verifies a session token and its refresh token: each of its kind, not expired, of one user: `sub`, if known. */
export async function verifyPair(
  { sessionJwt, refreshJwt }: Pick<SessionTokens, 'sessionJwt' | 'refreshJwt'>,
  verifySession: (jwt: unknown) => VerifiedToken | Promise<VerifiedToken>,
  verifyToken: VerifyToken,
  sub?: string,
): Promise<VerifiedPair> {
  const session = requireLive(await verifySession(sessionJwt))
  const refresh = requireLive(await verifyToken(refreshJwt, 'refresh'))
  for (const token of [session, refresh]) requireSubject(token, sub ?? session.validated.token.sub)
  return { session, refresh, tokens: issuedTokens(session.validated, refresh.validated) }
}

/**
 * Continues with a value, or with the value of a promise. Without a promise it continues
 * synchronously, so a request whose keys are cached is decided before anything else runs.
 */
export function thenMaybe<T, U>(
  value: T | Promise<T>,
  proceed: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(proceed) : proceed(value)
}
