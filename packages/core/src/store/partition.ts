import type { Clock } from '../clock.ts'

export interface PartitionOptions {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly clock: Pick<Clock, 'now'>
}

export interface Entry {
  value: string | string[]
  endsAt: number
  bytes: number
}

/** How often a full partition is searched for expired entries, in milliseconds. */
const sweepEvery = 1000
/** The size of an entry beside its text (measured, rounded up). */
const overheadBytes = 128
/** The size of an item of a log beside its text. */
const itemBytes = 24

/** Values with a time to live, within bounds. Without a timer: see {@link Partition.put}. */
export class Partition {
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
  put(key: string, value: string | string[], ttlMs: number): void {
    const bytes = bytesOf(key, value)
    const entry = { value, endsAt: this.#options.clock.now() + wholeMs(ttlMs), bytes }
    // Deleting the key first moves it to the young end of the Map's order.
    this.delete(key)
    this.#entries.set(key, entry)
    this.#bytes += bytes
    this.#makeRoom()
  }

  /** Changes a value, not its time to live. */
  replace(entry: Entry, value: string): void {
    this.#grow(entry, value.length - entry.value.length)
    entry.value = value
  }

  /** Adds to a log, which then ends no earlier than `ttlMs` from now. */
  extend(entry: Entry, log: string[], item: string, ttlMs: number): void {
    entry.endsAt = Math.max(entry.endsAt, this.#options.clock.now() + wholeMs(ttlMs))
    log.push(item)
    this.#grow(entry, itemBytes + item.length)
    this.#makeRoom()
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#remove(key, entry)
  }

  // Keys of one kind mostly have the same time to live, so expired ones are at the old end. Each is
  // passed once, and they take no room that grows with the day.
  #makeRoom(): void {
    const now = this.#options.clock.now()
    if (this.#isFull() && now - this.#sweptAt >= sweepEvery) this.#sweep(now)
    for (const [key, entry] of this.#entries) {
      if (entry.endsAt > now && !this.#isFull()) return
      this.#remove(key, entry)
    }
  }

  #isFull(): boolean {
    const { maxEntries, maxBytes } = this.#options
    return this.#entries.size > maxEntries || this.#bytes > maxBytes
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    for (const [key, entry] of this.#entries) if (entry.endsAt <= now) this.#remove(key, entry)
  }

  #grow(entry: Entry, bytes: number): void {
    entry.bytes += bytes
    this.#bytes += bytes
  }

  #remove(key: string, { bytes }: Entry): void {
    this.#entries.delete(key)
    this.#bytes -= bytes
  }
}

function bytesOf(key: string, value: string | string[]): number {
  if (typeof value === 'string') return overheadBytes + key.length + value.length
  return value.reduce((sum, item) => sum + itemBytes + item.length, overheadBytes + key.length)
}

function wholeMs(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1) return ttlMs
  throw new RangeError('StateStore: ttlMs must be a whole number of milliseconds, at least 1.')
}
