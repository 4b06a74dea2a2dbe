/** Pure: what went wrong below HTTP, and what the service said no with, as errors of ours. */
import { RequestError, ServiceError } from '../errors.ts'
import { retryAfterSeconds } from './retry-after.ts'

/** The call's deadline passed. */
export function timedOut(timeoutMs: number, mayHaveBeenProcessed: boolean): RequestError {
  return new RequestError(
    'ERR_TIMEOUT',
    'The service did not answer before the deadline of the call.',
    {
      mayHaveBeenProcessed,
    },
  )
}

/** The caller's signal aborted; its reason is kept as the cause. */
export function aborted(cause: unknown, mayHaveBeenProcessed: boolean): RequestError {
  return new RequestError('ERR_ABORTED', 'The caller aborted the call.', {
    cause,
    mayHaveBeenProcessed,
  })
}

/** The connection could not be made, or broke; or the dispatcher was closed before it could. */
export function disconnected(cause: unknown, mayHaveBeenProcessed: boolean): RequestError {
  const code = systemCode(cause)
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') {
    return new RequestError('ERR_CLOSED', 'The dispatcher is closed.', { mayHaveBeenProcessed })
  }
  const detail = code === undefined ? '' : ` (${code})`
  return new RequestError('ERR_NETWORK', `The connection to the service failed${detail}.`, {
    cause,
    mayHaveBeenProcessed,
  })
}

/** The answer is not what the endpoint returns. `what` continues "The answer of the service …". */
export function unusable(what: string, cause?: unknown): RequestError {
  return new RequestError('ERR_RESPONSE_INVALID', `The answer of the service ${what}.`, {
    ...(cause === undefined ? {} : { cause }),
    mayHaveBeenProcessed: true,
  })
}

/**
 * The service's refusal, from whatever body came with it: fields that are missing or of another
 * type are empty, and a detail longer than 500 characters is cut.
 *
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function refusal(
  status: number,
  body: unknown,
  retryAfter: string | undefined,
  now: number,
): ServiceError {
  const fields = typeof body === 'object' && body !== null ? new Map(Object.entries(body)) : none
  const seconds = status === 429 || status === 503 ? retryAfterSeconds(retryAfter, now) : undefined
  return new ServiceError({
    status,
    errorCode: shortText(fields.get('errorCode')),
    errorDescription: shortText(fields.get('errorDescription')),
    errorMessage: shortText(fields.get('errorMessage')),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  })
}

const none: ReadonlyMap<string, unknown> = new Map()

// Compact JWS (RFC 7515 section 7.1): a service that quotes a token must not put it in our logs.
const quotedToken = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g

function shortText(value: unknown): string {
  if (typeof value !== 'string') return ''
  const text = value.replace(quotedToken, '[redacted]')
  return text.length > 500 ? `${text.slice(0, 499)}…` : text
}

// Node's and undici's error codes are fixed words; anything else could hold what we must not print.
function systemCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  const { code } = cause
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : undefined
}
