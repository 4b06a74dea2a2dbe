import type { RequestError } from '../errors.ts'

/**
 * Whether a failed request is sent once more, at once. Only after a broken connection (usually a
 * kept-alive one that the other side had just closed), and only if nothing can happen twice: a GET,
 * or a request of which nothing was written. A POST that may have been read is never sent again: it
 * would mail a second link, or redeem a token twice.
 */
export function isWorthRetrying(
  method: 'GET' | 'POST',
  attempt: number,
  error: RequestError,
): boolean {
  if (attempt > 1 || error.code !== 'ERR_NETWORK') return false
  return method === 'GET' || !error.mayHaveBeenProcessed
}
