import { ServiceError } from '../errors.ts'

/**
 * Whether a failed refresh is the end of the session: the service itself said so, with 400 or 401
 * and a code of its own. Anything else (an outage, a proxy's page, a rate limit, a lost answer)
 * says nothing about the session, and it goes on.
 */
export function isFinalRefusal(error: unknown): error is ServiceError {
  if (!(error instanceof ServiceError) || error.errorCode === '') return false
  return error.status === 400 || error.status === 401
}
