import type { TokenClaims } from './claims.ts'

/** What a user may do in one tenant. */
export interface TenantGrants {
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
}

/** The session of a request, deeply frozen: requests with the same token share one object. */
export interface Session {
  readonly userId: string
  /** The claim `email`, where the project adds it to session tokens. */
  readonly email?: string | undefined
  /** The claim `name`, likewise. */
  readonly name?: string | undefined
  readonly claims: TokenClaims
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** By tenant id; look ids up with `Object.hasOwn`, or use the authorization functions. */
  readonly tenants: Readonly<Record<string, TenantGrants>>
  /** How the user signed in, like `amr` of RFC 8176: `email`, `sms`, `mfa`, … */
  readonly amr: readonly string[]
  /** When the session token expires, in milliseconds since the epoch. */
  readonly expiresAt: number
  /** The session token. Redacted in `JSON.stringify` and `util.inspect`. */
  readonly jwt: string
}

/** The tokens of a sign-in or a refresh, both verified: set them as cookies. */
export interface IssuedTokens {
  readonly sessionJwt: string
  /** The refresh token to use from now on; the old one when a refresh did not rotate it. */
  readonly refreshJwt: string
  /** When the session token expires, in milliseconds since the epoch. */
  readonly sessionExpiresAt: number
  /** When the refresh token expires, in milliseconds since the epoch. */
  readonly refreshExpiresAt: number
}

/**
 * Why no user is signed in; for logs, since a visitor gets the same response for each.
 *
 * - `no-session`: neither token was presented
 * - `expired`: the session token has expired and no refresh token was presented, or that has expired
 * - `not-yet-valid`: a token was issued more than five minutes ahead of this machine's clock, so keep
 *   the cookies
 * - `different-users`: the session and the refresh token are of different users, so that one of them was
 *   planted; neither is used
 * - `other-project`: the tokens are of another project, so leave their cookies alone
 * - `invalid`: a token is not acceptable
 * - `revoked`: a logout or an administrator ended the session
 * - `refresh-refused`: the service rejected the refresh token
 * - `refresh-rotated`: the same, of a token that was replaced by a newer one; the browser may have
 *   received that since it sent the request, so keep its cookies
 */
export type SignedOutReason =
  | 'no-session'
  | 'expired'
  | 'not-yet-valid'
  | 'different-users'
  | 'other-project'
  | 'invalid'
  | 'revoked'
  | 'refresh-refused'
  | 'refresh-rotated'

/**
 * Who sent a request, for adapters. `unavailable` does not mean signed out: the keys, the refresh or
 * the store are unavailable, so respond with 503 and keep every cookie.
 */
export type AuthOutcome = SignedIn | SignedOut | Unavailable

/** The session token is valid, or was refreshed. */
export interface SignedIn {
  readonly status: 'signed-in'
  readonly session: Session
  /** Whether the session is that of the presented token, or of a refresh just now. */
  readonly source: 'presented' | 'refreshed'
  /** Present when `source` is `refreshed`. */
  readonly refreshed?: IssuedTokens
}

/** No user is signed in. */
export interface SignedOut {
  readonly status: 'signed-out'
  readonly reason: SignedOutReason
}

/** It could not be decided. */
export interface Unavailable {
  readonly status: 'unavailable'
  readonly what: 'keys' | 'refresh' | 'store'
  readonly retryAfterSeconds: number
}

/** The tokens of a request: usually two cookies, or the Bearer token alone. */
export interface PresentedTokens {
  sessionJwt?: string | undefined
  refreshJwt?: string | undefined
  /**
   * Whether a session that has expired may be refreshed. If not, a refresh token is only compared with
   * the session: whether both are of one user.
   * @default true
   */
  mayRefresh?: boolean
}
