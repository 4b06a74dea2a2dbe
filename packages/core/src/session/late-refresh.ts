import { TokenError } from '../errors.ts'
import type { AuthOutcome, PresentedTokens } from '../model/outcome.ts'
import { outcomeOf } from './authenticate.ts'
import { isFinalRefusal } from './refresh-refusal.ts'
import type { RotatedTokens } from './rotated-tokens.ts'

type Authenticate = (presented: PresentedTokens) => AuthOutcome | Promise<AuthOutcome>

/**
 * Tells a refresh that was refused because its token was replaced from one whose session is over.
 * Whoever presents such a token is late: the browser has the newer one from another answer, which
 * this answer must not clear.
 */
export function tellReplaced(authenticate: Authenticate, replaced: RotatedTokens): Authenticate {
  async function told(outcome: AuthOutcome, refreshJwt: string): Promise<AuthOutcome> {
    if (outcome.status !== 'signed-out' || outcome.reason !== 'refresh-refused') return outcome
    try {
      return (await replaced.includes(refreshJwt)) ? late : outcome
    } catch (error) {
      return outcomeOf(error)
    }
  }

  return (presented) => {
    const outcome = authenticate(presented)
    const { refreshJwt } = presented
    if (!(outcome instanceof Promise) || !refreshJwt) return outcome
    return outcome.then((decided) => told(decided, refreshJwt))
  }
}

const late: AuthOutcome = Object.freeze({ status: 'signed-out', reason: 'refresh-rotated' })

/** The error to throw for one of a refresh: `ERR_TOKEN_ROTATED` for a token that was replaced. */
export async function explainRefusal(
  error: unknown,
  refreshJwt: unknown,
  replaced: RotatedTokens,
): Promise<unknown> {
  if (!isFinalRefusal(error) || typeof refreshJwt !== 'string') return error
  if (!(await replaced.includes(refreshJwt))) return error
  const message = 'A refresh token must not have been replaced by a newer one.'
  return new TokenError('ERR_TOKEN_ROTATED', message, { cause: error })
}
