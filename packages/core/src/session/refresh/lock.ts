import type { Clock } from '../../clock.ts'
import { randomToken } from '../../crypto/random.ts'
import { RequestError, StoreError } from '../../errors.ts'
import type { SessionTokens } from '../../model/api.ts'
import { clientClosed, type Result } from '../../result.ts'
import { keepLock, keepTrying } from '../../store/background.ts'
import type { StateStore } from '../../store/state-store.ts'
import { decideFound, decideWaiting, graceMs } from './decide.ts'
import {
  entryOf,
  isRotation,
  readEntry,
  refreshKey,
  type RefreshResult,
  resultFrom,
  sealRefreshResult,
} from './entry.ts'
import type { RefreshHints } from './hints.ts'
import { type RotatedTokens, successorMs } from './rotated-tokens.ts'

/** How often a lock is extended that ends soon without it, in milliseconds. */
const extendMs = 1000
/** How long the entry of a failed request stays, so that all who wait see it, in milliseconds. */
const failedMs = 2000
/** The first and the longest pause between two looks at another instance's lock, in milliseconds. */
const firstPauseMs = 50
const longestPauseMs = 500

export interface RefreshLockDeps {
  /** Must fail with a {@link StoreError}. */
  readonly store: StateStore
  readonly clock: Clock
  /** How long a lock lasts without being extended, in milliseconds. */
  readonly lockMs: number
  readonly call: (refreshJwt: string) => Promise<Result<SessionTokens>>
  readonly rotated: RotatedTokens
  readonly hints: RefreshHints
  readonly format: number
  readonly timeoutMs: number
  /** How long the service accepts a rotated token again, in milliseconds; undefined if unknown. */
  readonly serviceGraceMs: number | undefined
  readonly closing: AbortSignal
}

/** A refresh token, and the entry that stands for this instance's refresh of it. */
interface Claim {
  readonly id: string
  readonly refreshJwt: string
  readonly own: string
  /** When this instance last asked for the lock: monotonic. */
  askedAt: number
}

export interface SharedResult {
  readonly result: RefreshResult
  /** Whether this request is the first to get it: no one has its tokens yet. */
  readonly isFirst: boolean
  /** Whether the store has it, so that it is not lost if this request fails. */
  readonly isStored: boolean
}

/**
 * The result of trading a refresh token, requested by one instance alone: the first takes a lock in
 * the store and leaves the sealed result in its place, for those who wait and for those who come
 * later. Only the owner of a lock extends, releases or replaces it. {@link decideFound} and
 * {@link decideWaiting} say what the others do.
 *
 * @param id the hash of the refresh token
 * @param allowed rejects if there must be no refresh; the lock is taken meanwhile, to save a round trip
 */
export async function refreshOnce(
  deps: RefreshLockDeps,
  id: string,
  refreshJwt: string,
  allowed: Promise<void>,
): Promise<SharedResult> {
  const own = entryOf(deps.format, 'running', randomToken())
  const claim = { id, refreshJwt, own, askedAt: 0 }
  const [taken, permission] = await Promise.allSettled([takeLock(deps, claim), allowed])
  if (permission.status === 'rejected') {
    const isTaken = taken.status === 'fulfilled' && taken.value === undefined
    if (isTaken) await deps.store.deleteIf(refreshKey(id), own).catch(() => {})
    throw permission.reason
  }
  if (taken.status === 'rejected') throw taken.reason
  const found = taken.value
  if (found === undefined) return request(deps, claim)
  const entry = readEntry(refreshJwt, found, deps.format, deps.clock.now())
  const { result } = entry
  const action = decideFound(entry)
  if (action === 'wait') return waitForResult(deps, claim)
  const rotates = isRotation(refreshJwt, result)
  let mayHandOut = action === 'hand-out'
  if (action === 'hand-out-unless-seen' && rotates) {
    mayHandOut = !(await deps.rotated.isSeen(result.refreshJwt))
  }
  if (result !== undefined && mayHandOut) return { result, isFirst: false, isStored: true }
  // The entry proves it, and is about to be replaced. Its instance may have crashed before the record.
  if (rotates) await deps.rotated.record(refreshJwt).catch(() => {})
  const other = await takeLock(deps, claim, found)
  return other === undefined ? request(deps, claim) : waitForResult(deps, claim)
}

/** Takes the lock, in place of `expected` if given. Resolves to what was found; undefined if taken. */
async function takeLock(
  { store, clock, lockMs, closing }: RefreshLockDeps,
  claim: Claim,
  expected?: string,
): Promise<string | undefined> {
  const [key, own] = [refreshKey(claim.id), claim.own]
  claim.askedAt = clock.monotonic()
  try {
    if (expected && (await store.replaceIf(key, expected, own, lockMs))) return undefined
    const found = await store.setIfAbsent(key, own, lockMs)
    // A client that sent the command twice finds its own lock.
    return found === own ? undefined : found
  } catch (error) {
    // Where a response was lost, it was perhaps taken, and no one need wait for its end. Without a cause,
    // the store was not asked.
    const wasAsked = error instanceof StoreError && error.cause !== undefined
    if (wasAsked) void keepTrying(() => store.deleteIf(key, own), clock, closing)
    throw error
  }
}

async function request(deps: RefreshLockDeps, claim: Claim): Promise<SharedResult> {
  // After a pause of this process, such as of its machine, the lock may be another's.
  const mayHaveEnded = deps.clock.monotonic() - claim.askedAt >= deps.lockMs
  if (mayHaveEnded && (await takeLock(deps, claim, claim.own))) return waitForResult(deps, claim)
  const stop =
    deps.serviceGraceMs === undefined
      ? undefined
      : keepLock(deps, refreshKey(claim.id), claim.own, extendMs)
  try {
    const result = resultFrom(await deps.call(claim.refreshJwt), claim.refreshJwt)
    return await handOver(deps, claim, result)
  } catch (error) {
    const failed = entryOf(deps.format, 'failed', claim.own)
    await deps.store.replaceIf(refreshKey(claim.id), claim.own, failed, failedMs).catch(() => {})
    void deps.hints.send(claim.id)
    throw error
  } finally {
    stop?.()
  }
}

/**
 * Writes the result in place of the lock, and resolves to it; or to that of another instance, if the lock was
 * lost to it. While the store fails, this caller still gets its tokens.
 */
async function handOver(
  deps: RefreshLockDeps,
  claim: Claim,
  result: RefreshResult,
): Promise<SharedResult> {
  const { store, rotated, hints, clock, closing, format } = deps
  const { id, refreshJwt, own } = claim
  const timed = { result, receivedAt: clock.now() }
  const entry = entryOf(format, 'done', sealRefreshResult(refreshJwt, timed, format))
  const rotates = isRotation(refreshJwt, result)
  const ttlMs = rotates ? successorMs : graceMs
  let isFirst = false
  let isStored = false
  let other: string | undefined

  async function write(): Promise<void> {
    isFirst = await store.replaceIf(refreshKey(id), own, entry, ttlMs)
    // If the lock has ended, the place may be free, or another's.
    const found = isFirst ? undefined : await store.setIfAbsent(refreshKey(id), entry, ttlMs)
    other = found === entry ? undefined : found
    isStored = true
  }

  await Promise.all([
    keepTrying(write, clock, closing),
    rotates && keepTrying(() => rotated.record(refreshJwt), clock, closing),
  ])
  void hints.send(id)
  const found = readEntry(refreshJwt, other, format, clock.now())
  return { result: found.result ?? result, isFirst, isStored }
}

async function waitForResult(deps: RefreshLockDeps, claim: Claim): Promise<SharedResult> {
  const { store, clock, hints, format, timeoutMs, serviceGraceMs } = deps
  const startedAt = clock.monotonic()
  const watch = hints.watch(claim.id)
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const leftMs = startedAt + timeoutMs - clock.monotonic()
      if (leftMs <= 0) throw withoutResult()
      await watch.pause(Math.min(pauseMs, leftMs)).catch(() => Promise.reject(clientClosed()))
      const found = await store.get(refreshKey(claim.id))
      const { state, result } = readEntry(claim.refreshJwt, found, format, clock.now())
      const action = decideWaiting(state, clock.monotonic() - startedAt, serviceGraceMs)
      if (action === 'fail') throw withoutResult()
      if (result !== undefined) return { result, isFirst: false, isStored: true }
      if (action === 'take-over' && (await takeLock(deps, claim)) === undefined) {
        return await request(deps, claim)
      }
    }
  } finally {
    watch.end()
  }
}

function withoutResult(): RequestError {
  const message = 'Another instance refreshed this token without a result.'
  return new RequestError('ERR_NETWORK', message, { mayHaveBeenProcessed: true })
}
