import type { StateStore } from '../store/state-store.ts'
import { hashToken } from '../crypto/token-hash.ts'

/** The refresh tokens that a newer one took the place of, for every instance. */
export interface RotatedTokens {
  /** Remembers for an hour that a token has a successor. */
  record(refreshJwt: string): Promise<void>
  /** @throws {StoreError} the store is out of reach */
  includes(refreshJwt: string): Promise<boolean>
}

/** Longer than a request is ever on its way, one of a tab that slept included. */
const rememberedMs = 60 * 60 * 1000

/** Keeps the record in `store`, under hashes. */
export function createRotatedTokens(store: StateStore): RotatedTokens {
  const keyOf = (refreshJwt: string): string => `replaced:${hashToken(refreshJwt)}`
  return {
    record: (refreshJwt) => store.set(keyOf(refreshJwt), '1', rememberedMs),
    includes: async (refreshJwt) => (await store.get(keyOf(refreshJwt))) !== undefined,
  }
}
