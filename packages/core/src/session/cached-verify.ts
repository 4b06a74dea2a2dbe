import { codeOf, sessionVerified } from '../events.ts'
import type { KeySet } from '../jwks/key-set.ts'
import type { TokenClaims } from '../model/claims.ts'
import type { Config } from '../options.ts'
import { flat, validatedToken } from './token-views.ts'
import { createDoorkeeper, VerifiedTokens } from './verified-tokens.ts'
import { thenMaybe, type VerifiedToken, type VerifyToken } from './verify-token.ts'

/**
 * What else must hold at each use of a token. Throws or rejects if it does not.
 *
 * @param at the monotonic time, where it was read just now
 */
export type UseCheck = (
  verified: VerifiedToken,
  at?: number,
) => VerifiedToken | Promise<VerifiedToken>

/**
 * Verifies session tokens with a cache: a token that was verified twice is not verified again until it
 * expires, as long as it is in use and its key is still the project's. `check` runs at each use.
 */
export type CachedVerify = (
  jwt: unknown,
  check?: UseCheck,
) => VerifiedToken | Promise<VerifiedToken>

/** Puts the cache in front of `verifyToken`, unless it is switched off. */
export function createCachedVerify(
  { cache: bounds, clock }: Pick<Config, 'cache' | 'clock'>,
  keys: Pick<KeySet, 'find'>,
  verifyToken: VerifyToken,
): CachedVerify {
  if (bounds === undefined) {
    return (jwt, check = accept) => thenMaybe(verifyToken(jwt, 'session'), (it) => check(it))
  }
  const cache = new VerifiedTokens(bounds)
  const doorkeeper = createDoorkeeper(bounds.maxEntries)
  const share = createSharing()

  function verify(jwt: unknown, check: UseCheck): VerifiedToken | Promise<VerifiedToken> {
    const verified = sessionVerified.hasSubscribers
      ? observed(() => verifyToken(jwt, 'session'))
      : verifyToken(jwt, 'session')
    return thenMaybe(verified, (it) => check(keepSecond(it)))
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

  return (jwt, check = accept) => {
    const known = typeof jwt === 'string' ? cache.get(jwt, clock) : undefined
    if (known === undefined) return verify(jwt, check)
    const at = clock.monotonic()
    // Looking the key up each time is also what keeps the key set fresh.
    const key = keys.find(known.key.kid, at)
    if (key === known.key) return check(known, at)
    return thenMaybe(key, (found) => (found === known.key ? check(known) : verify(jwt, check)))
  }
}

function accept(verified: VerifiedToken): VerifiedToken {
  return verified
}

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

/** How many values are shared; past that, sharing begins again. */
const maxShared = 1000

/**
 * Claims that take less memory: roles, tenants and the like are the same object for all users with equal ones.
 * The claims that are given are deeply frozen, so no user of a shared object can change it.
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
