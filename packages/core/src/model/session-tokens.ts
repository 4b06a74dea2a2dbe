import type { User } from './user.ts'

/**
 * The tokens of a session, as the service answers a verification, a refresh or a poll
 * (JWTResponse). The tokens are redacted in `JSON.stringify` and `util.inspect`.
 */
export interface SessionTokens {
  /** The short-lived token that goes with every request. */
  readonly sessionJwt: string
  /** The long-lived token that buys new session tokens; absent when a refresh did not rotate it. */
  readonly refreshJwt?: string
  /** Who signed in; absent in some refresh answers. */
  readonly user?: User
  /** True for a person's first sign-in. */
  readonly firstSeen?: boolean
  readonly cookieDomain?: string
  readonly cookiePath?: string
  /** Seconds. */
  readonly cookieMaxAge?: number
  /** Seconds since the epoch. */
  readonly cookieExpiration?: number
  /** Seconds since the epoch. */
  readonly sessionExpiration?: number
}
