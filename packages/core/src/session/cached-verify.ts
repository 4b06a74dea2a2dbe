import { codeOf, sessionVerified } from '../events.ts'
import type { KeySet } from '../jwks/key-set.ts'
import type { TokenClaims } from '../model/claims.ts'
import type { Config } from '../options.ts'
import { flat, validatedToken } from './token-views.ts'
import { createDoorkeeper, VerifiedTokens } from './verified-tokens.ts'
import { thenMaybe, type VerifiedToken, type VerifyToken } from './verify-token.ts'

/**
 * Verifies session tokens with a cache: a token that was verified twice is not verified again for a
 * minute, as long as it has not expired and its key is still the project's.
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
  const share = createSharing()

  function verify(jwt: unknown): VerifiedToken | Promise<VerifiedToken> {
    const verified = sessionVerified.hasSubscribers
      ? observed(() => verifyToken(jwt, 'session'))
      : verifyToken(jwt, 'session')
    return thenMaybe(verified, keepSecond)
  }

  /** Caches a token at its second use: many tokens are used once, and become garbage soon. */
  function keepSecond(verified: VerifiedToken): VerifiedToken {
    if (verified.expired) return verified
    const { jwt, token } = verified.validated
    if (!doorkeeper.hasMet(jwt)) {
      doorkeeper.meet(jwt)
      return verified
    }
    const kept = { ...verified, validated: validatedToken(flat(jwt), share(token)) }
    cache.put(kept, clock)
    return kept
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
    sessionVerified.publish({ outcome: verified.expired ? 'expired' : 'valid' })
    return verified
  } catch (error) {
    sessionVerified.publish({ outcome: codeOf(error) })
    throw error
  }
}

/** How many values are shared, at most. */
const maxShared = 1000

/**
 * Claims that take less memory: roles, tenants and the like are the same object for all users who have
 * equal ones, as many have. They are deeply frozen.
 */
function createSharing(): (claims: TokenClaims) => TokenClaims {
  const known = new Map<string, unknown>()

  function share(value: unknown): unknown {
    if (typeof value !== 'object' || !hasTextsAlone(value)) return value
    const text = JSON.stringify(value)
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size === maxShared) known.clear()
    known.set(text, value)
    return value
  }

  return (claims) => {
    const shared: Record<string, unknown> & TokenClaims = { ...claims }
    for (const name in shared) shared[name] = share(shared[name])
    return Object.freeze(shared)
  }
}

/** Whether values are equal if their JSON is, which is not so with -0 and numbers too large. */
function hasTextsAlone(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'string'
  return Object.values(value).every(hasTextsAlone)
}
