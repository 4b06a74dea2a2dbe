import { KeySetError, type ServiceError, StoreError, type CallError } from '@linkpass/core'
import { isTokenRefusal } from '@linkpass/core/internal'
import type { Failure } from './failure.ts'

const retryLater = 10

/** The request was not authorized: the project or the key that protects its endpoints (from the docs). */
const unauthorizedCode = 'E061004'

/** The refresh token has expired, or was logged out (from the docs). */
const endedCodes = ['E061005', 'E064001']

/**
 * What the refusal of an attempt means for the person who asked: undefined when they are told the same
 * as if a link had been sent. Pure.
 *
 * The service refuses an unknown address, a known one at a sign-up, a locked account and a login ID
 * it does not like with 4xx codes alike, and saying so would tell anyone who has an account. What
 * says nothing about the address is passed on: 401 (the project or its key), 429, 5xx, and an
 * answer without a code. Whoever asks while signed in may have been logged out meanwhile.
 */
export function startFailure(error: CallError): Failure | undefined {
  if (error.code === 'ERR_RATE_LIMITED') return tooMany(error)
  if (error.code === 'ERR_ARGUMENT') return { kind: 'bad-request', field: 'loginId' }
  if (error.code !== 'ERR_SERVICE_REFUSED') return unavailable
  if (endedCodes.includes(error.errorCode)) return ended
  return isOutage(error) || error.status === 401 ? unavailable : undefined
}

/**
 * What the refusal of a verification means. Pure.
 *
 * `E063010` is what the service says of a link it knows nothing of, and 400 of a token that is none
 * of its own; an unauthorized request says nothing about the link, and any other refusal is of one
 * that expired or was used (from the docs).
 */
export function verifyFailure(error: CallError): Failure {
  if (error.code === 'ERR_RATE_LIMITED') return tooMany(error)
  if (error.code === 'ERR_ARGUMENT') return { kind: 'link-unknown' }
  if (error.code === 'ERR_RESPONSE_INVALID') return { kind: 'bad-response' }
  if (error.code !== 'ERR_SERVICE_REFUSED' || isOutage(error)) return unavailable
  if (error.errorCode === unauthorizedCode) return unavailable
  const unknown = error.status === 400 || error.errorCode === 'E063010'
  return { kind: unknown ? 'link-unknown' : 'link-used-or-expired' }
}

/**
 * What the refusal of any other call on a signed-in person's behalf means. Pure.
 *
 * It clears nothing: whether a session is over is for a refresh to find out, which knows whether the
 * token it was asked with has a newer one in its place.
 */
export function callFailure(error: CallError): Failure {
  if (error.code === 'ERR_RATE_LIMITED') return tooMany(error)
  if (error.code === 'ERR_ARGUMENT') return { kind: 'bad-request' }
  if (error.code !== 'ERR_SERVICE_REFUSED' || isOutage(error)) return unavailable
  if (error.status !== 401) return { kind: 'bad-request' }
  if (!isTokenRefusal(error)) return unavailable
  return ended
}

/**
 * What an error that a check or the store threw means, when that is an outage; undefined for any
 * other. Pure.
 */
export function outageFailure(error: unknown): Failure | undefined {
  if (!(error instanceof KeySetError) && !(error instanceof StoreError)) return undefined
  return { kind: 'unavailable', retryAfterSeconds: error.retryAfterSeconds }
}

const ended: Failure = {
  kind: 'signed-out',
  reason: 'refresh-refused',
  source: 'cookie',
  clearSession: false,
}
const unavailable: Failure = { kind: 'unavailable', retryAfterSeconds: retryLater }

// The service's own refusals have a code. Without one it was a proxy, or another host altogether.
function isOutage({ status, errorCode }: ServiceError): boolean {
  return status >= 500 || errorCode === ''
}

function tooMany({ retryAfterSeconds = 60 }: ServiceError): Failure {
  return { kind: 'too-many', retryAfterSeconds }
}
