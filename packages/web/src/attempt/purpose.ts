import { isDeliveryMethod } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import { type Attempt, attemptLifetimeMs } from './browser-record.ts'
import { type HashedKeys, createHashedKeys } from './hashed-keys.ts'

/** What a link is for, and how it is delivered. */
export type AttemptPurpose = Pick<Attempt, 'purpose' | 'method'>

/**
 * Keeps in the store what a link is for, unless it is a sign-in. A browser that did not request the
 * link can then say so too: a user who receives another user's link must not be told that it signs
 * them in.
 */
export async function keepPurpose<R extends object>(
  context: AuthContext<R>,
  { state, purpose, method }: Attempt,
): Promise<void> {
  if (purpose === undefined) return
  // If this fails, the page in another browser speaks of a sign-in.
  await purposesOf(context)
    .set(state, `${purpose} ${method}`, attemptLifetimeMs)
    .catch(() => {})
}

/** What a link is for; undefined for a sign-in, or when the store is unavailable. */
export async function purposeOf<R extends object>(
  context: AuthContext<R>,
  state: string | undefined,
): Promise<AttemptPurpose | undefined> {
  if (state === undefined) return undefined
  const kept = await purposesOf(context)
    .get(state)
    .catch(() => undefined)
  const [purpose, method] = kept?.split(' ') ?? []
  if (purpose !== 'step-up' && purpose !== 'update') return undefined
  return isDeliveryMethod(method) ? { purpose, method } : undefined
}

function purposesOf<R extends object>({ store, sealer }: AuthContext<R>): HashedKeys {
  return createHashedKeys(store, sealer, 'purpose')
}
