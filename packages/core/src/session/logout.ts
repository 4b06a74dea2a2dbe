import type { ServiceTime } from '../clock.ts'
import { TokenError } from '../errors.ts'
import type { TokenKind } from '../jwt/claims.ts'
import type { ValidatedToken } from '../model/claims.ts'
import { type Limits, startLimits } from '../on-abort.ts'
import type { Config } from '../options.ts'
import type { EndScope } from './decide.ts'
import { isRotation } from './refresh/entry.ts'
import type { RotatedTokens } from './refresh/rotated-tokens.ts'
import type { Revocations } from './revocation/revocation.ts'
import type { VerifiedToken, VerifyToken } from './verify-token.ts'

export type Logout = ReturnType<typeof createLogout>

export interface LogoutDeps {
  readonly config: Pick<Config, 'clock' | 'clockToleranceSeconds' | 'revocation'>
  readonly verifyToken: VerifyToken
  readonly revocations: Revocations
  /** The clock that stamps the tokens, which is not ours. */
  readonly serviceTime: Pick<ServiceTime, 'latest'>
  readonly rotated: Pick<RotatedTokens, 'resultOf'>
}

/**
 * How long a sign-in waits for a refresh of the token that it replaces, in milliseconds: a tab may have the
 * new tokens before the store has, and is to find them recorded. A logout relies on the service there.
 */
const underWayMs = 1000

/** The record of ended tokens, for every instance. */
export function createLogout(deps: LogoutDeps) {
  const { config, verifyToken, revocations, serviceTime, rotated } = deps
  const { clock, clockToleranceSeconds, revocation } = config

  /**
   * Records that a token ended, until it expires. One that is not acceptable is ignored.
   *
   * - `this-session`: from now on no refresh with this refresh token, or with one that it was just traded
   *   for, returns a session, not even one that is already running; with `revocation` configured, session
   *   tokens are rejected as well
   * - `everywhere`: every token issued to its user until now is revoked
   * - `replaced`: as `this-session`, but a refresh that comes late gets `ERR_TOKEN_ROTATED`, since the
   *   browser holds newer cookies
   *
   * @throws {TokenError} `ERR_TOKEN_TOO_EARLY`: it will be acceptable
   * @throws {KeySetError} the keys are unavailable
   * @throws {StoreError} the store is unavailable
   */
  async function record(jwt: string, kind: TokenKind, scope: EndScope): Promise<void> {
    // Without `revocation` no check of a session token would look for the record.
    if (kind === 'session' && scope !== 'everywhere' && revocation === undefined) return
    const verified = await acceptable(verifyToken, jwt, kind)
    if (verified === undefined) return
    const { validated } = verified
    if (scope === 'everywhere') return recordUser(validated)
    const remainingMs = (validated.token.exp + clockToleranceSeconds) * 1000 - clock.now()
    if (kind === 'refresh') return recordRefresh(validated, remainingMs, scope)
    await revocations.revokeSession(validated, remainingMs)
  }

  async function recordUser({ token }: ValidatedToken): Promise<void> {
    // The token that was presented is revoked in any case, also before the first measurement.
    const second = Math.max(Math.floor(serviceTime.latest() / 1000), token.iat)
    await revocations.revokeUser(token.sub, second)
  }

  // With what it was traded for, which another tab of the browser may already have.
  async function recordRefresh(
    validated: ValidatedToken,
    remainingMs: number,
    scope: 'this-session' | 'replaced',
  ): Promise<void> {
    const isReplaced = scope === 'replaced'
    await revocations.revoke(validated, remainingMs, isReplaced ? scope : undefined)
    const result = await rotated.resultOf(validated.jwt, isReplaced ? underWayMs : 0)
    if (result === undefined || 'errorResponse' in result) return
    if (!isReplaced) await record(result.sessionJwt, 'session', scope)
    if (isRotation(validated.jwt, result)) await record(result.refreshJwt, 'refresh', scope)
  }

  return {
    record,
    /** The user of a token that is acceptable; `none` for any other, where there is nothing to end. */
    async findLive(jwt: string, kind: TokenKind): Promise<{ readonly userId: string } | 'none'> {
      const verified = await acceptable(verifyToken, jwt, kind)
      return verified === undefined ? 'none' : { userId: verified.validated.token.sub }
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
    // One that is not valid yet will be, and the service accepts it now.
    const isUndecided = error instanceof TokenError && error.code === 'ERR_TOKEN_TOO_EARLY'
    if (error instanceof TokenError && !isUndecided) return undefined
    throw error
  }
}

/** The same within the limits of a caller, after which both reject, however long the keys or the store take. */
export function limitedLogout(records: Logout, limits: Limits): Logout {
  return {
    record: (...token) => startLimits(limits)(records.record(...token)),
    findLive: (...token) => startLimits(limits)(records.findLive(...token)),
  }
}
