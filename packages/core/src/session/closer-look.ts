import type { AuthOutcome, PresentedTokens } from '../model/outcome.ts'
import { outcomeOf } from './authenticate.ts'
import type { OtherProject } from './other-project.ts'
import type { ReplacedTokens } from './replaced-tokens.ts'

type Authenticate = (presented: PresentedTokens) => AuthOutcome | Promise<AuthOutcome>

/** What {@link lookCloser} is made of. */
export interface CloserLookDeps {
  readonly replaced: ReplacedTokens
  readonly otherProject: OtherProject
}

/**
 * Looks closer at two ways to be signed out, whose cookies are not to be cleared:
 *
 * - A refresh was refused because its token was replaced. Whoever presents such a token is late: the
 *   browser has the newer one from another answer.
 * - Tokens say that they are of another project, and none of our keys speaks for them. It may be this
 *   deployment that has the wrong project id.
 *
 * A request that is signed in passes at once.
 */
export function lookCloser(authenticate: Authenticate, deps: CloserLookDeps): Authenticate {
  const { replaced, otherProject } = deps

  async function told(
    outcome: AuthOutcome,
    isSo: Promise<boolean>,
    then: AuthOutcome,
  ): Promise<AuthOutcome> {
    try {
      return (await isSo) ? then : outcome
    } catch (error) {
      return outcomeOf(error)
    }
  }

  function look(
    outcome: AuthOutcome,
    presented: PresentedTokens,
  ): AuthOutcome | Promise<AuthOutcome> {
    if (outcome.status !== 'signed-out') return outcome
    const { refreshJwt } = presented
    if (outcome.reason === 'refresh-refused' && refreshJwt) {
      return told(outcome, replaced.includes(refreshJwt), late)
    }
    if (outcome.reason === 'invalid' && otherProject.isNamedBy(presented)) {
      return told(outcome, otherProject.isLikely(presented), elsewhere)
    }
    return outcome
  }

  return (presented) => {
    const outcome = authenticate(presented)
    if (outcome instanceof Promise) return outcome.then((later) => look(later, presented))
    return outcome.status === 'signed-in' ? outcome : look(outcome, presented)
  }
}

const late: AuthOutcome = Object.freeze({ status: 'signed-out', reason: 'refresh-replaced' })
const elsewhere: AuthOutcome = Object.freeze({ status: 'signed-out', reason: 'other-project' })
