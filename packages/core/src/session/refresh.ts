import type { Clock } from '../clock.ts'
import { RequestError, ServiceError, TokenError } from '../errors.ts'
import type { IssuedTokens } from '../model/outcome.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import { redact } from '../model/redact.ts'
import type { Result } from '../result.ts'
import type { StateStore } from '../store/state-store.ts'
import { isFinalRefusal } from './refresh-refusal.ts'
import { revoked, type Revocations } from './revocation.ts'
import type { RotatedTokens } from './rotated-tokens.ts'
import { openRefreshResult, sealRefreshResult, type Successor } from './refresh-result.ts'
import type { VerifiedToken, VerifyToken } from './verify-token.ts'
import { hashToken } from '../crypto/token-hash.ts'

/** How long a successor is handed to others who present the same refresh token, in milliseconds. */
export const graceMs = 10_000
/** How often another instance's refresh is asked after. */
const pollMs = 50

/** What a refresh brought, checked. */
export interface Refreshed {
  readonly session: VerifiedToken
  readonly refresh: VerifiedToken
  readonly tokens: IssuedTokens
}

/**
 * Trades a refresh token for a new session, once, whoever else is asking.
 *
 * @param sub whose session it must be, when the caller knows
 * @throws {TokenError} of the refresh token; `ERR_TOKEN_REVOKED` when a logout ended it
 * @throws {ServiceError} the service refused
 * @throws {RequestError} no usable answer, or an answer for somebody else
 * @throws {KeySetError} the keys are out of reach
 * @throws {StoreError} the store is out of reach
 */
export type Refresh = (refreshJwt: unknown, sub?: string) => Promise<Refreshed>

/** What {@link createRefresh} is made of. */
export interface RefreshDeps {
  readonly check: VerifyToken
  /** One request to the service. */
  readonly call: (refreshJwt: string) => Promise<Result<SessionTokens>>
  /** One that fails with a {@link StoreError}. */
  readonly store: StateStore
  readonly revocations: Revocations
  /** Where it is left that a token was replaced. */
  readonly replaced: RotatedTokens
  readonly clock: Clock
  /** How long a refresh may be under way, in milliseconds. */
  readonly lockMs: number
  /** Aborts when waits for other instances are to end. */
  readonly closing: AbortSignal
}

/**
 * The coordinator. In one process all who present a token share one promise; across processes the
 * first takes a lock in the store, and leaves the outcome there, sealed, for the others and for
 * late-comers. A failed attempt is never repeated on behalf of those who waited for it.
 */
export function createRefresh(deps: RefreshDeps): Refresh {
  const { check, call, store, revocations, replaced, clock, lockMs, closing } = deps
  const flights = new Map<string, Promise<Refreshed>>()

  return async (refreshJwt, sub) => {
    const presented = requireLive(await check(refreshJwt, 'refresh'))
    if (sub !== undefined) requireSubject(presented, sub)
    const id = hashToken(presented.validated.jwt)
    const flight = flights.get(id) ?? coordinate(id, presented).finally(() => flights.delete(id))
    flights.set(id, flight)
    return flight
  }

  async function coordinate(id: string, presented: VerifiedToken): Promise<Refreshed> {
    if (await revocations.isRevoked(presented.validated)) throw revoked()
    const successor = await findSuccessor(id, presented.validated.jwt)
    const refreshed = await accept(successor, presented)
    // A logout that came while this was under way has the last word.
    if (await wasLoggedOut(presented, refreshed)) throw revoked()
    return refreshed
  }

  async function findSuccessor(id: string, refreshJwt: string): Promise<Successor> {
    const handedOver = await readSuccessor(id, refreshJwt)
    if (handedOver !== undefined) return handedOver
    const isFirst = await store.setIfAbsent(lockKey(id), '1', lockMs)
    if (!isFirst) return waitForSuccessor(id, refreshJwt)
    try {
      // Another instance may have ended between the look and the lock.
      const late = await readSuccessor(id, refreshJwt)
      return late ?? (await callAndHandOver(id, refreshJwt))
    } finally {
      await store.delete(lockKey(id)).catch(() => {})
    }
  }

  async function callAndHandOver(id: string, refreshJwt: string): Promise<Successor> {
    const successor = successorFrom(await call(refreshJwt), refreshJwt)
    const sealed = sealRefreshResult(refreshJwt, successor)
    // Without the store others cannot have these tokens, but whoever asked here still can.
    const kept = store.set(successorKey(id), sealed, graceMs)
    const isReplaced = 'refreshJwt' in successor && successor.refreshJwt !== refreshJwt
    await Promise.allSettled([kept, isReplaced && replaced.record(refreshJwt)])
    return successor
  }

  async function waitForSuccessor(id: string, refreshJwt: string): Promise<Successor> {
    const deadline = clock.monotonic() + lockMs
    while (clock.monotonic() < deadline) {
      await clock.sleep(pollMs, closing).catch(() => Promise.reject(closed()))
      // The lock is read first: it goes only after its outcome was left.
      const isLocked = (await store.get(lockKey(id))) !== undefined
      const successor = await readSuccessor(id, refreshJwt)
      if (successor !== undefined) return successor
      if (!isLocked) break
    }
    throw new RequestError('ERR_NETWORK', 'A refresh by another instance brought no answer.', {
      mayHaveBeenProcessed: true,
    })
  }

  async function readSuccessor(id: string, refreshJwt: string): Promise<Successor | undefined> {
    const sealed = await store.get(successorKey(id))
    return sealed === undefined ? undefined : openRefreshResult(refreshJwt, sealed)
  }

  async function accept(successor: Successor, presented: VerifiedToken): Promise<Refreshed> {
    if ('refusal' in successor) throw new ServiceError(successor.refusal)
    try {
      const session = requireLive(await check(successor.sessionJwt, 'session'))
      const refresh = requireLive(await check(successor.refreshJwt, 'refresh'))
      for (const token of [session, refresh]) requireSubject(token, presented.validated.token.sub)
      return { session, refresh, tokens: issuedTokens(session, refresh) }
    } catch (error) {
      if (!(error instanceof TokenError)) throw error
      throw new RequestError('ERR_RESPONSE_INVALID', 'A refresh must bring tokens of its person.', {
        mayHaveBeenProcessed: true,
        cause: error,
      })
    }
  }

  async function wasLoggedOut(presented: VerifiedToken, { refresh }: Refreshed): Promise<boolean> {
    try {
      const [before, after] = await Promise.all([
        revocations.isRevoked(presented.validated),
        revocations.isRevoked(refresh.validated),
      ])
      return before || after
    } catch {
      // The tokens are here and the old one may be spent: losing them would end the session.
      return false
    }
  }
}

/** A token that was accepted as this kind, and has not ended. */
export function requireLive(checked: VerifiedToken): VerifiedToken {
  if (!checked.expired) return checked
  throw new TokenError('ERR_TOKEN_EXPIRED', 'A token must not have expired.', { claim: 'exp' })
}

/** Refuses a token that is not of this person. */
export function requireSubject({ validated }: VerifiedToken, sub: string): void {
  if (validated.token.sub === sub) return
  throw new TokenError('ERR_TOKEN_CLAIM', 'The tokens must be of one person.', { claim: 'sub' })
}

/** The two tokens as a caller sets them. */
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

/** What the service answered, as others may have it; an error that decides nothing is thrown. */
function successorFrom(answer: Result<SessionTokens>, refreshJwt: string): Successor {
  if (answer.ok) {
    // Without rotation the answer holds no refresh token, and the old one stays good.
    return { sessionJwt: answer.data.sessionJwt, refreshJwt: answer.data.refreshJwt || refreshJwt }
  }
  const { error } = answer
  if (!isFinalRefusal(error)) throw error
  const { status, errorCode, errorDescription, errorMessage } = error
  return { refusal: { status, errorCode, errorDescription, errorMessage } }
}

function lockKey(id: string): string {
  return `refresh-lock:${id}`
}

function successorKey(id: string): string {
  return `successor:${id}`
}

function closed(): RequestError {
  return new RequestError('ERR_CLOSED', 'The client is closed.')
}
