import type { Clock } from '../clock.ts'
import { StoreError } from '../errors.ts'
import type { StateStore } from './state-store.ts'

/** How long an answer is waited for. Some clients of databases queue for ever while offline. */
const deadlineMs = 2000

/**
 * The same store, with one way to fail: however it does, and when it does not answer in two
 * seconds, the operation rejects with a {@link StoreError}.
 */
export function guardStore(store: StateStore, clock: Clock): StateStore {
  async function guarded<T>(operation: () => Promise<T>): Promise<T> {
    const ended = new AbortController()
    try {
      return await Promise.race([operation(), late(ended.signal)])
    } catch (cause) {
      throw new StoreError('The state store is out of reach.', cause)
    } finally {
      ended.abort()
    }
  }

  async function late(signal: AbortSignal): Promise<never> {
    await clock.sleep(deadlineMs, signal)
    throw new Error('The state store did not answer in time.')
  }

  return {
    get: (key) => guarded(() => store.get(key)),
    set: (key, value, ttlMs) => guarded(() => store.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => guarded(() => store.setIfAbsent(key, value, ttlMs)),
    delete: (key) => guarded(() => store.delete(key)),
    increment: (key, ttlMs) => guarded(() => store.increment(key, ttlMs)),
  }
}
