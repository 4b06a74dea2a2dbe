import { type Clock, systemClock } from '../clock.ts'
import { Partition, type PartitionOptions } from './partition.ts'
import type { StateStore } from './state-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Where time comes from. @default the machine's clock */
  clock?: Pick<Clock, 'now'>
  /** How many keys of one kind are kept; past that the oldest is dropped. @default 100_000 */
  maxEntries?: number
  /** How many bytes the keys and values of one kind take, by estimate. @default 64 MiB */
  maxBytes?: number
}

/** Kinds are named in code, not by visitors; past this many, the others share one partition. */
const maxKinds = 64

/**
 * A {@link StateStore} in this process's memory: the default, for one instance. It is bounded and has
 * no timer: an expired entry is removed when it is read, when younger keys of its kind are written,
 * or when room is needed.
 *
 * The bounds apply to each kind of key, which is the part before its first colon. So a flood of one
 * kind, such as send limits for invented addresses, drops no revocation.
 *
 * @throws {TypeError} an option is invalid
 */
export function memoryStore(options: MemoryStoreOptions = {}): StateStore {
  const partitionOf = partitionByKind({
    clock: options.clock ?? systemClock,
    maxEntries: wholeNumber('maxEntries', options.maxEntries ?? 100_000),
    maxBytes: wholeNumber('maxBytes', options.maxBytes ?? 64 * 1024 * 1024),
  })

  return {
    get: async (key) => partitionOf(key).get(key)?.value,
    set: async (key, value, ttlMs) => partitionOf(key).put(key, value, ttlMs),
    setIfAbsent: async (key, value, ttlMs) => {
      const partition = partitionOf(key)
      if (partition.get(key) !== undefined) return false
      partition.put(key, value, ttlMs)
      return true
    },
    delete: async (key) => partitionOf(key).delete(key),
    increment: async (key, ttlMs) => {
      const partition = partitionOf(key)
      const entry = partition.get(key)
      const count = entry === undefined ? 1 : Number(entry.value) + 1
      if (entry === undefined) partition.put(key, '1', ttlMs)
      else partition.replace(entry, String(count))
      return count
    },
  }
}

function partitionByKind(options: PartitionOptions): (key: string) => Partition {
  const partitions = new Map<string, Partition>()

  function partitionFor(kind: string): Partition {
    const known = partitions.get(kind)
    if (known !== undefined) return known
    if (kind !== '' && partitions.size >= maxKinds) return partitionFor('')
    const partition = new Partition(options)
    partitions.set(kind, partition)
    return partition
  }

  return (key) => partitionFor(key.slice(0, Math.max(0, key.indexOf(':'))))
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new TypeError(`memoryStore: ${name} must be a whole number, at least 1.`)
}
