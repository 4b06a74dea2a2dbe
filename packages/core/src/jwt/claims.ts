import { TokenError } from '../errors.ts'
import type { TokenClaims } from '../model/claims.ts'

export type TokenKind = 'session' | 'refresh'

export interface ClaimRules {
  readonly projectId: string
  /** The exact issuers to accept; if undefined, the project id or a URL that ends in it. */
  readonly issuers: readonly string[] | undefined
  /** Which kind of token it must be: `DS` or `DSR`, unless the project has other names. */
  readonly drn: string
  /** The audiences to accept, one of which the token must name; if undefined, not checked. */
  readonly audience: readonly string[] | undefined
  readonly toleranceSeconds: number
}

/** How far `iat` may be ahead: a slightly wrong clock costs no session, and nothing depends on `iat`. */
const maxSkewSeconds = 300

/** The last second of the year 9999. A later time is in milliseconds, or an error. */
const lastSecond = 253_402_300_799

/**
 * Checks the claims of a token with a valid signature, except its expiry. {@link hasExpired} is
 * separate because an expired token may be refreshed only if everything else about it is valid.
 *
 * In order: `exp`, `iat` and, where present, `nbf` are finite numbers before the year 10000; `iat`
 * is not after `exp`; `iat` is not ahead of `now` by more than five minutes, nor `nbf` by more than the
 * tolerance; `iss`;
 * `sub` is a non-empty string; `drn`; no `cnf`; `aud` where audiences are given (RFC 7519 section
 * 4.1). A token with `cnf` (RFC 7800) proves nothing without a proof of its key, which is not read.
 *
 * @param now milliseconds since the epoch
 * @throws {TokenError} `ERR_TOKEN_CLAIM` with the `claim`; `ERR_TOKEN_TOO_EARLY`; `ERR_TOKEN_KIND` for `drn`;
 *   `ERR_TOKEN_BOUND` for `cnf`
 */
export function checkClaims(
  claims: Readonly<Record<string, unknown>>,
  rules: ClaimRules,
  now: number,
): asserts claims is TokenClaims {
  const { exp, iat, nbf, iss, sub, drn } = claims
  if (!isTime(exp)) throw wrong('exp', 'is not a time in seconds')
  if (!isTime(iat)) throw wrong('iat', 'is not a time in seconds')
  if (nbf !== undefined && !isTime(nbf)) throw wrong('nbf', 'is not a time in seconds')
  if (iat > exp) throw wrong('iat', 'is later than "exp"')
  const second = Math.floor(now / 1000)
  if (iat > second + maxSkewSeconds) throw notYetValid('iat')
  if (nbf !== undefined && nbf > second + rules.toleranceSeconds) throw notYetValid('nbf')
  if (typeof iss !== 'string' || !isIssuer(iss, rules)) throw wrongIssuer()
  if (typeof sub !== 'string' || sub === '') throw wrong('sub', 'is not a non-empty string')
  if (drn !== rules.drn) {
    const message =
      'The claim "drn" is that of another kind, as of a session token where a refresh token belongs.'
    throw new TokenError('ERR_TOKEN_KIND', message, { claim: 'drn' })
  }
  if (claims['cnf'] !== undefined) {
    const message =
      'The token is bound to a key of its holder (claim "cnf"), and proofs are not read.'
    throw new TokenError('ERR_TOKEN_BOUND', message, { claim: 'cnf' })
  }
  if (rules.audience !== undefined) checkAudience(claims, rules.audience)
}

/** By how many seconds a token was issued ahead of `now`; 0 if it was not, or its `iat` is no time. */
export function secondsAhead({ iat }: Readonly<Record<string, unknown>>, now: number): number {
  return isTime(iat) ? Math.max(0, iat - Math.floor(now / 1000)) : 0
}

/**
 * Whether `exp` plus the tolerance has passed (RFC 7519 section 4.1.4).
 *
 * @param now milliseconds since the epoch
 */
export function hasExpired(
  claims: Pick<TokenClaims, 'exp'>,
  toleranceSeconds: number,
  now: number,
): boolean {
  return claims.exp + toleranceSeconds <= now / 1000
}

/**
 * Checks that `aud`, a string or a list of strings, names one of `accepted` (RFC 7519 section 4.1.3).
 *
 * @throws {TokenError} `ERR_TOKEN_CLAIM`
 */
export function checkAudience(
  claims: Readonly<Record<string, unknown>>,
  accepted: readonly string[],
): void {
  const { aud } = claims
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const isStrings = named.every((name) => typeof name === 'string')
  if (isStrings && named.some((name) => accepted.includes(name))) return
  throw wrong('aud', 'names no accepted audience')
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value <= lastSecond
}

// Scheme, host, and path segments of plain characters: no user name, query, fragment or escape.
const issuerUrl = /^https?:\/\/[A-Za-z0-9.:[\]-]+((?:\/[A-Za-z0-9._~-]+)+)\/?$/

/** Whether claims name an issuer, and it is not one of the project. */
export function isForeign({ iss }: Readonly<Record<string, unknown>>, rules: ClaimRules): boolean {
  return typeof iss === 'string' && !isIssuer(iss, rules)
}

export function wrongIssuer(): TokenError {
  return wrong('iss', 'is not an accepted issuer')
}

/**
 * The project id by itself, or as the last or second-to-last segment of an http(s) URL's path. The
 * host is not compared, as in the service's own SDK: the keys are the project's, whoever serves them.
 */
function isIssuer(iss: string, rules: ClaimRules): boolean {
  if (rules.issuers !== undefined) return rules.issuers.includes(iss)
  if (iss === rules.projectId) return true
  const segments = issuerUrl.exec(iss)?.[1]?.split('/') ?? []
  if (segments.includes('.') || segments.includes('..')) return false
  return segments.slice(-2).includes(rules.projectId)
}

function notYetValid(claim: 'iat' | 'nbf'): TokenError {
  const message = `The claim "${claim}" is in the future; compare the clock of this machine.`
  return new TokenError('ERR_TOKEN_TOO_EARLY', message, { claim })
}

function wrong(claim: string, problem: string): TokenError {
  return new TokenError('ERR_TOKEN_CLAIM', `The claim "${claim}" ${problem}.`, { claim })
}
