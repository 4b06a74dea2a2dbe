import type { Config } from '../options.ts'
import { TokenError } from '../errors.ts'
import type { TokenKind } from '../jwt/claims.ts'
import type { Revocations } from './revocation.ts'
import type { VerifiedToken, VerifyToken } from './verify-token.ts'

/** Records logouts for every instance. */
export interface Logout {
  /**
   * Records that a person logged out here. From now on no refresh with this token brings anything,
   * not even one that is under way; with `revocation` configured, the session token is refused
   * until its end as well. A token that is not acceptable is nobody's, and is not recorded.
   *
   * @throws {KeySetError} the keys are out of reach
   * @throws {StoreError} the store is out of reach
   */
  recordLogout(refreshJwt: string, sessionJwt?: string): Promise<void>
  /**
   * Records that a person logged out everywhere: whatever was issued to them until now is over.
   *
   * @throws {KeySetError} the keys are out of reach
   * @throws {StoreError} the store is out of reach
   */
  recordLogoutAll(refreshJwt: string): Promise<void>
}

/** What {@link createLogout} is made of. */
export interface LogoutDeps {
  readonly config: Pick<Config, 'clock' | 'clockToleranceSeconds' | 'revocation'>
  readonly check: VerifyToken
  readonly revocations: Revocations
  /** How long a refresh that is under way can still hand something over, in milliseconds. */
  readonly refreshMs: number
}

/** Wires the record of logouts. */
export function createLogout({ config, check, revocations, refreshMs }: LogoutDeps): Logout {
  const { clock, clockToleranceSeconds, revocation } = config

  function remainingMs({ validated }: VerifiedToken): number {
    return (validated.token.exp + clockToleranceSeconds) * 1000 - clock.now()
  }

  async function acceptable(jwt: string, kind: TokenKind): Promise<VerifiedToken | undefined> {
    try {
      const checked = await check(jwt, kind)
      return checked.expired ? undefined : checked
    } catch (error) {
      if (error instanceof TokenError) return undefined
      throw error
    }
  }

  return {
    async recordLogout(refreshJwt, sessionJwt) {
      const refresh = await acceptable(refreshJwt, 'refresh')
      if (refresh !== undefined) {
        await revocations.revoke(refresh.validated, revocation ? remainingMs(refresh) : refreshMs)
      }
      if (revocation === undefined || !sessionJwt) return
      const session = await acceptable(sessionJwt, 'session')
      if (session !== undefined) await revocations.revoke(session.validated, remainingMs(session))
    },
    async recordLogoutAll(refreshJwt) {
      const refresh = await acceptable(refreshJwt, 'refresh')
      if (refresh === undefined) return
      const { token } = refresh.validated
      // What was issued until now ends no later than a refresh token that is issued now would.
      const lifetimeMs = (token.exp - token.iat + clockToleranceSeconds) * 1000
      await revocations.revokeAll(token, revocation ? lifetimeMs : refreshMs)
    },
  }
}
