import {
  type HashedKeys,
  type Attempt,
  createHashedKeys,
  isDeliveryMethod,
  attemptLifetimeMs,
} from '@linkpass/web'
import type { AuthContext } from './context.ts'

/** What a link is for, and how it travels. */
export type StartPurpose = Pick<Attempt, 'purpose' | 'method'>

/**
 * Leaves in the store what a link is for, where that is no sign-in, so that a device which did not
 * ask for it can say so too: whoever is mailed somebody else's link must not be told that it is a
 * sign-in of their own.
 */
export async function keepPurpose(
  context: AuthContext,
  { state, purpose, method }: Attempt,
): Promise<void> {
  if (purpose === undefined) return
  // Worst case, the page on another device speaks of a sign-in.
  await entriesOf(context)
    .set(state, `${purpose} ${method}`, attemptLifetimeMs)
    .catch(() => {})
}

/** What a link is for; undefined for a sign-in, or when the store is out of reach. */
export async function purposeOf(
  context: AuthContext,
  state: string | undefined,
): Promise<StartPurpose | undefined> {
  if (state === undefined) return undefined
  const kept = await entriesOf(context)
    .get(state)
    .catch(() => undefined)
  const [purpose, method] = kept?.split(' ') ?? []
  if (purpose !== 'step-up' && purpose !== 'update') return undefined
  return isDeliveryMethod(method) ? { purpose, method } : undefined
}

function entriesOf({ store, sealer }: AuthContext): HashedKeys {
  return createHashedKeys(store, sealer, 'purpose')
}
