import type { KeySet } from '../jwks/key-set.ts'
import type { Config } from '../options.ts'
import { reportVerified, sessionVerified } from './session-events.ts'
import { flat, validatedToken } from './token-views.ts'
import {
  type CacheClock,
  createDoorkeeper,
  type Doorkeeper,
  VerifiedTokens,
} from './verified-tokens.ts'
import { thenMaybe, type VerifiedToken, type VerifyToken } from './verify-token.ts'

/**
 * Verifies session tokens with a cache: a token that was verified twice is not verified again for a
 * minute, as long as it has not expired and its key is still the project's.
 *
 * @throws {TokenError} the token is not acceptable
 * @throws {KeySetError} the keys are unavailable
 */
export type CachedVerify = (jwt: unknown) => VerifiedToken | Promise<VerifiedToken>

/** Puts the cache in front of `verifyToken`, unless it is switched off. */
export function createCachedVerify(
  { cache: bounds, clock }: Pick<Config, 'cache' | 'clock'>,
  keys: Pick<KeySet, 'find'>,
  verifyToken: VerifyToken,
): CachedVerify {
  if (bounds === undefined) return (jwt) => verifyToken(jwt, 'session')
  const cache = new VerifiedTokens(bounds)
  const doorkeeper = createDoorkeeper(bounds.maxEntries)

  function verify(jwt: unknown): VerifiedToken | Promise<VerifiedToken> {
    const verified = sessionVerified.hasSubscribers
      ? observed(() => verifyToken(jwt, 'session'))
      : verifyToken(jwt, 'session')
    return thenMaybe(verified, (token) =>
      token.expired ? token : keepSecond(token, doorkeeper, cache, clock),
    )
  }

  return (jwt) => {
    const known = typeof jwt === 'string' ? cache.get(jwt, clock) : undefined
    if (known === undefined) return verify(jwt)
    // Looking the key up each time is also what keeps the key set fresh.
    return thenMaybe(keys.find(known.key.kid), (key) => (key === known.key ? known : verify(jwt)))
  }
}

/** Publishes the outcome. */
async function observed(
  verify: () => VerifiedToken | Promise<VerifiedToken>,
): Promise<VerifiedToken> {
  try {
    const verified = await verify()
    reportVerified(verified.expired ? 'expired' : 'valid')
    return verified
  } catch (error) {
    if (error instanceof Error) reportVerified(error)
    throw error
  }
}

/** Caches a token at its second use: many tokens are used once, and become garbage soon. */
function keepSecond(
  verified: VerifiedToken,
  doorkeeper: Doorkeeper,
  cache: VerifiedTokens,
  clock: CacheClock,
): VerifiedToken {
  const { jwt, token } = verified.validated
  if (!doorkeeper.hasMet(jwt)) {
    doorkeeper.meet(jwt)
    return verified
  }
  const kept = { ...verified, validated: validatedToken(flat(jwt), token) }
  cache.put(kept, clock)
  return kept
}
