import { randomToken } from '@linkpass/core/internal'

const attemptState = /^[A-Za-z0-9_-]{22}$/

/** Whether a path segment can be the state of an attempt: 16 random bytes in base64url. */
export function isAttemptState(segment: unknown): segment is string {
  return typeof segment === 'string' && attemptState.test(segment)
}

/** A new state, or any other name that cannot be guessed: 16 random bytes as 22 characters. */
export function randomState(): string {
  return randomToken()
}
