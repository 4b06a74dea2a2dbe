/** A session token and its refresh token: neither expired, both of one user. */
import { TokenError } from '../errors.ts'
import type { IssuedTokens } from '../model/outcome.ts'
import { redact } from '../model/redact.ts'
import type { VerifiedToken } from './verify-token.ts'

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

/** The two tokens with their ends, ready to be set as cookies. */
export function issuedTokens(session: VerifiedToken, refresh: VerifiedToken): IssuedTokens {
  return Object.freeze(
    redact<IssuedTokens>({
      sessionJwt: session.validated.jwt,
      refreshJwt: refresh.validated.jwt,
      sessionExpiresAt: session.validated.token.exp * 1000,
      refreshExpiresAt: refresh.validated.token.exp * 1000,
    }),
  )
}
