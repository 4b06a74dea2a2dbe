import { hashToken } from '../crypto/token-hash.ts'
import type { StateStore } from '../store/state-store.ts'

/** The refresh tokens that were replaced by a newer one, for every instance. */
export interface RotatedTokens {
  /** Remembers for an hour that a token was replaced. */
  record(refreshJwt: string): Promise<void>
  /** @throws {StoreError} the store is unavailable */
  includes(refreshJwt: string): Promise<boolean>
}

/** Longer than any request takes, including one of a tab that was suspended. */
const rememberedMs = 60 * 60 * 1000

/** Keeps the record in `store`, under hashes of the tokens. */
export function createRotatedTokens(store: StateStore): RotatedTokens {
  const keyOf = (refreshJwt: string): string => `rotated:${hashToken(refreshJwt)}`
  return {
    record: (refreshJwt) => store.set(keyOf(refreshJwt), '1', rememberedMs),
    includes: async (refreshJwt) => (await store.get(keyOf(refreshJwt))) !== undefined,
  }
}
