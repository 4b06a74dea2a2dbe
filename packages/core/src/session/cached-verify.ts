import type { Config } from '../options.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import type { KeySet } from '../jwks/key-set.ts'
import { thenMaybe } from './then-maybe.ts'
import type { VerifiedToken, VerifyToken } from './verify-token.ts'
import { flat, validatedToken } from './validated-token.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/**
 * Judges session tokens with a memory: one that was verified twice is not verified again for a
 * minute, while its time holds and its key is still the project's.
 *
 * @throws {TokenError} what was wrong
 * @throws {KeySetError} the keys are out of reach
 */
export type CachedVerify = (jwt: unknown) => VerifiedToken | Promise<VerifiedToken>

/** Puts the cache in front of a check, unless it is switched off. */
export function createCachedVerify(
  { cache, clock }: Pick<Config, 'cache' | 'clock'>,
  keys: Pick<KeySet, 'find'>,
  check: VerifyToken,
): CachedVerify {
  if (cache === undefined) return (jwt) => check(jwt, 'session')
  const verified = createVerifiedTokens(cache)
  const doorkeeper = createDoorkeeper(cache.maxEntries)

  function verify(jwt: unknown): VerifiedToken | Promise<VerifiedToken> {
    return thenMaybe(check(jwt, 'session'), (checked) =>
      checked.expired ? checked : keep(checked),
    )
  }

  /** Keeps a token that comes again; many a token is used just once, and is soon garbage. */
  function keep(checked: VerifiedToken): VerifiedToken {
    const { jwt, token } = checked.validated
    if (!doorkeeper.hasMet(jwt)) {
      doorkeeper.meet(jwt)
      return checked
    }
    const kept = { ...checked, validated: validatedToken(flat(jwt), token) }
    verified.put(kept, clock)
    return kept
  }

  return (jwt) => {
    const known = typeof jwt === 'string' ? verified.get(jwt, clock) : undefined
    if (known === undefined) return verify(jwt)
    // Asking for the key each time is also what keeps the key set fresh.
    return thenMaybe(keys.find(known.key.kid), (key) => (key === known.key ? known : verify(jwt)))
  }
}
