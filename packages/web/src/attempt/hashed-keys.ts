import type { StateStore } from '@linkpass/core'
import type { Sealer } from '@linkpass/core/internal'

/** Entries of one kind in the store, under names that do not tell what they are about. */
export interface HashedKeys {
  /** Keeps a value about `subject` for `ttlMs` milliseconds. */
  set(subject: string, value: string, ttlMs: number): Promise<void>
  /** What was kept about `subject`, under whichever of the secrets; undefined when it is over. */
  get(subject: string): Promise<string | undefined>
}

/**
 * {@link HashedKeys} under `kind`, named by fingerprint. A name comes from the first secret, and is
 * looked for under each of them: while secrets rotate, instances find what others have kept.
 */
export function createHashedKeys(store: StateStore, sealer: Sealer, kind: string): HashedKeys {
  return {
    set: (subject, value, ttlMs) =>
      store.set(`${kind}:${sealer.fingerprint(kind, subject)}`, value, ttlMs),
    get: async (subject) => {
      for (const name of sealer.fingerprints(kind, subject)) {
        const value = await store.get(`${kind}:${name}`)
        if (value !== undefined) return value
      }
      return undefined
    },
  }
}
