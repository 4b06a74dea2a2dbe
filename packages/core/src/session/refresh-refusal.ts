import { ServiceError } from '../errors.ts'
import { isTokenRefusal } from './token-refusal.ts'

/**
 * Whether a failed refresh is the end of the session: the service itself said so of this token.
 * Anything else (an outage, a proxy's page, a rate limit, a lost answer, a key of ours that it does
 * not take) says nothing about the session, and it goes on.
 */
export function isFinalRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && isTokenRefusal(error)
}
