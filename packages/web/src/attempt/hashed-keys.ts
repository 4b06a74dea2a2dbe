/**
 * Entries in the store under keys that do not tell what they are about: a key is an HMAC of its subject.
 * Entries are written under the first secret and looked up under each, so that instances find each other's
 * entries while secrets rotate. Each function rejects when the store is unavailable.
 */
import type { SessionTokens, StateStore } from '@linkpass/core'
import type { Sealer } from '@linkpass/core/internal'

/** The store, and what keys and seals are made with. */
interface Sealing {
  readonly store: StateStore
  readonly sealer: Sealer
}

/** Keeps a value of one kind about `subject` for `ttlMs` milliseconds. */
export async function setHashed(
  { store, sealer }: Sealing,
  kind: string,
  subject: string,
  value: string,
  ttlMs: number,
): Promise<void> {
  await store.set(`${kind}:${sealer.fingerprint(kind, subject)}`, value, ttlMs)
}

/** The value about `subject`; undefined when it has expired. */
export async function getHashed(
  { store, sealer }: Sealing,
  kind: string,
  subject: string,
): Promise<string | undefined> {
  for (const name of sealer.fingerprints(kind, subject)) {
    const value = await store.get(`${kind}:${name}`)
    if (value !== undefined) return value
  }
  return undefined
}

/** Keeps data about an id, sealed so that it takes the id to open it. */
export async function keepSealed(
  sealing: Sealing,
  kind: string,
  id: string,
  data: object,
  ttlMs: number,
): Promise<void> {
  await setHashed(sealing, kind, id, sealing.sealer.seal(kind, data, id), ttlMs)
}

/**
 * What was kept about an id; undefined once it has expired. The seal is ours, but another release may have
 * sealed another shape.
 */
export async function findSealed(sealing: Sealing, kind: string, id: string): Promise<unknown> {
  const sealed = await getHashed(sealing, kind, id)
  return sealed === undefined ? undefined : sealing.sealer.open(kind, sealed, id)
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

/** {@link OneTimeResults} for one purpose, sealed so that reading the store signs no one in. */
export function createOneTimeResults(
  store: StateStore,
  sealer: Sealer,
  purpose: string,
): OneTimeResults {
  const sealing = { store, sealer }
  const unchecked = `${purpose} unchecked`
  const keepAs =
    (kind: string, ttlMs: number): OneTimeResults['keep'] =>
    (secret, { sessionJwt, refreshJwt, user, firstSeen }) => {
      // The tokens redact themselves in JSON, so the fields to keep are copied by name.
      const fields = { sessionJwt, refreshJwt, user, firstSeen }
      return setHashed(sealing, purpose, secret, sealer.seal(kind, fields, secret), ttlMs)
    }
  return {
    keep: keepAs(purpose, lifetimeMs),
    keepUnchecked: keepAs(unchecked, uncheckedLifetimeMs),
    has: async (secret) => (await getHashed(sealing, purpose, secret)) !== undefined,
    find: async (secret) => {
      const sealed = await getHashed(sealing, purpose, secret)
      if (sealed === undefined) return undefined
      for (const kind of [purpose, unchecked]) {
        const tokens = sealer.open(kind, sealed, secret)
        if (isPortable(tokens)) return { tokens, isUnchecked: kind === unchecked, sealed }
      }
      return undefined
    },
    take: async (secret, { sealed }) => {
      for (const name of sealer.fingerprints(purpose, secret)) {
        if (await store.deleteIf(`${purpose}:${name}`, sealed)) return true
      }
      return false
    },
  }
}

// The seal is ours. Another release may have sealed another shape.
function isPortable(data: unknown): data is SessionTokens {
  return typeof data === 'object' && data !== null && 'sessionJwt' in data
}
