import type { SessionTokens, User, StateStore } from '@linkpass/core'
import { createHashedKeys } from './hashed-keys.ts'
import type { Sealer } from '@linkpass/core/internal'

/**
 * Keeps what a one-time secret bought where every instance finds it, for a minute: so that an answer
 * lost on the way to the browser can be asked for again, which the service would refuse.
 */
export interface OneTimeResults {
  keep(secret: string, tokens: SessionTokens): Promise<void>
  /** Whether there is something, without opening it. */
  has(secret: string): Promise<boolean>
  /** The tokens, unchecked; undefined when there are none, or no longer. */
  find(secret: string): Promise<SessionTokens | undefined>
}

const lifetimeMs = 60_000

/**
 * A {@link OneTimeResults} for one purpose. Names are fingerprints of the secret, and values are sealed
 * under a key that takes the secret to make: reading the store signs nobody in.
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

/** The tokens redact themselves in JSON, so what is to be kept is copied out by name. */
function portable({ sessionJwt, refreshJwt, user, firstSeen }: SessionTokens): {
  sessionJwt: string
  refreshJwt: string | undefined
  user: User | undefined
  firstSeen: boolean | undefined
} {
  return { sessionJwt, refreshJwt, user, firstSeen }
}

// Nobody but us can have sealed it; this only tells a release that kept something else.
function isPortable(data: unknown): data is SessionTokens {
  return typeof data === 'object' && data !== null && 'sessionJwt' in data
}
