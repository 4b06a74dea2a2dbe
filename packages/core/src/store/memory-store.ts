import { type Clock, systemClock } from '../clock.ts'
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

/** The most that a partition holds, and where its time comes from. */
interface PartitionOptions {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly clock: Pick<Clock, 'now'>
}

interface Entry {
  value: string
  readonly endsAt: number
}

/** How often a full partition is searched for expired entries, in milliseconds. */
const sweepEvery = 1000
/** The size of an entry beside its text (measured, rounded up). */
const overheadBytes = 128

/** Values with a time to live, within bounds. Without a timer: see {@link Partition.put}. */
class Partition {
  readonly #options: PartitionOptions
  readonly #entries = new Map<string, Entry>()
  #bytes = 0
  #sweptAt: number

  constructor(options: PartitionOptions) {
    this.#options = options
    this.#sweptAt = options.clock.now()
  }

  /** The entry, unless it has expired. */
  get(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.endsAt > this.#options.clock.now()) return entry
    this.#remove(key, entry)
    return undefined
  }

  /** Stores a value, and removes what has expired or, if there is no room, what is oldest. */
  put(key: string, value: string, ttlMs: number): void {
    const entry = { value, endsAt: this.#options.clock.now() + wholeMs(ttlMs) }
    // Deleting the key first moves it to the young end of the Map's order.
    this.delete(key)
    this.#entries.set(key, entry)
    this.#bytes += bytesOf(key, value)
    this.#removeExpiredAtOldEnd()
    this.#makeRoom()
  }

  /** Changes a value, not its time to live. */
  replace(entry: Entry, value: string): void {
    this.#bytes += value.length - entry.value.length
    entry.value = value
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#remove(key, entry)
  }

  // Keys of one kind mostly have the same time to live, so expired ones are at the old end. Each is
  // passed once, and they take no room that grows with the day.
  #removeExpiredAtOldEnd(): void {
    const now = this.#options.clock.now()
    for (const [key, entry] of this.#entries) {
      if (entry.endsAt > now) return
      this.#remove(key, entry)
    }
  }

  #makeRoom(): void {
    if (this.#isFull() && this.#options.clock.now() - this.#sweptAt >= sweepEvery) this.#sweep()
    for (const [key, entry] of this.#entries) {
      if (!this.#isFull()) return
      this.#remove(key, entry)
    }
  }

  #isFull(): boolean {
    const { maxEntries, maxBytes } = this.#options
    return this.#entries.size > maxEntries || this.#bytes > maxBytes
  }

  #sweep(): void {
    this.#sweptAt = this.#options.clock.now()
    for (const [key, entry] of this.#entries) {
      if (entry.endsAt <= this.#sweptAt) this.#remove(key, entry)
    }
  }

  #remove(key: string, { value }: Entry): void {
    this.#entries.delete(key)
    this.#bytes -= bytesOf(key, value)
  }
}

function bytesOf(key: string, value: string): number {
  return overheadBytes + key.length + value.length
}

function wholeMs(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1) return ttlMs
  throw new RangeError('StateStore: ttlMs must be a whole number of milliseconds, at least 1.')
}
