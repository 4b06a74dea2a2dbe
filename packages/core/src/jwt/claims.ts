import { TokenError } from '../errors.ts'
import type { TokenClaims } from '../model/claims.ts'

/** Which of the service's two tokens is expected. */
export type TokenKind = 'session' | 'refresh'

/** What claims are compared with. Times are in milliseconds since the epoch. */
export interface ClaimRules {
  readonly projectId: string
  /** The exact issuers to accept; without it, the project id or a URL that ends in it. */
  readonly issuers: readonly string[] | undefined
  /** The `drn` that the expected kind of token has. */
  readonly drn: string
  /** The audiences to accept, one of which the token must name; without it, not checked. */
  readonly audience: readonly string[] | undefined
  readonly toleranceSeconds: number
}

/** The last second of the year 9999: a later one is a time in milliseconds, or nonsense. */
const lastSecond = 253_402_300_799

/**
 * Judges the claims of a token whose signature was good, except for its end: see
 * {@link hasExpired}, which is asked apart because an expired token that is good in every other
 * respect may be refreshed, and one that is not may not.
 *
 * In order: `exp`, `iat` and, where present, `nbf` are finite numbers before the year 10000; `iat`
 * is not after `exp`; neither `iat` nor `nbf` lies ahead by more than the tolerance; `iss`; `sub`
 * is a non-empty string; `drn`; `aud` where one is asked for.
 *
 * @throws {TokenError} `ERR_TOKEN_CLAIM` with the `claim`; `ERR_TOKEN_KIND` for `drn`
 */
export function checkClaims(
  claims: Readonly<Record<string, unknown>>,
  rules: ClaimRules,
  now: number,
): asserts claims is TokenClaims {
  const { exp, iat, nbf, iss, sub, drn } = claims
  if (!isTime(exp)) throw wrong('exp', 'must be a time in seconds')
  if (!isTime(iat)) throw wrong('iat', 'must be a time in seconds')
  if (nbf !== undefined && !isTime(nbf)) throw wrong('nbf', 'must be a time in seconds or absent')
  if (iat > exp) throw wrong('iat', 'must not be after "exp"')
  const latestStart = Math.floor(now / 1000) + rules.toleranceSeconds
  if (iat > latestStart) throw wrong('iat', 'must not lie in the future')
  if (nbf !== undefined && nbf > latestStart) throw wrong('nbf', 'must not lie in the future')
  if (typeof iss !== 'string' || !isIssuer(iss, rules)) throw wrong('iss', 'must be the project')
  if (typeof sub !== 'string' || sub === '') throw wrong('sub', 'must be a non-empty string')
  if (drn !== rules.drn) {
    throw new TokenError('ERR_TOKEN_KIND', 'The claim "drn" must be that of the expected token.', {
      claim: 'drn',
    })
  }
  if (rules.audience !== undefined) checkAudience(claims, rules.audience)
}

/**
 * Whether a token's time is over, `exp` plus the tolerance being its end (RFC 7519 section 4.1.4).
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
 * Judges the audience of a token: `aud`, a string or a list of strings, names one of `accepted`.
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
  throw wrong('aud', 'must name an audience that is accepted here')
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value <= lastSecond
}

// Scheme, host, and path segments of plain characters: no user name, query, fragment or escape.
const issuerUrl = /^https?:\/\/[A-Za-z0-9.:[\]-]+((?:\/[A-Za-z0-9._~-]+)+)\/?$/

/**
 * The project id by itself, or as the last or second-to-last segment of an http(s) URL's path. The
 * host does not count, as in the service's own SDK: the keys are the project's, whoever serves them.
 */
function isIssuer(iss: string, rules: ClaimRules): boolean {
  if (rules.issuers !== undefined) return rules.issuers.includes(iss)
  if (iss === rules.projectId) return true
  const segments = issuerUrl.exec(iss)?.[1]?.split('/') ?? []
  if (segments.includes('.') || segments.includes('..')) return false
  return segments.slice(-2).includes(rules.projectId)
}

function wrong(claim: string, expectation: string): TokenError {
  return new TokenError('ERR_TOKEN_CLAIM', `The claim "${claim}" ${expectation}.`, { claim })
}
