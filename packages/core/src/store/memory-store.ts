import { type Clock, systemClock } from '../clock.ts'
import type { StateStore } from './state-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Where time comes from. @default the machine's clock */
  clock?: Pick<Clock, 'now'>
  /** How many keys of one kind are kept; past that the oldest goes. @default 100_000 */
  maxEntries?: number
  /** How many bytes the keys and values of one kind take, by estimate. @default 64 MiB */
  maxBytes?: number
}

interface Entry {
  value: string
  readonly endsAt: number
}

interface Kind {
  readonly entries: Map<string, Entry>
  bytes: number
  sweptAt: number
}

/** Kinds are named in code, not by visitors; past this many the rest share one. */
const maxKinds = 64
/** How often a full kind is searched for what is over, in milliseconds. */
const sweepEvery = 1000
/** What an entry costs beside its text (measured, rounded up). */
const overheadBytes = 128

/**
 * A {@link StateStore} in this process's memory: the default, right for one machine. Bounded, and
 * without a timer: what is over goes when it is asked for, when younger keys of its kind come, or
 * when room is needed.
 *
 * The bounds hold for each kind of key, which is what stands before its first colon. So a flood of
 * one kind, such as send limits for made-up addresses, pushes out no revocation.
 *
 * @throws {TypeError} an option cannot be right
 */
export function memoryStore(options: MemoryStoreOptions = {}): StateStore {
  const clock = options.clock ?? systemClock
  const maxEntries = wholeNumber('maxEntries', options.maxEntries ?? 100_000)
  const maxBytes = wholeNumber('maxBytes', options.maxBytes ?? 64 * 1024 * 1024)
  const kinds = new Map<string, Kind>()

  function kindOf(key: string): Kind {
    const colon = key.indexOf(':')
    const name = colon === -1 ? '' : key.slice(0, colon)
    const known = kinds.get(name)
    if (known !== undefined) return known
    if (name !== '' && kinds.size >= maxKinds) return kindOf('')
    const kind: Kind = { entries: new Map(), bytes: 0, sweptAt: clock.now() }
    kinds.set(name, kind)
    return kind
  }

  function live(kind: Kind, key: string): Entry | undefined {
    const entry = kind.entries.get(key)
    if (entry === undefined || entry.endsAt > clock.now()) return entry
    forget(kind, key, entry)
    return undefined
  }

  function put(kind: Kind, key: string, value: string, ttlMs: number): void {
    const entry = { value, endsAt: clock.now() + wholeMs(ttlMs) }
    const before = kind.entries.get(key)
    // Forgetting it first moves a renewed key to the young end of the Map's order.
    if (before !== undefined) forget(kind, key, before)
    kind.entries.set(key, entry)
    kind.bytes += bytesOf(key, value)
    clearOldEnd(kind)
    makeRoom(kind)
  }

  // Keys of one kind mostly live equally long, so what is over is at the old end: each is passed
  // once, and the dead take no room that grows with the day.
  function clearOldEnd(kind: Kind): void {
    const now = clock.now()
    for (const [key, entry] of kind.entries) {
      if (entry.endsAt > now) return
      forget(kind, key, entry)
    }
  }

  function makeRoom(kind: Kind): void {
    if (isFull(kind) && clock.now() - kind.sweptAt >= sweepEvery) sweep(kind)
    for (const [key, entry] of kind.entries) {
      if (!isFull(kind)) return
      forget(kind, key, entry)
    }
  }

  function isFull({ entries, bytes }: Kind): boolean {
    return entries.size > maxEntries || bytes > maxBytes
  }

  function sweep(kind: Kind): void {
    kind.sweptAt = clock.now()
    for (const [key, entry] of kind.entries) {
      if (entry.endsAt <= kind.sweptAt) forget(kind, key, entry)
    }
  }

  return {
    get: async (key) => live(kindOf(key), key)?.value,
    set: async (key, value, ttlMs) => put(kindOf(key), key, value, ttlMs),
    setIfAbsent: async (key, value, ttlMs) => {
      const kind = kindOf(key)
      if (live(kind, key) !== undefined) return false
      put(kind, key, value, ttlMs)
      return true
    },
    delete: async (key) => {
      const kind = kindOf(key)
      const entry = kind.entries.get(key)
      if (entry !== undefined) forget(kind, key, entry)
    },
    increment: async (key, ttlMs) => {
      const kind = kindOf(key)
      const entry = live(kind, key)
      if (entry === undefined) {
        put(kind, key, '1', ttlMs)
        return 1
      }
      const count = Number(entry.value) + 1
      kind.bytes += String(count).length - entry.value.length
      entry.value = String(count)
      return count
    },
  }
}

function forget(kind: Kind, key: string, { value }: Entry): void {
  kind.entries.delete(key)
  kind.bytes -= bytesOf(key, value)
}

function bytesOf(key: string, value: string): number {
  return overheadBytes + key.length + value.length
}

function wholeMs(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1) return ttlMs
  throw new RangeError('StateStore: ttlMs must be a whole number of milliseconds from 1.')
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new TypeError(`memoryStore: ${name} must be a whole number from 1.`)
}
