/** Pure: what the answer to one poll for an enchanted session means for the next. */
import type { CallError } from '../result.ts'

/** When to poll again, and how many polls in a row have failed by now. */
export interface NextPoll {
  readonly waitMs: number
  readonly failures: number
}

/** Nobody has verified a link yet. */
const pendingCode = 'E062503'
const longestBackOffMs = 30_000

/**
 * The next poll after one that brought no session; undefined when there is to be none.
 *
 * Pending goes on after the interval. What can pass goes on after a pause that doubles with every
 * failure in a row, up to 30 s: a dropped connection, a poll that took too long, a 5xx, and a 429,
 * which waits for as long as it asks if that is longer. Everything else is final: the link has
 * expired, the reference is unknown, the client was closed.
 */
export function nextPoll(
  error: CallError,
  intervalMs: number,
  failures: number,
): NextPoll | undefined {
  if (error.errorCode === pendingCode) return { waitMs: intervalMs, failures: 0 }
  if (!canPass(error)) return undefined
  const backOffMs = Math.min(intervalMs * 2 ** failures, Math.max(longestBackOffMs, intervalMs))
  const askedMs = 'retryAfterSeconds' in error ? (error.retryAfterSeconds ?? 0) * 1000 : 0
  return { waitMs: Math.max(backOffMs, askedMs), failures: failures + 1 }
}

function canPass(error: CallError): boolean {
  if ('status' in error) return error.status === 429 || error.status === 408 || error.status >= 500
  return error.code === 'ERR_NETWORK' || error.code === 'ERR_TIMEOUT'
}
