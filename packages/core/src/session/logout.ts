import { TokenError } from '../errors.ts'
import type { TokenKind } from '../jwt/claims.ts'
import type { Config } from '../options.ts'
import type { Revocations } from './revocation.ts'
import type { VerifiedToken, VerifyToken } from './verify-token.ts'

/** Records logouts for every instance. */
export interface Logout {
  /**
   * Records that a user logged out here. From now on no refresh with this token returns a session,
   * not even one that is already running; with `revocation` configured, the session token is
   * rejected until it expires as well. A token that is not acceptable is ignored.
   *
   * @throws {KeySetError} the keys are unavailable
   * @throws {StoreError} the store is unavailable
   */
  recordLogout(refreshJwt: string, sessionJwt?: string): Promise<void>
  /**
   * Records that a user logged out everywhere: every token issued to them until now is revoked.
   *
   * @throws {KeySetError} the keys are unavailable
   * @throws {StoreError} the store is unavailable
   */
  recordLogoutAll(refreshJwt: string): Promise<void>
}

/** Dependencies of {@link createLogout}. */
export interface LogoutDeps {
  readonly config: Pick<Config, 'clock' | 'clockToleranceSeconds' | 'revocation'>
  readonly verifyToken: VerifyToken
  readonly revocations: Revocations
  /** How long the result of a running refresh can still be handed out, in milliseconds. */
  readonly refreshMs: number
}

/** Creates the record of logouts. */
export function createLogout({ config, verifyToken, revocations, refreshMs }: LogoutDeps): Logout {
  const { clock, clockToleranceSeconds, revocation } = config

  function remainingMs({ validated }: VerifiedToken): number {
    return (validated.token.exp + clockToleranceSeconds) * 1000 - clock.now()
  }

  return {
    async recordLogout(refreshJwt, sessionJwt) {
      const refresh = await acceptable(verifyToken, refreshJwt, 'refresh')
      if (refresh !== undefined) {
        await revocations.revoke(refresh.validated, revocation ? remainingMs(refresh) : refreshMs)
      }
      if (revocation === undefined || !sessionJwt) return
      const session = await acceptable(verifyToken, sessionJwt, 'session')
      if (session !== undefined) await revocations.revoke(session.validated, remainingMs(session))
    },
    async recordLogoutAll(refreshJwt) {
      const refresh = await acceptable(verifyToken, refreshJwt, 'refresh')
      if (refresh === undefined) return
      const { token } = refresh.validated
      // A token issued until now ends no later than a refresh token issued now would.
      const lifetimeMs = (token.exp - token.iat + clockToleranceSeconds) * 1000
      await revocations.revokeAll(token, revocation ? lifetimeMs : refreshMs)
    },
  }
}

/** The token, if it is valid and has not expired; undefined if there is nothing to revoke. */
async function acceptable(
  verifyToken: VerifyToken,
  jwt: string,
  kind: TokenKind,
): Promise<VerifiedToken | undefined> {
  try {
    const verified = await verifyToken(jwt, kind)
    return verified.expired ? undefined : verified
  } catch (error) {
    if (error instanceof TokenError) return undefined
    throw error
  }
}
