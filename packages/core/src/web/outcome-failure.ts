import type { AuthOutcome, SignedOutReason } from '../model/outcome.ts'
import type { Failure } from './failure.ts'
import type { PresentedCookies } from './cookie-header.ts'

/** How a request says who it is. */
export interface Credentials extends PresentedCookies {
  readonly carrier: 'cookie' | 'bearer'
}

/** Whether a request says at all who it is. Pure. */
export function presentsAnything(credentials: Credentials): boolean {
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
      const { carrier } = credentials
      const dead = carrier === 'cookie' && presentsAnything(credentials) && isOver(outcome.reason)
      return { kind: 'signed-out', reason: outcome.reason, carrier, dead }
    }
  }
}

// A late request's browser may hold newer cookies than it sent, and a session of another project may
// be a session after all, once the project id is right.
function isOver(reason: SignedOutReason): boolean {
  return reason !== 'refresh-replaced' && reason !== 'other-project'
}
