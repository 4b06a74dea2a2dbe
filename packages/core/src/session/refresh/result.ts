import { isDeepStrictEqual } from 'node:util'
import { createSealer } from '../../crypto/sealer.ts'
import type { ServiceErrorDetails } from '../../errors.ts'
import type { SessionTokens } from '../../model/session-tokens.ts'
import type { Result } from '../../result.ts'
import { isFinalRefusal } from '../token-refusal.ts'
import { sealedIn, stateOf } from './entry.ts'

/** The outcome of a refresh, for other requests with the same token: new tokens, or an error. */
export type RefreshResult =
  | { readonly sessionJwt: string; readonly refreshJwt: string }
  | { readonly errorResponse: ServiceErrorDetails }

/** A result, and when it was received, in milliseconds since the epoch. */
export interface TimedResult {
  readonly result: RefreshResult
  readonly receivedAt: number
}

const purpose = 'refresh result'

/**
 * Encrypts a result under the refresh token that was traded, so that only a holder of that token can
 * read it: access to the store alone does not sign anyone in.
 */
export function sealRefreshResult(refreshJwt: string, timed: TimedResult, format?: number): string {
  return createSealer([refreshJwt], '', format).sealBytes(purpose, bytesOf(timed))
}

/** The result in a sealed value; undefined when it was not sealed under this refresh token. */
export function openRefreshResult(
  refreshJwt: string,
  sealed: string,
  format?: number,
): TimedResult | undefined {
  const bytes = createSealer([refreshJwt], '', format).openBytes(purpose, sealed)
  const timed = bytes && timedIn(bytes)
  return isTimedResult(timed) ? timed : undefined
}

/**
 * A result as bytes: a line of JSON, and tokens after it as the bytes that their parts encode. As text, which
 * the seal encodes again, they take a third more in the store. What is no token stays in the JSON.
 */
function bytesOf({ result, receivedAt }: TimedResult): Buffer {
  const { sessionJwt = '', refreshJwt = '' } = 'errorResponse' in result ? {} : result
  const parts = `${sessionJwt}.${refreshJwt}`
    .split('.')
    .map((part) => Buffer.from(part, 'base64url'))
  const lengths = parts.map(({ length }) => length)
  const packed = Buffer.concat([line({ receivedAt, lengths }), ...parts])
  const isSame = isDeepStrictEqual(timedIn(packed), { result, receivedAt })
  return isSame ? packed : line({ result, receivedAt })
}

function timedIn(bytes: Buffer): unknown {
  const end = bytes.indexOf('\n')
  const head: { lengths?: unknown } = Object(jsonIn(bytes.toString('utf8', 0, Math.max(0, end))))
  const { lengths, ...timed } = head
  if (!Array.isArray(lengths)) return timed
  const parts: string[] = []
  let at = end + 1
  for (const length of lengths.map(Number)) {
    parts.push(bytes.toString('base64url', at, at + length))
    at += length
  }
  const [sessionJwt, refreshJwt] = [parts.slice(0, 3), parts.slice(3)].map((jwt) => jwt.join('.'))
  return { ...timed, result: { sessionJwt, refreshJwt } }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Of a release that wrote it otherwise.
    return undefined
  }
}

function line(data: object): Buffer {
  return Buffer.from(`${JSON.stringify(data)}\n`)
}

/** The result in the entry of a refresh token; undefined while there is none for its holder. */
export function resultIn(
  refreshJwt: string,
  entry: string,
  format: number,
): TimedResult | undefined {
  if (stateOf(entry, format) !== 'done') return undefined
  return openRefreshResult(refreshJwt, sealedIn(entry), format)
}

function isTimedResult(value: unknown): value is TimedResult {
  if (typeof value !== 'object' || value === null) return false
  if (!('result' in value) || !('receivedAt' in value)) return false
  const { result, receivedAt } = value
  if (typeof receivedAt !== 'number' || typeof result !== 'object' || result === null) return false
  return 'sessionJwt' in result || 'errorResponse' in result
}

/** Whether a result replaces the refresh token that was traded. */
export function isRotation(
  refreshJwt: string,
  result: RefreshResult,
): result is Exclude<RefreshResult, { errorResponse: unknown }> {
  return 'refreshJwt' in result && result.refreshJwt !== refreshJwt
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
