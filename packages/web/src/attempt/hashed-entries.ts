import type { SessionTokens, StateStore } from '@linkpass/core'
import type { Sealer } from '@linkpass/core/internal'

export interface KeptTokens {
  /** To be validated again. */
  readonly tokens: SessionTokens
  /** Whether nothing could check them when they were kept. */
  readonly isUnchecked: boolean
  /** Takes them out of the store, for one caller. False when they were gone. */
  readonly take: () => Promise<boolean>
}

const tokensMs = 60_000
/** A session token lives about as long. */
const uncheckedTokensMs = 10 * 60_000

/**
 * Entries in the store under keys that do not tell what they are about: a key is an HMAC of its subject.
 * Entries are written under the first secret and looked up under each, so that instances find each other's
 * entries while secrets rotate. Each method rejects when the store is unavailable.
 */
export class HashedEntries {
  readonly #store: StateStore
  readonly #sealer: Sealer

  constructor(store: StateStore, sealer: Sealer) {
    this.#store = store
    this.#sealer = sealer
  }

  async set(kind: string, subject: string, value: string, ttlMs: number): Promise<void> {
    await this.#store.set(`${kind}:${this.#sealer.fingerprint(kind, subject)}`, value, ttlMs)
  }

  /** The value about `subject`; undefined when it has expired. */
  async get(kind: string, subject: string): Promise<string | undefined> {
    return (await this.#lookUp(kind, subject))?.value
  }

  /** Keeps data about an id, sealed so that it takes the id to open it. */
  async keep(kind: string, id: string, data: object, ttlMs: number): Promise<void> {
    await this.set(kind, id, this.#sealer.seal(kind, data, id), ttlMs)
  }

  /** What was kept about an id; undefined once it has expired. Another release may have sealed another shape. */
  async find(kind: string, id: string): Promise<unknown> {
    const sealed = await this.get(kind, id)
    return sealed === undefined ? undefined : this.#sealer.open(kind, sealed, id)
  }

  /**
   * Keeps the session that a one-time secret was redeemed for, for a minute. A browser that lost the response
   * can then repeat its request, which the service would refuse. Reading the store signs no one in.
   */
  async keepTokens(kind: string, secret: string, tokens: SessionTokens): Promise<void> {
    await this.keep(kind, secret, portable(tokens), tokensMs)
  }

  /** Keeps tokens that nothing could check yet, for ten minutes. */
  async keepUnchecked(kind: string, secret: string, tokens: SessionTokens): Promise<void> {
    const sealed = this.#sealer.seal(`${kind} unchecked`, portable(tokens), secret)
    await this.set(kind, secret, sealed, uncheckedTokensMs)
  }

  /** The tokens that were kept; undefined when there are none, or no longer. */
  async findTokens(kind: string, secret: string): Promise<KeptTokens | undefined> {
    const found = await this.#lookUp(kind, secret)
    if (found === undefined) return undefined
    const { key, value } = found
    const checked = this.#sealer.open(kind, value, secret)
    const tokens = checked ?? this.#sealer.open(`${kind} unchecked`, value, secret)
    if (!areTokens(tokens)) return undefined
    const take = (): Promise<boolean> => this.#store.deleteIf(key, value)
    return { tokens, isUnchecked: checked === undefined, take }
  }

  async #lookUp(kind: string, subject: string) {
    for (const name of this.#sealer.fingerprints(kind, subject)) {
      const key = `${kind}:${name}`
      const value = await this.#store.get(key)
      if (value !== undefined) return { key, value }
    }
    return undefined
  }
}

// The tokens redact themselves in JSON, so the fields to keep are copied by name.
function portable({ sessionJwt, refreshJwt, user, firstSeen }: SessionTokens): object {
  return { sessionJwt, refreshJwt, user, firstSeen }
}

// Another release may have sealed another shape.
function areTokens(data: unknown): data is SessionTokens {
  return typeof data === 'object' && data !== null && 'sessionJwt' in data
}
