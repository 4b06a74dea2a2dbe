import type { SessionTokens, StateStore, User } from '@linkpass/core'
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

/**
 * Keeps the session that a one-time secret was redeemed for, for a minute and for every instance. A
 * browser that lost the response can then repeat its request, which the service would refuse.
 */
export interface OneTimeResults {
  keep(secret: string, tokens: SessionTokens): Promise<void>
  /** Keeps tokens that nothing could check yet, for ten minutes. */
  keepUnchecked(secret: string, tokens: SessionTokens): Promise<void>
  /** Whether there is a result, without opening it. */
  has(secret: string): Promise<boolean>
  /** The result; undefined when there is none, or no longer. */
  find(secret: string): Promise<OneTimeResult | undefined>
  /** Takes a result out of the store, for one caller. False when it was gone. */
  take(secret: string, found: OneTimeResult): Promise<boolean>
}

/** A result as it was found in the store. */
export interface OneTimeResult {
  /** To be validated again. */
  readonly tokens: SessionTokens
  /** Whether nothing could check them when they were kept. */
  readonly isUnchecked: boolean
  readonly sealed: string
}

const lifetimeMs = 60_000
/** A session token lives about as long. */
const uncheckedLifetimeMs = 10 * 60_000

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
  const unchecked = `${purpose} unchecked`
  return {
    keep: (secret, tokens) =>
      entries.set(secret, sealer.seal(purpose, portable(tokens), secret), lifetimeMs),
    keepUnchecked: (secret, tokens) =>
      entries.set(secret, sealer.seal(unchecked, portable(tokens), secret), uncheckedLifetimeMs),
    has: async (secret) => (await entries.get(secret)) !== undefined,
    find: async (secret) => {
      const sealed = await entries.get(secret)
      if (sealed === undefined) return undefined
      for (const one of [purpose, unchecked]) {
        const tokens = sealer.open(one, sealed, secret)
        if (isPortable(tokens)) return { tokens, isUnchecked: one === unchecked, sealed }
      }
      return undefined
    },
    take: (secret, { sealed }) => entries.deleteIf(secret, sealed),
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
