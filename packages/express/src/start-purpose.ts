import { type Start, isDeliveryMethod, startLifetimeMs } from '@linkpass/core/web'
import type { AuthContext } from './context.ts'

/** What a link is for, and how it travels. */
export type StartPurpose = Pick<Start, 'purpose' | 'method'>

/**
 * Leaves in the store what a link is for, where that is no sign-in, so that a device which did not ask for it can say so too:
 * whoever is mailed somebody else's link must not be told that it is a sign-in of their own.
 */
export async function keepPurpose(
  { store, sealer }: AuthContext,
  { state, purpose, method }: Start,
): Promise<void> {
  if (purpose === undefined) return
  // Worst case, the page on another device speaks of a sign-in.
  await store.set(keyOf(sealer, state), `${purpose} ${method}`, startLifetimeMs).catch(() => {})
}

/** What a link is for; undefined for a sign-in, or when the store is out of reach. */
export async function purposeOf(
  { store, sealer }: AuthContext,
  state: string | undefined,
): Promise<StartPurpose | undefined> {
  if (state === undefined) return undefined
  const kept = await store.get(keyOf(sealer, state)).catch(() => undefined)
  const [purpose, method] = kept?.split(' ') ?? []
  if (purpose !== 'step-up' && purpose !== 'update') return undefined
  return isDeliveryMethod(method) ? { purpose, method } : undefined
}

function keyOf(sealer: AuthContext['sealer'], state: string): string {
  return `purpose:${sealer.fingerprint('purpose', state)}`
}
