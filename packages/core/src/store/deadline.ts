import type { Clock } from '../clock.ts'
import { StoreError } from '../errors.ts'
import type { StateStore } from './state-store.ts'

/** How long an operation may take, in milliseconds. Some database clients queue without limit. */
const deadlineMs = 2000

/**
 * The same store with one way to fail: an operation that fails, or takes longer than two seconds,
 * rejects with a {@link StoreError}.
 */
export function guardStore(store: StateStore, clock: Clock): StateStore {
  async function guarded<T>(operation: () => Promise<T>): Promise<T> {
    const ended = new AbortController()
    try {
      return await Promise.race([operation(), deadline(clock, ended.signal)])
    } catch (cause) {
      throw new StoreError('The state store is unavailable.', cause)
    } finally {
      ended.abort()
    }
  }

  return {
    get: (key) => guarded(() => store.get(key)),
    getMany: (keys) => guarded(() => store.getMany(keys)),
    set: (key, value, ttlMs) => guarded(() => store.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => guarded(() => store.setIfAbsent(key, value, ttlMs)),
    replaceIf: (key, expected, value, ttlMs) =>
      guarded(() => store.replaceIf(key, expected, value, ttlMs)),
    deleteIf: (key, expected) => guarded(() => store.deleteIf(key, expected)),
    delete: (key) => guarded(() => store.delete(key)),
    increment: (key, ttlMs) => guarded(() => store.increment(key, ttlMs)),
    append: (key, entry, ttlMs) => guarded(() => store.append(key, entry, ttlMs)),
    readFrom: (key, index) => guarded(() => store.readFrom(key, index)),
  }
}

async function deadline(clock: Clock, signal: AbortSignal): Promise<never> {
  await clock.sleep(deadlineMs, signal)
  throw new Error('The state store did not respond in time.')
}
