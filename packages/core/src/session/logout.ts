import type { ServiceTime } from '../clock.ts'
import { TokenError } from '../errors.ts'
import type { TokenKind } from '../jwt/claims.ts'
import { orAbort } from '../on-abort.ts'
import type { Config } from '../options.ts'
import { longestLifetimeSeconds, type Revocations } from './revocation/revocation.ts'
import { isRotation } from './refresh/entry.ts'
import type { RotatedTokens } from './refresh/rotated-tokens.ts'
import type { VerifiedToken, VerifyToken } from './verify-token.ts'

/**
 * Records logouts for every instance. A token that is not acceptable is ignored. What cannot be decided is
 * thrown: a `TokenError` with `ERR_TOKEN_TOO_EARLY`, a `KeySetError` or a `StoreError`.
 */
export interface Logout {
  /**
   * Records that a user logged out here. From now on no refresh with this refresh token, or with one
   * that it was just traded for, returns a session, not even one that is already running; with
   * `revocation` configured, the session tokens are rejected as well. Each is recorded until it expires.
   */
  recordLogout(refreshJwt: string | undefined, sessionJwt?: string): Promise<void>
  /**
   * Records that the user of a token logged out everywhere: every token issued to them until now is
   * revoked.
   *
   * @param kind which token it is @default 'refresh'
   */
  recordLogoutAll(jwt: string, kind?: TokenKind): Promise<void>
  /**
   * Records that a sign-in has replaced the session of a refresh token: no refresh with it returns a
   * session, and one that comes late gets `ERR_TOKEN_ROTATED`, since the browser holds newer cookies.
   */
  recordReplaced(refreshJwt: string): Promise<void>
  /** The user of a token that is acceptable; `none` for any other, where there is nothing to end. */
  findLive(jwt: string, kind: TokenKind): Promise<{ readonly userId: string } | 'none'>
}

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

export function createLogout(deps: LogoutDeps): Logout {
  const { config, verifyToken, revocations, serviceTime, rotated } = deps
  const { clock, clockToleranceSeconds, revocation } = config

  async function recordToken(
    jwt: string | undefined,
    kind: TokenKind,
    why?: 'replaced',
  ): Promise<boolean> {
    const verified = jwt ? await acceptable(verifyToken, jwt, kind) : undefined
    if (verified === undefined) return false
    const { exp } = verified.validated.token
    const remainingMs = (exp + clockToleranceSeconds) * 1000 - clock.now()
    if (kind === 'session') await revocations.revokeSession(verified.validated, remainingMs)
    else await revocations.revoke(verified.validated, remainingMs, why)
    return true
  }

  // With what it was traded for, which another tab of the browser may already have.
  async function recordRefresh(jwt: string | undefined, why?: 'replaced'): Promise<void> {
    if (!(await recordToken(jwt, 'refresh', why)) || jwt === undefined) return
    const result = await rotated.resultOf(jwt, why === 'replaced' ? underWayMs : 0)
    if (result === undefined || 'errorResponse' in result) return
    if (why === undefined) await recordSession(result.sessionJwt)
    if (isRotation(jwt, result)) await recordRefresh(result.refreshJwt, why)
  }

  async function recordSession(jwt: string | undefined): Promise<void> {
    // Without `revocation` no check of a session token would look for the record.
    if (revocation !== undefined) await recordToken(jwt, 'session')
  }

  return {
    async recordLogout(refreshJwt, sessionJwt) {
      await recordRefresh(refreshJwt)
      await recordSession(sessionJwt)
    },
    async recordLogoutAll(jwt, kind = 'refresh') {
      const verified = await acceptable(verifyToken, jwt, kind)
      if (verified === undefined) return
      const { token } = verified.validated
      // The token that was presented is revoked in any case, also before the first measurement.
      const second = Math.max(Math.floor(serviceTime.latest() / 1000), token.iat)
      // The user's other tokens may live longer than this one.
      const ttlMs = (longestLifetimeSeconds + clockToleranceSeconds) * 1000
      await revocations.revokeUser(token.sub, second, ttlMs)
    },
    recordReplaced: (refreshJwt) => recordRefresh(refreshJwt, 'replaced'),
    async findLive(jwt, kind) {
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

/** The same, for a caller whose signal may abort: a record then rejects, however long the keys take. */
export function abortableLogout(records: Logout, signal: AbortSignal | undefined): Logout {
  if (signal === undefined) return records
  return {
    recordLogout: (...tokens) => orAbort(records.recordLogout(...tokens), signal),
    recordLogoutAll: (...token) => orAbort(records.recordLogoutAll(...token), signal),
    recordReplaced: (jwt) => orAbort(records.recordReplaced(jwt), signal),
    findLive: (...token) => orAbort(records.findLive(...token), signal),
  }
}
