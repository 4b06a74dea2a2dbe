/** What an error of a call to the service, of a key set or of a store means for the HTTP response. */
import {
  type CallError,
  KeySetError,
  type RequestError,
  type ServiceError,
  StoreError,
} from '@linkpass/core'
import { isTokenRefusal } from '@linkpass/core/internal'
import type { Failure } from './failure.ts'

/** The refresh token has expired, or was logged out (from the docs). */
const endedCodes = ['E061005', 'E064001']

/**
 * What it means that the service sent no link; undefined when the response must be the same as if it
 * had been sent.
 *
 * The service uses 4xx codes alike for an unknown address, a known one at a sign-up, a locked account
 * and a login ID that it does not accept. Telling them apart would tell anyone who has an account.
 * What says nothing about the address is passed on: 401 (the project or its key), 429, 5xx, and a
 * response without a code. A signed-in user may have been logged out meanwhile.
 */
export function sendFailure(error: CallError): Failure | undefined {
  if (error.code === 'ERR_RATE_LIMITED') return tooMany(error)
  if (error.code === 'ERR_ARGUMENT')
    return isOfVisitor(error) ? { kind: 'bad-request', field: error.argument } : unavailable(error)
  if (error.code !== 'ERR_SERVICE_REFUSED') return unavailable(error)
  if (isOutage(error)) return unavailable(error)
  if (endedCodes.includes(error.errorCode)) return ended
  return error.status === 401 ? unavailable(error) : undefined
}

/**
 * A link or token that the service does not know, a request that it cannot read, and a user who no
 * longer exists or conflicts with another (from the docs).
 */
const unknownCodes = [
  ...['E063010', 'E061005', 'E011001', 'E011002', 'E011003', 'E011004'],
  ...['E062107', 'E062108', 'E062125'],
]

/** The link has expired or was used. */
const usedCodes = ['E062504', 'E064001']

/**
 * What it means that the service did not redeem a one-time token. Any other code says nothing about the
 * link: the project or its key is wrong (`E061004`), or the method is off, for which no code is
 * documented. So it counts as trouble of the deployment, after which the link still works.
 */
export function verifyFailure(error: CallError): Failure {
  if (error.code === 'ERR_RATE_LIMITED') return tooMany(error)
  if (error.code === 'ERR_ARGUMENT') return { kind: 'link-unknown' }
  if (error.code !== 'ERR_SERVICE_REFUSED' || isOutage(error)) return unavailable(error)
  if (unknownCodes.includes(error.errorCode)) return { kind: 'link-unknown' }
  return usedCodes.includes(error.errorCode) ? { kind: 'link-used-or-expired' } : unavailable(error)
}

/**
 * What the error of any other call for a signed-in user means: that their session has ended, or trouble of
 * the deployment, since such a call has nothing else in it that the service could refuse.
 *
 * It clears no cookie. Only a refresh decides whether a session has ended, since it knows whether the
 * token was rotated.
 */
export function callFailure(error: CallError): Failure {
  if (error.code === 'ERR_RATE_LIMITED') return tooMany(error)
  if (error.code === 'ERR_ARGUMENT') return { kind: 'bad-request' }
  return error.code === 'ERR_SERVICE_REFUSED' && isTokenRefusal(error) ? ended : unavailable(error)
}

/**
 * The same for the choice of a tenant. No code is documented for one that the user does not belong to: it may
 * be any but that of a wrong project or key, and those of an ended session.
 */
export function tenantFailure(error: CallError): Failure {
  const failure = callFailure(error)
  const isOfTenant =
    error.code === 'ERR_SERVICE_REFUSED' &&
    error.status !== 401 &&
    !isOutage(error) &&
    ![...endedCodes, 'E061004'].includes(error.errorCode)
  if (!isOfTenant && failure.kind !== 'bad-request') return failure
  return { kind: 'forbidden', missing: 'tenant' }
}

/** What an error that a token check or the store threw means, if that is an outage; else undefined. */
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

// A 503 of the service may say when to try again.
function unavailable(error: CallError): Failure {
  const asked = 'retryAfterSeconds' in error ? error.retryAfterSeconds : undefined
  return { kind: 'unavailable', retryAfterSeconds: asked ?? 10 }
}

/** Whether an argument that the client refused is what a visitor typed, and not an option of the app. */
export function isOfVisitor(
  error: CallError,
): error is RequestError & { readonly argument: string } {
  return 'argument' in error && ['loginId', 'email', 'phone'].includes(error.argument ?? '')
}

// The service's own errors have a code. One without came from a proxy, or from another host.
function isOutage({ status, errorCode }: ServiceError): boolean {
  return status >= 500 || errorCode === ''
}

function tooMany({ retryAfterSeconds = 60 }: ServiceError): Failure {
  return { kind: 'too-many', retryAfterSeconds }
}
