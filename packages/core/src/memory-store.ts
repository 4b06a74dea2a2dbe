import { type Clock, systemClock } from './clock.ts'
import type { StateStore } from './state-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Where time comes from. @default the machine's clock */
  clock?: Pick<Clock, 'now'>
  /** How many keys are kept; past that the oldest goes. @default 100_000 */
  maxEntries?: number
}

interface Entry {
  value: string
  endsAt: number
}

/**
 * A {@link StateStore} in this process's memory: the default, right for one machine. Bounded, and
 * without a timer: what is over goes when it is asked for, or when room is needed.
 */
export function memoryStore(options: MemoryStoreOptions = {}): StateStore {
  const clock = options.clock ?? systemClock
  const maxEntries = options.maxEntries ?? 100_000
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new TypeError('memoryStore: maxEntries must be a whole number from 1.')
  }
  const entries = new Map<string, Entry>()

  function live(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry === undefined || entry.endsAt > clock.now()) return entry
    entries.delete(key)
    return undefined
  }

  function put(key: string, value: string, ttlMs: number): void {
    if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) {
      throw new RangeError('StateStore: ttlMs must be a whole number of milliseconds from 1.')
    }
    // Deleting first moves a renewed key to the young end of the Map's order.
    entries.delete(key)
    entries.set(key, { value, endsAt: clock.now() + ttlMs })
    if (entries.size <= maxEntries) return
    for (const oldest of entries.keys()) {
      entries.delete(oldest)
      break
    }
  }

  return {
    get: async (key) => live(key)?.value,
    set: async (key, value, ttlMs) => put(key, value, ttlMs),
    setIfAbsent: async (key, value, ttlMs) => {
      if (live(key) !== undefined) return false
      put(key, value, ttlMs)
      return true
    },
    delete: async (key) => {
      entries.delete(key)
    },
    increment: async (key, ttlMs) => {
      const entry = live(key)
      if (entry === undefined) {
        put(key, '1', ttlMs)
        return 1
      }
      const count = Number(entry.value) + 1
      entry.value = String(count)
      return count
    },
  }
}
