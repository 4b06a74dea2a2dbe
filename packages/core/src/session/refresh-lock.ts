import type { Clock } from '../clock.ts'
import { RequestError } from '../errors.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import type { Result } from '../result.ts'
import type { StateStore } from '../store/state-store.ts'
import { openRefreshResult, sealRefreshResult, type RefreshResult } from './refresh-result.ts'
import type { RotatedTokens } from './rotated-tokens.ts'
import { isFinalRefusal } from './token-refusal.ts'

/** How long a result is kept for other requests with the same refresh token, in milliseconds. */
const graceMs = 10_000
/** How often the result of another instance is looked for, in milliseconds. */
const pollMs = 50

/** Dependencies of {@link refreshOnce}. */
export interface RefreshLockDeps {
  /** One request to the service. */
  readonly call: (refreshJwt: string) => Promise<Result<SessionTokens>>
  /** Must fail with a {@link StoreError}. */
  readonly store: StateStore
  /** Where it is recorded that a token was replaced. */
  readonly rotated: RotatedTokens
  readonly clock: Clock
  /** How long a refresh may take, in milliseconds. */
  readonly lockMs: number
  /** Aborts when waits for other instances must end. */
  readonly closing: AbortSignal
}

/**
 * The result of trading a refresh token, requested by one instance alone: the first takes a lock in
 * the store and leaves the sealed result there, for those who wait and for those who come later. A
 * failed request is not repeated on behalf of those who waited for it.
 *
 * @param id the hash of the refresh token
 * @throws {ServiceError} an error response that does not end the session
 * @throws {RequestError} no usable response, from the service or from the instance with the lock
 * @throws {StoreError} the store is unavailable
 */
export async function refreshOnce(
  deps: RefreshLockDeps,
  id: string,
  refreshJwt: string,
): Promise<RefreshResult> {
  const { store, lockMs } = deps
  const known = await readResult(store, id, refreshJwt)
  if (known !== undefined) return known
  const found = await store.setIfAbsent(lockKey(id), '1', lockMs)
  if (found !== undefined) return waitForResult(deps, id, refreshJwt)
  try {
    // Another instance may have finished between the first read and the lock.
    const late = await readResult(store, id, refreshJwt)
    return late ?? (await requestResult(deps, id, refreshJwt))
  } finally {
    await store.delete(lockKey(id)).catch(() => {})
  }
}

async function requestResult(
  { call, store, rotated }: RefreshLockDeps,
  id: string,
  refreshJwt: string,
): Promise<RefreshResult> {
  const result = resultFrom(await call(refreshJwt), refreshJwt)
  const sealed = sealRefreshResult(refreshJwt, result)
  const isRotated = 'refreshJwt' in result && result.refreshJwt !== refreshJwt
  // If the store fails, other instances cannot get these tokens, but this caller still can.
  await Promise.allSettled([
    store.set(resultKey(id), sealed, graceMs),
    isRotated && rotated.record(refreshJwt),
  ])
  return result
}

async function waitForResult(
  { store, clock, lockMs, closing }: RefreshLockDeps,
  id: string,
  refreshJwt: string,
): Promise<RefreshResult> {
  const deadline = clock.monotonic() + lockMs
  while (clock.monotonic() < deadline) {
    await clock.sleep(pollMs, closing).catch(() => Promise.reject(closed()))
    // The lock is read first, because it is released only after the result was written.
    const isLocked = (await store.get(lockKey(id))) !== undefined
    const result = await readResult(store, id, refreshJwt)
    if (result !== undefined) return result
    if (!isLocked) break
  }
  throw new RequestError('ERR_NETWORK', 'Another instance refreshed this token without a result.', {
    mayHaveBeenProcessed: true,
  })
}

async function readResult(
  store: StateStore,
  id: string,
  refreshJwt: string,
): Promise<RefreshResult | undefined> {
  const sealed = await store.get(resultKey(id))
  return sealed === undefined ? undefined : openRefreshResult(refreshJwt, sealed)
}

/** A response as a result to share; an error that decides nothing is thrown. */
function resultFrom(response: Result<SessionTokens>, refreshJwt: string): RefreshResult {
  if (response.ok) {
    const { data } = response
    // Without rotation the response has no refresh token, and the old one stays valid.
    return { sessionJwt: data.sessionJwt, refreshJwt: data.refreshJwt || refreshJwt }
  }
  const { error } = response
  if (!isFinalRefusal(error)) throw error
  const { status, errorCode, errorDescription, errorMessage } = error
  return { errorResponse: { status, errorCode, errorDescription, errorMessage } }
}

function lockKey(id: string): string {
  return `refresh-lock:${id}`
}

function resultKey(id: string): string {
  return `refresh-result:${id}`
}

function closed(): RequestError {
  return new RequestError('ERR_CLOSED', 'The client is closed.')
}
