import type { Config } from '../options.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import type { KeySet } from '../jwks/key-set.ts'
import { whenReady } from './then-maybe.ts'
import type { CheckedToken, TokenCheck } from './verify-token.ts'
import { flat, validatedToken } from './validated-token.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/**
 * Judges session tokens with a memory: one that was verified twice is not verified again for a
 * minute, while its time holds and its key is still the project's.
 *
 * @throws {TokenError} what was wrong
 * @throws {KeySetError} the keys are out of reach
 */
export type SessionCheck = (jwt: unknown) => CheckedToken | Promise<CheckedToken>

/** Puts the cache in front of a check, unless it is switched off. */
export function createSessionCheck(
  { cache, clock }: Pick<Config, 'cache' | 'clock'>,
  keys: Pick<KeySet, 'find'>,
  check: TokenCheck,
): SessionCheck {
  if (cache === undefined) return (jwt) => check(jwt, 'session')
  const verified = createVerifiedTokens(cache)
  const doorkeeper = createDoorkeeper(cache.maxEntries)

  function verify(jwt: unknown): CheckedToken | Promise<CheckedToken> {
    return whenReady(check(jwt, 'session'), (checked) =>
      checked.expired ? checked : keep(checked),
    )
  }

  /** Keeps a token that comes again; many a token is used just once, and is soon garbage. */
  function keep(checked: CheckedToken): CheckedToken {
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
    return whenReady(keys.find(known.key.kid), (key) => (key === known.key ? known : verify(jwt)))
  }
}
