import { hashToken } from '../../crypto/token-hash.ts'
import { RequestError, ServiceError, TokenError } from '../../errors.ts'
import type { IssuedTokens } from '../../model/outcome.ts'
import { refreshOnce, type RefreshLockDeps, type SharedResult } from './lock.ts'
import { isRotation, type RefreshResult } from './result.ts'
import { revoked, type Revocations } from '../revocation.ts'
import { issuedTokens } from '../token-views.ts'
import {
  requireLive,
  requireSubject,
  type VerifiedToken,
  type VerifyToken,
} from '../verify-token.ts'

/** What a refresh returned, verified. */
export interface Refreshed {
  readonly session: VerifiedToken
  readonly refresh: VerifiedToken
  readonly tokens: IssuedTokens
}

/**
 * Trades a refresh token for a new session. However many requests present the same token, on however
 * many instances, the service gets one request.
 *
 * @param sub the user whose session it must be, if known
 * @throws {TokenError} the refresh token is not acceptable; `ERR_TOKEN_REVOKED` when a logout ended
 *   it; `ERR_TOKEN_ROTATED` when the service rejected one that was replaced by a newer one, with the
 *   error response as the cause
 * @throws {ServiceError} an error response
 * @throws {RequestError} no usable response, or tokens of another user
 * @throws {KeySetError} the keys are unavailable
 * @throws {StoreError} the store is unavailable
 */
export type Refresh = (refreshJwt: unknown, sub?: string) => Promise<Refreshed>

/** Dependencies of {@link createRefresh}. */
export interface RefreshDeps extends RefreshLockDeps {
  readonly verifyToken: VerifyToken
  readonly revocations: Revocations
}

/** Creates the refresh. Within one process, all who present a token share one promise. */
export function createRefresh(deps: RefreshDeps): Refresh {
  const pending = new Map<string, Promise<Refreshed>>()

  return async (refreshJwt, sub) => {
    const presented = requireLive(await deps.verifyToken(refreshJwt, 'refresh'))
    if (sub !== undefined) requireSubject(presented, sub)
    const id = hashToken(presented.validated.jwt)
    const refreshed =
      pending.get(id) ?? trade(deps, id, presented).finally(() => pending.delete(id))
    pending.set(id, refreshed)
    return refreshed
  }
}

async function trade(deps: RefreshDeps, id: string, presented: VerifiedToken): Promise<Refreshed> {
  const allowed = notRevoked(deps.revocations, presented)
  const shared = await refreshOnce(deps, id, presented.validated.jwt, allowed)
  return handOut(deps, presented, shared)
}

/** The tokens of a result. If they were traded since, those that they were traded for. */
async function handOut(
  deps: RefreshDeps,
  presented: VerifiedToken,
  { result, isFirst, isStored }: SharedResult,
): Promise<Refreshed> {
  const { revocations, rotated } = deps
  const { jwt } = presented.validated
  if ('errorResponse' in result) {
    const error = new ServiceError(result.errorResponse)
    const isLate =
      (await rotated.includes(jwt)) || (await revocations.isReplaced(presented.validated))
    throw isLate ? rotatedError(error) : error
  }
  const refreshed = await verifyTokens(deps.verifyToken, result, presented.validated.token.sub)
  const toCheck = isFirst ? [presented] : [presented, refreshed.refresh]
  const mayBeTraded = !isFirst && isStored && isRotation(jwt, result)
  const [isLoggedOut, later] = await Promise.all([
    wasLoggedOut(revocations, toCheck, isStored),
    // A browser must not get these in place of newer ones.
    mayBeTraded ? rotated.resultOf(result.refreshJwt) : undefined,
  ])
  // A logout that was recorded during the refresh wins.
  if (isLoggedOut) throw await endedError(revocations, toCheck)
  if (later === undefined) return refreshed
  return handOut(deps, refreshed.refresh, { result: later, isFirst, isStored })
}

async function verifyTokens(
  verifyToken: VerifyToken,
  { sessionJwt, refreshJwt }: Exclude<RefreshResult, { errorResponse: unknown }>,
  sub: string,
): Promise<Refreshed> {
  try {
    const session = requireLive(await verifyToken(sessionJwt, 'session'))
    const refresh = requireLive(await verifyToken(refreshJwt, 'refresh'))
    for (const token of [session, refresh]) requireSubject(token, sub)
    return { session, refresh, tokens: issuedTokens(session.validated, refresh.validated) }
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    const message = 'The service returned tokens that are not valid for this user.'
    throw new RequestError('ERR_RESPONSE_INVALID', message, {
      mayHaveBeenProcessed: true,
      cause: error,
    })
  }
}

async function notRevoked(revocations: Revocations, token: VerifiedToken): Promise<void> {
  if (await revocations.isRevoked(token.validated)) {
    throw await endedError(revocations, [token])
  }
}

/**
 * Whether a logout ended one of these tokens. The store is not asked about new tokens that no one has
 * yet.
 */
async function wasLoggedOut(
  revocations: Revocations,
  tokens: readonly VerifiedToken[],
  isStored: boolean,
): Promise<boolean> {
  try {
    const found = await Promise.all(tokens.map((token) => revocations.isRevoked(token.validated)))
    return found.includes(true)
  } catch (error) {
    // The next request finds the new tokens in the store.
    if (isStored) throw error
    // They are here alone, and the old one may be used up: losing them would end the session.
    return false
  }
}

/** The error of tokens that a logout ended, or that a sign-in in the same browser replaced. */
async function endedError(
  revocations: Revocations,
  tokens: readonly VerifiedToken[],
): Promise<TokenError> {
  const found = await Promise.all(tokens.map((token) => revocations.isReplaced(token.validated)))
  return found.includes(true) ? rotatedError() : revoked()
}

function rotatedError(cause?: ServiceError): TokenError {
  const message = 'The refresh token has been replaced by a newer one.'
  return new TokenError('ERR_TOKEN_ROTATED', message, { cause })
}
