import { type Clock, systemClock } from '../clock.ts'
import { checkOption, isWhole, onlyKnown, withMethods } from '../config/option-checks.ts'
import { type Entry, Partition, type PartitionOptions } from './partition.ts'
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
  onlyKnown('memoryStore: options', options, ['clock', 'maxEntries', 'maxBytes'])
  const { clock, maxEntries = 100_000, maxBytes = 64 * 1024 * 1024 } = options
  const partitionOf = partitionByKind({
    clock: withMethods('memoryStore: clock', clock, 'now') ?? systemClock,
    maxEntries: wholeNumber('maxEntries', maxEntries),
    maxBytes: wholeNumber('maxBytes', maxBytes),
  })
  const store = { ...operationsOn(partitionOf), ...createChannels() }
  memoryStores.add(store)
  return store
}

// Two copies of this package, such as both builds, share it.
const sharedAs = Symbol.for('linkpass.memoryStores')
const shared: typeof globalThis & { [sharedAs]?: WeakSet<StateStore> } = globalThis
const memoryStores = (shared[sharedAs] ??= new WeakSet())

/** Whether a store is one that {@link memoryStore} made, whose operations cannot fail or hang. */
export function isMemoryStore(store: StateStore): boolean {
  return memoryStores.has(store)
}

type PartitionOf = (key: string) => Partition
type Channels = Required<Pick<StateStore, 'publish' | 'subscribe'>>

function operationsOn(partitionOf: PartitionOf): Omit<StateStore, keyof Channels | 'close'> {
  const read = (key: string): string | undefined => textOf(partitionOf(key).get(key))
  return {
    get: async (key) => read(key),
    getMany: async (keys) => keys.map(read),
    set: async (key, value, ttlMs) => partitionOf(key).put(key, value, ttlMs),
    setIfAbsent: async (key, value, ttlMs) => {
      const found = read(key)
      if (found === undefined) partitionOf(key).put(key, value, ttlMs)
      return found
    },
    replaceIf: async (key, expected, value, ttlMs) => {
      if (read(key) !== expected) return false
      partitionOf(key).put(key, value, ttlMs)
      return true
    },
    deleteIf: async (key, expected) => {
      if (read(key) !== expected) return false
      partitionOf(key).delete(key)
      return true
    },
    delete: async (key) => partitionOf(key).delete(key),
    increment: async (key, ttlMs) => {
      const partition = partitionOf(key)
      const entry = partition.get(key)
      const count = Number(textOf(entry) ?? 0) + 1
      if (entry === undefined) partition.put(key, '1', ttlMs)
      else partition.replace(entry, String(count))
      return count
    },
    append: async (key, item, ttlMs) => {
      const partition = partitionOf(key)
      const entry = partition.get(key)
      if (entry === undefined) partition.put(key, [item], ttlMs)
      else partition.extend(entry, logOf(entry), item, ttlMs)
    },
    readFrom: async (key, index) => {
      const entry = partitionOf(key).get(key)
      return entry === undefined ? [] : logOf(entry).slice(index)
    },
  }
}

/** Channels within this process. A message is delivered after the current code has run. */
function createChannels(): Channels {
  const channels = new Map<string, Set<(message: string) => void>>()
  return {
    publish: async (channel, message) => {
      for (const listener of channels.get(channel) ?? []) queueMicrotask(() => listener(message))
    },
    subscribe: async (channel, listener) => {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners)
      // Of its own, so that one listener may subscribe twice.
      const own = (message: string): void => listener(message)
      listeners.add(own)
      return () => {
        listeners.delete(own)
        if (listeners.size === 0) channels.delete(channel)
      }
    },
  }
}

function textOf(entry: Entry | undefined): string | undefined {
  if (entry === undefined) return undefined
  if (typeof entry.value === 'string') return entry.value
  throw new TypeError('StateStore: this key holds a log, which is read with readFrom.')
}

function logOf({ value }: Entry): string[] {
  if (typeof value !== 'string') return value
  throw new TypeError('StateStore: this key holds a value, which is read with get.')
}

function partitionByKind(options: PartitionOptions): PartitionOf {
  const partitions = new Map<string, Partition>()
  return (key) => {
    const kind = key.slice(0, Math.max(0, key.indexOf(':')))
    const name = partitions.has(kind) || partitions.size < maxKinds ? kind : ''
    const partition = partitions.get(name) ?? new Partition(options)
    partitions.set(name, partition)
    return partition
  }
}

function wholeNumber(name: string, value: number): number {
  const isCount = isWhole(value, 1, Number.MAX_SAFE_INTEGER)
  checkOption(isCount, `memoryStore: ${name} must be a whole number, at least 1.`)
  return value
}
