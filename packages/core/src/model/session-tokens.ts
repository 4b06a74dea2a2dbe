import type { User } from './user.ts'

/**
 * The tokens of a session: the response to a verification, a refresh or a poll (JWTResponse). The
 * tokens are redacted in `JSON.stringify` and `util.inspect`.
 */
export interface SessionTokens {
  /** The short-lived token that is sent with every request. */
  readonly sessionJwt: string
  /** The long-lived token for new session tokens; absent when a refresh did not rotate it. */
  readonly refreshJwt?: string
  /** The user; absent in some responses to a refresh. */
  readonly user?: User
  /** True for a user's first sign-in. */
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
