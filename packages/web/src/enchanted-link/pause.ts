import { canonicalLoginId } from '@linkpass/core/internal'
import { createHashedKeys } from '../attempt/hashed-keys.ts'
import type { AuthContext } from '../context.ts'

/** How long refusals count, and how long a pause lasts, in milliseconds. */
const pauseMs = 15 * 60 * 1000
/** This many refusals within that time begin a pause. */
const enough = 2

const kind = 'paused'

/** The name of an address in the store, in all its spellings. It does not reveal the address. */
export function pauseNameOf({ sealer }: AuthContext, loginId: string): string {
  return sealer.fingerprint(kind, canonicalLoginId(loginId))
}

/**
 * Counts a refusal. Two of them pause the enchanted attempts for the address for 15 minutes, so that no
 * one can send requests until one is approved by mistake. Never rejects: the refusal itself stands.
 */
export async function countRefusal({ store }: AuthContext, pauseName: string): Promise<void> {
  try {
    const count = await store.increment(`refusals:${pauseName}`, pauseMs)
    if (count >= enough) await store.set(`${kind}:${pauseName}`, '1', pauseMs)
  } catch {
    // The next refusal is counted.
  }
}

/** Whether nothing is to be sent to this address for now. Rejects without a store. */
export async function isPaused({ store, sealer }: AuthContext, loginId: string): Promise<boolean> {
  const pauses = createHashedKeys(store, sealer, kind)
  return (await pauses.get(canonicalLoginId(loginId))) !== undefined
}
