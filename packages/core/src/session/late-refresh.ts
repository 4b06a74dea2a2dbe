import { TokenError } from '../errors.ts'
import { isFinalRefusal } from './refresh-refusal.ts'
import type { ReplacedTokens } from './replaced-tokens.ts'

/** The error to throw for one of a refresh: `ERR_TOKEN_REPLACED` for a token that was replaced. */
export async function explainRefusal(
  error: unknown,
  refreshJwt: unknown,
  replaced: ReplacedTokens,
): Promise<unknown> {
  if (!isFinalRefusal(error) || typeof refreshJwt !== 'string') return error
  if (!(await replaced.includes(refreshJwt))) return error
  const message = 'A refresh token must not have been replaced by a newer one.'
  return new TokenError('ERR_TOKEN_REPLACED', message, { cause: error })
}
