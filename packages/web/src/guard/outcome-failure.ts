import type { AuthOutcome } from '@linkpass/core'
import type { Failure } from '../failure.ts'
import { type Credentials, hasCredentials } from '../request/credentials.ts'

/** Why an outcome is no session; undefined for one that is. */
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
      // The request carried an older token. The browser may hold newer cookies by now.
      const isRotated = outcome.reason === 'refresh-rotated'
      const clearSession = source === 'cookie' && hasCredentials(credentials) && !isRotated
      return { kind: 'signed-out', reason: outcome.reason, source, clearSession }
    }
  }
}
