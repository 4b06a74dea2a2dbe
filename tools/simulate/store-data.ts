import type { Actor, World } from './world.ts'

type Value = string | readonly string[]

interface Entry {
  readonly value: Value
  readonly endsAt: number
}

/** One that waits for hints. */
export interface Listener {
  readonly actor: Actor
  readonly channel: string
  readonly hear: (message: string) => void
}

/** How old a write can be that a failover loses, in milliseconds. */
const unsafeMs = 1000

/** The data of the store that all instances share. Each method is one operation, done in one step. */
export class StoreData {
  readonly listeners: Listener[] = []
  readonly #world: World
  readonly #entries = new Map<string, Entry>()
  readonly #writes: { key: string; before: Entry | undefined; at: number }[] = []

  constructor(world: World) {
    this.#world = world
  }

  get(key: string): string | undefined {
    const value = this.#live(key)?.value
    return typeof value === 'string' ? value : undefined
  }

  set(key: string, value: Value | undefined, ttlMs: number): void {
    const { now } = this.#world
    this.#writes.push({ key, before: this.#entries.get(key), at: now })
    if (value === undefined) this.#entries.delete(key)
    else this.#entries.set(key, { value, endsAt: now + ttlMs })
  }

  setIfAbsent(key: string, value: string, ttlMs: number): string | undefined {
    const found = this.get(key)
    if (found === undefined) this.set(key, value, ttlMs)
    return found
  }

  /** @param value undefined to delete it */
  replaceIf(key: string, expected: string, value: string | undefined, ttlMs: number): boolean {
    const isExpected = this.get(key) === expected
    if (isExpected) this.set(key, value, ttlMs)
    return isExpected
  }

  increment(key: string, ttlMs: number): number {
    const count = Number(this.get(key) ?? 0) + 1
    this.set(key, String(count), this.#leftMs(key) || ttlMs)
    return count
  }

  append(key: string, entry: string, ttlMs: number): void {
    this.set(key, [...this.readFrom(key, 0), entry], Math.max(ttlMs, this.#leftMs(key)))
  }

  readFrom(key: string, index: number): readonly string[] {
    const value = this.#live(key)?.value
    return typeof value === 'object' ? value.slice(index) : []
  }

  /** How many writes a failover would lose. */
  get unsafe(): number {
    const from = this.#world.now - unsafeMs
    return this.#writes.filter(({ at }) => at >= from).length
  }

  /** Loses the newest writes, as a failover to a replica does. */
  lose(count: number): void {
    for (const { key, before } of this.#writes.splice(-count).toReversed()) {
      if (before === undefined) this.#entries.delete(key)
      else this.#entries.set(key, before)
    }
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && this.#world.now < entry.endsAt ? entry : undefined
  }

  #leftMs(key: string): number {
    return (this.#live(key)?.endsAt ?? this.#world.now) - this.#world.now
  }
}
