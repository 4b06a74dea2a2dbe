import { hashToken } from '../../crypto/token-hash.ts'
import { RequestError, ServiceError, StoreError, TokenError } from '../../errors.ts'
import { codeOf, sessionRefreshed } from '../../events.ts'
import { decideRefresh, type ServiceFact } from './decide.ts'
import { isRotation } from './entry.ts'
import { refreshOnce, type RefreshLockDeps, type SharedResult } from './lock.ts'
import { revoked, type Revocations, type TokenRecord } from '../revocation/revocation.ts'
import {
  requireLive,
  requireSubject,
  type VerifiedPair,
  type VerifiedToken,
  verifyPair,
  type VerifyToken,
} from '../verify-token.ts'

/**
 * Trades a refresh token for a new session. However many requests present the same token, on however
 * many instances, the service gets one request. Rejects with the errors of `refreshSession`.
 *
 * @param sub the user whose session it must be, if known
 */
export type Refresh = (refreshJwt: unknown, sub?: string) => Promise<VerifiedPair>

export interface RefreshDeps extends RefreshLockDeps {
  readonly verifyToken: VerifyToken
  readonly revocations: Revocations
}

/** Creates the refresh. Within one process, all who present a token share one promise. */
export function createRefresh(deps: RefreshDeps): Refresh {
  const pending = new Map<string, Promise<VerifiedPair>>()

  return async (refreshJwt, sub) => {
    const presented = requireLive(await deps.verifyToken(refreshJwt, 'refresh'))
    if (sub !== undefined) requireSubject(presented, sub)
    const id = hashToken(presented.validated.jwt)
    const running = pending.get(id)
    if (running !== undefined) return running
    const refreshed = trade(deps, id, presented).finally(() => pending.delete(id))
    pending.set(id, refreshed)
    if (sessionRefreshed.hasSubscribers) reportRefreshed(refreshed)
    return refreshed
  }
}

function reportRefreshed(refreshed: Promise<unknown>): void {
  const startedAt = performance.now()
  const publish = (outcome: string): void =>
    sessionRefreshed.publish({ outcome, durationMs: performance.now() - startedAt })
  refreshed.then(
    () => publish('ok'),
    (error: unknown) => publish(codeOf(error)),
  )
}

async function trade(
  deps: RefreshDeps,
  id: string,
  presented: VerifiedToken,
): Promise<VerifiedPair> {
  const { revocations } = deps
  const { validated } = presented
  // The rest is looked at once there are tokens to hand out, as it may be recorded until then.
  const allowed = goOn('unasked', () => revocations.ownRecordOf(validated))
  const shared = await refreshOnce(deps, id, validated.jwt, allowed).catch(async (error) => {
    const isOfRecord = error instanceof TokenError || error instanceof StoreError
    if (!isOfRecord) await goOn('failed', () => revocations.recordOf(validated))
    throw error
  })
  return handOut(deps, presented, shared)
}

/** The tokens of a result. If they were traded since, those that they were traded for. */
async function handOut(
  deps: RefreshDeps,
  presented: VerifiedToken,
  { result, isFirst, isStored }: SharedResult,
): Promise<VerifiedPair> {
  const { revocations, rotated, verifyToken } = deps
  const { jwt, token } = presented.validated
  const recordOf = (token: VerifiedToken) => revocations.recordOf(token.validated)
  if ('errorResponse' in result) {
    const error = new ServiceError(result.errorResponse)
    await goOn(
      'rejected',
      async () => ((await rotated.includes(jwt)) ? 'replaced' : recordOf(presented)),
      error,
    )
    throw error
  }
  const verifySession = (session: unknown) => verifyToken(session, 'session')
  const pair = verifyPair(result, verifySession, verifyToken, token.sub)
  const refreshed = await pair.catch(wrongTokens)
  const mayBeTraded = !isFirst && isStored && isRotation(jwt, result)
  const [later] = await Promise.all([
    // A browser must not get these in place of newer ones.
    mayBeTraded ? rotated.resultOf(result.refreshJwt) : undefined,
    goOn(isStored ? 'stored-tokens' : 'tokens', async () => {
      // No one has new tokens yet that this request is the first to get.
      const tokens = isFirst ? [presented] : [presented, refreshed.refresh]
      const records = await Promise.all(tokens.map(recordOf))
      return (['replaced', 'logout'] as const).find((end) => records.includes(end)) ?? 'nothing'
    }),
  ])
  if (later === undefined) return refreshed
  return handOut(deps, refreshed.refresh, { result: later, isFirst, isStored })
}

const replacedByNewer = 'The refresh token has been replaced by a newer one.'

/** Throws unless the refresh goes on, or the service's `rejection` is the outcome. */
async function goOn(
  service: ServiceFact,
  look: () => Promise<TokenRecord>,
  rejection?: ServiceError,
): Promise<void> {
  let cause: unknown
  const record = await look().catch((error: unknown) => {
    cause = error
    return 'unknown' as const
  })
  switch (decideRefresh(service, record)) {
    case 'go-on':
    case 'refused':
      return
    case 'revoked':
      throw revoked()
    case 'rotated':
      throw new TokenError('ERR_TOKEN_ROTATED', replacedByNewer, { cause: rejection })
    case 'unavailable':
      throw cause
  }
}

function wrongTokens(cause: unknown): never {
  if (!(cause instanceof TokenError)) throw cause
  const message = 'The service returned tokens that are not valid for this user.'
  throw new RequestError('ERR_RESPONSE_INVALID', message, { mayHaveBeenProcessed: true, cause })
}
