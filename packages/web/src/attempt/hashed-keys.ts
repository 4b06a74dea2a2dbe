import type { StateStore } from '@linkpass/core'
import type { Sealer } from '@linkpass/core/internal'

/** Entries of one kind in the store, under keys that do not tell what they are about. */
export interface HashedKeys {
  /** Keeps a value about `subject` for `ttlMs` milliseconds. */
  set(subject: string, value: string, ttlMs: number): Promise<void>
  /** The value about `subject`, kept under any of the secrets; undefined when it has expired. */
  get(subject: string): Promise<string | undefined>
  /** Deletes the value about `subject` if it is this one; resolves to whether it did. */
  deleteIf(subject: string, value: string): Promise<boolean>
}

/**
 * {@link HashedKeys} under `kind`. A key is an HMAC of its subject. Entries are written under the first
 * secret and looked up under each, so that instances find each other's entries while secrets rotate.
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
    deleteIf: async (subject, value) => {
      for (const name of sealer.fingerprints(kind, subject)) {
        if (await store.deleteIf(`${kind}:${name}`, value)) return true
      }
      return false
    },
  }
}

/** The store, and what keys and seals are made with. */
type Sealing = { readonly store: StateStore; readonly sealer: Sealer }

/** Keeps data about an id, sealed so that it takes the id to open it. Rejects without a store. */
export async function keepSealed(
  { store, sealer }: Sealing,
  kind: string,
  id: string,
  data: object,
  ttlMs: number,
): Promise<void> {
  await createHashedKeys(store, sealer, kind).set(id, sealer.seal(kind, data, id), ttlMs)
}

/**
 * What was kept about an id; undefined once it has expired. The seal is ours, but another release may have
 * sealed another shape. Rejects without a store.
 */
export async function findSealed(
  { store, sealer }: Sealing,
  kind: string,
  id: string,
): Promise<unknown> {
  const sealed = await createHashedKeys(store, sealer, kind).get(id)
  return sealed === undefined ? undefined : sealer.open(kind, sealed, id)
}
