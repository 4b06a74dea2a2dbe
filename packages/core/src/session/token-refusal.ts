import { ServiceError } from '../errors.ts'

/**
 * Codes of error responses that are about the request or the deployment, not about the token (from
 * the docs): the request is malformed or not authorized (a wrong or rotated management key, the
 * wrong project), or its access key is missing or invalid.
 */
const deploymentCodes: ReadonlySet<string> = new Set([
  ...['E011001', 'E011002', 'E011003', 'E011004'],
  ...['E061004', 'E062802', 'E062803'],
])

/**
 * Whether an error response rejects the token itself, which can then never be used again: status 400
 * or 401, with a code that is not one of the above.
 *
 * This is our choice, since no document says how the service responds to a wrong key. A mistake in
 * the deployment must not end any session, so those codes do not count. A code that is not known
 * here does count: otherwise a user whose session is over would be told to try again for weeks.
 */
export function isTokenRefusal({
  status,
  errorCode,
}: Pick<ServiceError, 'status' | 'errorCode'>): boolean {
  return (status === 400 || status === 401) && errorCode !== '' && !deploymentCodes.has(errorCode)
}

/**
 * Whether a failed refresh ends the session: the service rejected this token. Anything else (an
 * outage, a proxy's page, a rate limit, a lost response, a key of ours that is not accepted) says
 * nothing about the session, which goes on.
 */
export function isFinalRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && isTokenRefusal(error)
}
