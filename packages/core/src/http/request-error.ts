import { RequestError } from '../errors.ts'

export function timedOut(mayHaveBeenProcessed: boolean): RequestError {
  const message = 'The service did not respond before the deadline of the call.'
  return new RequestError('ERR_TIMEOUT', message, { mayHaveBeenProcessed })
}

export function aborted(cause: unknown, mayHaveBeenProcessed: boolean): RequestError {
  const message = 'The caller aborted the call.'
  return new RequestError('ERR_ABORTED', message, { cause, mayHaveBeenProcessed })
}

/** The connection could not be made, or broke; or the dispatcher was closed before that. */
export function disconnected(cause: unknown, mayHaveBeenProcessed: boolean): RequestError {
  const code = systemCode(cause)
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') {
    return new RequestError('ERR_CLOSED', 'The dispatcher is closed.', { mayHaveBeenProcessed })
  }
  const detail = code === undefined ? '' : ` (${code})`
  return new RequestError('ERR_NETWORK', `The connection to the service failed${detail}.`, {
    cause: withoutData(cause, code),
    mayHaveBeenProcessed,
  })
}

// undici's errors have the bytes of a response that it could not parse, and the socket.
function withoutData(cause: unknown, code = 'no code'): Error {
  const kind = cause instanceof AggregateError ? 'AggregateError' : 'Error'
  return Object.assign(new Error(`${kind} of the dispatcher: ${code}`), { code })
}

/** @param problem continues "The response of the service …" */
export function invalidResponse(problem: string, cause?: unknown): RequestError {
  const message = `The response of the service ${problem}.`
  return new RequestError('ERR_RESPONSE_INVALID', message, { cause, mayHaveBeenProcessed: true })
}

// Codes of Node and undici are fixed words; any other text could contain a secret.
function systemCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  const { code } = cause
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : undefined
}

/**
 * Whether a failed request is sent once more, at once. Only after a broken connection, which is often a kept-alive
 * one that the other side has just closed; and only a GET, or a POST of which nothing was written. One that may
 * have been read would mail a second link, or redeem a token twice.
 */
export function isWorthRetrying(
  method: 'GET' | 'POST',
  attempt: number,
  error: RequestError,
): boolean {
  if (attempt > 1 || error.code !== 'ERR_NETWORK') return false
  return method === 'GET' || !error.mayHaveBeenProcessed
}
