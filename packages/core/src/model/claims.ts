/** The verified claims of a session or refresh token. Deeply frozen. */
export interface TokenClaims {
  /** The user id. */
  readonly sub: string
  readonly iss: string
  /** Seconds since the epoch. */
  readonly exp: number
  /** Seconds since the epoch. */
  readonly iat: number
  /** The kind of token: the name of the session or of the refresh cookie. */
  readonly drn: string
  readonly [claim: string]: unknown
}

/** Options of one validation, in addition to the client's. */
export interface ValidationOptions {
  /** The audiences to accept; the session token must name one of them. */
  audience?: string | readonly string[]
}

/** A token that was accepted. `jwt` is the token itself, `token` its claims. */
export interface ValidatedToken {
  readonly jwt: string
  readonly token: TokenClaims
}
