import type { AuthOutcome } from '@linkpass/core'
import type { Failure } from '../failure.ts'
import type { PresentedCookies } from '../request/cookie-header.ts'

/** How a request says who it is. */
export interface Credentials extends PresentedCookies {
  readonly source: 'cookie' | 'bearer'
}

/** Whether a request says at all who it is. Pure. */
export function hasCredentials(credentials: Credentials): boolean {
  const { sessionJwt, refreshJwt, conflicting } = credentials
  return sessionJwt !== undefined || refreshJwt !== undefined || conflicting
}

/** Why an outcome is no session; undefined for one that is. Pure. */
export function outcomeFailure(
  outcome: AuthOutcome,
  credentials: Credentials,
): Failure | undefined {
  switch (outcome.status) {
    case 'signed-in':
      return undefined
    case 'unavailable':
      return { kind: 'unavailable', retryAfterSeconds: outcome.retryAfterSeconds }
    case 'signed-out': {
      if (credentials.conflicting) return { kind: 'conflicting-cookies' }
      const { source } = credentials
      // A request that was late: the browser may hold newer cookies by now than it sent.
      const isLate = outcome.reason === 'refresh-rotated'
      const clearSession = source === 'cookie' && hasCredentials(credentials) && !isLate
      return { kind: 'signed-out', reason: outcome.reason, source, clearSession }
    }
  }
}
