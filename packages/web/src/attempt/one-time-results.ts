import type { SessionTokens, User, StateStore } from '@linkpass/core'
import { createHashedKeys } from './hashed-keys.ts'
import type { Sealer } from '@linkpass/core/internal'

/**
 * Keeps the session that a one-time secret was redeemed for, for a minute and for every instance. A
 * browser that lost the response can then repeat its request, which the service would refuse.
 */
export interface OneTimeResults {
  keep(secret: string, tokens: SessionTokens): Promise<void>
  /** Whether there is a result, without opening it. */
  has(secret: string): Promise<boolean>
  /** The tokens, unchecked; undefined when there are none, or no longer. */
  find(secret: string): Promise<SessionTokens | undefined>
}

const lifetimeMs = 60_000

/**
 * {@link OneTimeResults} for one purpose. Keys are fingerprints of the secret. Values are sealed under
 * a key that takes the secret to make, so that reading the store signs no one in.
 */
export function createOneTimeResults(
  store: StateStore,
  sealer: Sealer,
  purpose: string,
): OneTimeResults {
  const entries = createHashedKeys(store, sealer, purpose)
  return {
    keep: (secret, tokens) =>
      entries.set(secret, sealer.seal(purpose, portable(tokens), secret), lifetimeMs),
    has: async (secret) => (await entries.get(secret)) !== undefined,
    find: async (secret) => {
      const sealed = await entries.get(secret)
      const tokens = sealed === undefined ? undefined : sealer.open(purpose, sealed, secret)
      return isPortable(tokens) ? tokens : undefined
    },
  }
}

/** The tokens redact themselves in JSON, so the fields to keep are copied by name. */
function portable({ sessionJwt, refreshJwt, user, firstSeen }: SessionTokens): {
  sessionJwt: string
  refreshJwt: string | undefined
  user: User | undefined
  firstSeen: boolean | undefined
} {
  return { sessionJwt, refreshJwt, user, firstSeen }
}

// The seal is ours. Another release may have sealed another shape.
function isPortable(data: unknown): data is SessionTokens {
  return typeof data === 'object' && data !== null && 'sessionJwt' in data
}
