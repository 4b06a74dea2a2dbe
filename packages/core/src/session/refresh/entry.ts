import type Zlib from 'node:zlib'
import { createSealer, formatsRead } from '../../crypto/sealer.ts'
import type { ServiceErrorDetails } from '../../errors.ts'
import type { SessionTokens } from '../../model/api.ts'
import type { Result } from '../../result.ts'
import { isFinalRefusal } from '../decide.ts'
import type { FoundEntry } from './decide.ts'

/** The outcome of a refresh, for other requests with the same token: new tokens, or an error. */
export type RefreshResult =
  | { readonly sessionJwt: string; readonly refreshJwt: string }
  | { readonly errorResponse: ServiceErrorDetails }

/** A result, and when it was received, in milliseconds since the epoch. */
interface TimedResult {
  readonly result: RefreshResult
  readonly receivedAt: number
}

/** An entry as the decisions see it, and its result where it is `done`. */
export type ReadEntry = FoundEntry & { readonly result?: RefreshResult }

/** @param id the hash of the refresh token */
export function refreshKey(id: string): string {
  return `refresh:${id}`
}

/**
 * What the store holds about the refresh of one token: `running` with a random value, so that only its
 * owner extends or replaces the lock; `failed` where its request had no outcome, so that those who wait end
 * at once; `done` with the sealed outcome.
 */
export function entryOf(
  format: number,
  state: 'running' | 'failed' | 'done',
  content: string,
): string {
  return `${format}:${state}:${content}`
}

/** Reads the entry of a refresh token. One of a format that is not read is of another release, and is waited for. */
export function readEntry(
  refreshJwt: string,
  entry: string | undefined,
  format: number,
  now: number,
): ReadEntry {
  if (entry === undefined) return { state: 'none' }
  const [number, state, content = ''] = entry.split(':')
  if (!formatsRead(format).includes(Number(number))) return { state: 'running' }
  if (state !== 'done') return { state: state === 'failed' ? state : 'running' }
  const timed = openRefreshResult(refreshJwt, content, format)
  if (timed === undefined) return { state: 'unreadable' }
  const { result, receivedAt } = timed
  return { state, result, ageMs: now - receivedAt, isRotation: isRotation(refreshJwt, result) }
}

const purpose = 'refresh result'

/**
 * Encrypts a result under the refresh token that was traded, so that access to the store alone does not sign
 * anyone in. Deflated, as base64url in base64url would take a third more of the store.
 */
export function sealRefreshResult(refreshJwt: string, timed: TimedResult, format?: number): string {
  const bytes = zlib().deflateRawSync(JSON.stringify(timed))
  return createSealer([refreshJwt], '', format).sealBytes(purpose, bytes)
}

/** The result in a sealed value; undefined when it was not sealed under this refresh token. */
export function openRefreshResult(
  refreshJwt: string,
  sealed: string,
  format?: number,
): TimedResult | undefined {
  const bytes = createSealer([refreshJwt], '', format).openBytes(purpose, sealed)
  if (bytes === undefined) return undefined
  try {
    const timed: unknown = JSON.parse(zlib().inflateRawSync(bytes).toString())
    return isTimedResult(timed) ? timed : undefined
  } catch {
    // Of a release that wrote it otherwise.
    return undefined
  }
}

// Loaded with the first refresh: to import this package takes a millisecond less.
function zlib(): Pick<typeof Zlib, 'deflateRawSync' | 'inflateRawSync'> {
  return process.getBuiltinModule('node:zlib')
}

function isTimedResult(value: unknown): value is TimedResult {
  const { result, receivedAt }: { result?: unknown; receivedAt?: unknown } = Object(value)
  if (typeof receivedAt !== 'number' || typeof result !== 'object' || result === null) return false
  return 'sessionJwt' in result || 'errorResponse' in result
}

/** Whether a result replaces the refresh token that was traded. */
export function isRotation(
  refreshJwt: string,
  result: RefreshResult | undefined,
): result is Exclude<RefreshResult, { errorResponse: unknown }> {
  return result !== undefined && 'refreshJwt' in result && result.refreshJwt !== refreshJwt
}

/** A response as a result to share; an error that decides nothing is thrown. */
export function resultFrom(response: Result<SessionTokens>, refreshJwt: string): RefreshResult {
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
