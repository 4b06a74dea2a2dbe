import { TokenError } from '../errors.ts'
import type { PresentedTokens } from '../model/outcome.ts'
import { isProjectId } from '../project-id.ts'
import { splitCompact } from './compact.ts'
import { readSignedJson } from './signed-json.ts'
import type { TokenCheck } from './token-check.ts'

/** What {@link createOtherProject} is made of. */
export interface OtherProjectDeps {
  readonly projectId: string
  readonly maxTokenLength: number
  readonly check: TokenCheck
}

/** Tells refused tokens that some other project may well have issued from mere rubbish. */
export interface OtherProject {
  /** Whether one of them says that it is of another project. Nothing of that was verified. */
  isNamedBy(presented: PresentedTokens): boolean
  /** Whether, moreover, no key of this project speaks for it. */
  isLikely(presented: PresentedTokens): Promise<boolean>
}

/**
 * A deployment with the wrong project id finds every visitor's token signed by nobody it knows. Those
 * sessions are not over: they come back with the right id, if their cookies are still there.
 *
 * This reads what is not verified. Whoever forges it gains that their own cookie stays, and opens
 * nothing.
 */
export function createOtherProject(deps: OtherProjectDeps): OtherProject {
  const { projectId, maxTokenLength, check } = deps

  function namesAnother(jwt: string | undefined): boolean {
    try {
      const { iss } = readSignedJson(splitCompact(jwt, maxTokenLength).payload)
      // As an issuer is written: the id by itself, or a segment of a URL's path.
      const ids = typeof iss === 'string' ? iss.split('/').filter(isProjectId) : []
      return ids.length > 0 && !ids.includes(projectId)
    } catch {
      return false
    }
  }

  async function isUnsigned(jwt: unknown): Promise<boolean> {
    const judged = Promise.resolve().then(() => check(jwt, 'session'))
    const error: unknown = await judged.catch((thrown: unknown) => thrown)
    return error instanceof TokenError && error.code === 'ERR_TOKEN_SIGNATURE'
  }

  const strangerIn = ({ sessionJwt, refreshJwt }: PresentedTokens): string | undefined =>
    [sessionJwt, refreshJwt].find(namesAnother)

  return {
    isNamedBy: (presented) => strangerIn(presented) !== undefined,
    isLikely: async (presented) => await isUnsigned(strangerIn(presented)),
  }
}
