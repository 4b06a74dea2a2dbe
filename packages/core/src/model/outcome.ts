import type { TokenClaims } from './claims.ts'

/** What a person may do in one tenant. */
export interface TenantGrants {
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
}

/** The session of a request, deeply frozen: requests with the same token share one object. */
export interface Session {
  readonly userId: string
  readonly claims: TokenClaims
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** By tenant id; look ids up with `Object.hasOwn`, or use the authorization functions. */
  readonly tenants: Readonly<Record<string, TenantGrants>>
  /** How the person signed in (RFC 8176 in spirit): `email`, `sms`, `mfa`, … */
  readonly amr: readonly string[]
  /** When the session token ends, in milliseconds since the epoch. */
  readonly expiresAt: number
  /** The session token. Redacted in `JSON.stringify` and `util.inspect`. */
  readonly jwt: string
}

/** The tokens a sign-in or a refresh brought, both checked: set them as cookies. */
export interface IssuedTokens {
  readonly sessionJwt: string
  /** The refresh token to use from now on; the old one when a refresh did not rotate it. */
  readonly refreshJwt: string
  /** When each ends, in milliseconds since the epoch. */
  readonly sessionExpiresAt: number
  readonly refreshExpiresAt: number
}

/**
 * Why nobody is signed in; for logs, since a visitor gets one answer for all. `refresh-rotated`: the
 * refresh token has a newer one in its place, which the browser may have got since it asked; so
 * clear nothing.
 */
export type SignedOutReason =
  | 'no-session'
  | 'expired'
  | 'invalid'
  | 'revoked'
  | 'refresh-refused'
  | 'refresh-rotated'

/**
 * What a request's tokens amount to, for adapters. `unavailable` is not a "no": keys, refresh or
 * store are out of reach, so answer 503 and keep every cookie.
 */
export type AuthOutcome = SignedIn | SignedOut | Unavailable

/** The tokens are good, or were traded for good ones. */
export interface SignedIn {
  readonly status: 'signed-in'
  readonly session: Session
  /** Whether the session is the presented token's, or a refresh made it just now. */
  readonly source: 'presented' | 'refreshed'
  /** Present when `source` is `refreshed`. */
  readonly refreshed?: IssuedTokens
}

/** Nobody is signed in. */
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

/** What a request presents: usually two cookies, or the Bearer token alone. */
export interface PresentedTokens {
  sessionJwt?: string | undefined
  refreshJwt?: string | undefined
}
