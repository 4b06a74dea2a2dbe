import type { RequestError } from '../errors.ts'

/**
 * Whether a failed request is sent once more, at once. Only a broken connection is worth it
 * (usually a kept-alive one that the other side had just closed), and only where it cannot do
 * anything twice: a GET, or a request of which nothing was written. A POST that may have been read
 * never is, since it would mail a second link or spend a token.
 */
export function isWorthRetrying(
  method: 'GET' | 'POST',
  attempt: number,
  error: RequestError,
): boolean {
  if (attempt > 1 || error.code !== 'ERR_NETWORK') return false
  return method === 'GET' || !error.mayHaveBeenProcessed
}
