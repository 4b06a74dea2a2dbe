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
  sealing: Sealing,
  kind: string,
  subject: string,
): Promise<string | undefined> {
  return (await findHashed(sealing, kind, subject))?.value
}

async function findHashed({ store, sealer }: Sealing, kind: string, subject: string) {
  for (const name of sealer.fingerprints(kind, subject)) {
    const key = `${kind}:${name}`
    const value = await store.get(key)
    if (value !== undefined) return { key, value }
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

/** Tokens that were found in the store. */
export interface KeptTokens {
  /** To be validated again. */
  readonly tokens: SessionTokens
  /** Whether nothing could check them when they were kept. */
  readonly isUnchecked: boolean
  /** Takes them out of the store, for one caller. False when they were gone. */
  readonly take: () => Promise<boolean>
}

const lifetimeMs = 60_000
/** A session token lives about as long. */
const uncheckedLifetimeMs = 10 * 60_000

/**
 * Keeps the session that a one-time secret was redeemed for, for a minute and for every instance; tokens
 * that nothing could check yet, for ten. A browser that lost the response can then repeat its request,
 * which the service would refuse. Reading the store signs no one in.
 */
export async function keepTokens(
  sealing: Sealing,
  kind: string,
  secret: string,
  { sessionJwt, refreshJwt, user, firstSeen }: SessionTokens,
  check: 'checked' | 'unchecked' = 'checked',
): Promise<void> {
  // The tokens redact themselves in JSON, so the fields to keep are copied by name.
  const fields = { sessionJwt, refreshJwt, user, firstSeen }
  const isUnchecked = check === 'unchecked'
  const sealed = sealing.sealer.seal(isUnchecked ? uncheckedOf(kind) : kind, fields, secret)
  const ttlMs = isUnchecked ? uncheckedLifetimeMs : lifetimeMs
  await setHashed(sealing, kind, secret, sealed, ttlMs)
}

/** What {@link keepTokens} kept; undefined when there is nothing, or no longer. */
export async function findTokens(
  sealing: Sealing,
  kind: string,
  secret: string,
): Promise<KeptTokens | undefined> {
  const found = await findHashed(sealing, kind, secret)
  if (found === undefined) return undefined
  const { key, value } = found
  const open = (purpose: string): unknown => sealing.sealer.open(purpose, value, secret)
  const checked = open(kind)
  const tokens = checked ?? open(uncheckedOf(kind))
  if (!isPortable(tokens)) return undefined
  const take = (): Promise<boolean> => sealing.store.deleteIf(key, value)
  return { tokens, isUnchecked: checked === undefined, take }
}

function uncheckedOf(kind: string): string {
  return `${kind} unchecked`
}

// The seal is ours. Another release may have sealed another shape.
function isPortable(data: unknown): data is SessionTokens {
  return typeof data === 'object' && data !== null && 'sessionJwt' in data
}
