import type { Clock } from '../../clock.ts'
import type { StateStore } from '../../store/state-store.ts'
import { pause } from '../pause.ts'
import { refreshKey } from './entry.ts'

/** How often a short lock is extended, in milliseconds. */
const extendMs = 1000

/** Where locks are kept. */
export interface RefreshLocks {
  /** Must fail with a {@link StoreError}. */
  readonly store: StateStore
  readonly clock: Clock
  /** How long a lock lasts without being extended, in milliseconds. */
  readonly lockMs: number
}

/** A refresh token, and the entry that stands for this instance's refresh of it. */
export interface Claim {
  readonly id: string
  readonly refreshJwt: string
  readonly own: string
}

/** Takes the lock, in place of `expected` if given. Resolves to what was found; undefined if taken. */
export async function takeLock(
  { store, lockMs }: RefreshLocks,
  { id, own }: Claim,
  expected?: string,
): Promise<string | undefined> {
  const key = refreshKey(id)
  if (expected !== undefined && (await store.replaceIf(key, expected, own, lockMs)))
    return undefined
  const found = await store.setIfAbsent(key, own, lockMs)
  // A client that sent the command twice finds its own lock.
  return found === own ? undefined : found
}

export async function releaseLock({ store }: RefreshLocks, { id, own }: Claim): Promise<void> {
  await store.deleteIf(refreshKey(id), own).catch(() => {})
}

/** Extends the lock until the returned function is called, or the lock is another's. */
export function keepLock({ store, clock, lockMs }: RefreshLocks, { id, own }: Claim): () => void {
  const done = new AbortController()
  const extend = async (): Promise<void> => {
    let isOwn = true
    while (isOwn) {
      await pause(clock, extendMs, done.signal)
      isOwn = await store.replaceIf(refreshKey(id), own, own, lockMs).catch(() => true)
    }
  }
  extend().catch(() => {})
  return () => done.abort()
}
