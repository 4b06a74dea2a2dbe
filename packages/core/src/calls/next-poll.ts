import type { CallError } from '../result.ts'

/** No link was verified yet. */
const pendingCode = 'E062503'
const longestBackOffMs = 30_000

/**
 * After how long to poll again, and how many polls in a row have failed by now, when one returned no
 * session; undefined if there is no next poll.
 *
 * While pending, the next poll comes after the interval. After a temporary failure it comes after a
 * pause that doubles with every failure in a row, up to 30 s: a dropped connection, a timeout, an
 * unusable response, an error response without a code, a 5xx, and a 429, whose Retry-After counts if it
 * is longer. Any other error is final: the link has expired, the reference is unknown, the client was
 * closed.
 */
export function nextPoll(
  error: CallError,
  intervalMs: number,
  failures: number,
): { readonly waitMs: number; readonly failures: number } | undefined {
  if (error.errorCode === pendingCode) return { waitMs: intervalMs, failures: 0 }
  if (!isTemporary(error)) return undefined
  const backOffMs = Math.min(intervalMs * 2 ** failures, Math.max(longestBackOffMs, intervalMs))
  const retryAfterMs = 'retryAfterSeconds' in error ? (error.retryAfterSeconds ?? 0) * 1000 : 0
  return { waitMs: Math.max(backOffMs, retryAfterMs), failures: failures + 1 }
}

function isTemporary(error: CallError): boolean {
  if ('status' in error) {
    // The service's own errors have a code. One without came from a proxy.
    const isOfProxy = error.errorCode === '' || error.status === 408
    return isOfProxy || error.status === 429 || error.status >= 500
  }
  return ['ERR_NETWORK', 'ERR_TIMEOUT', 'ERR_RESPONSE_INVALID'].includes(error.code)
}
