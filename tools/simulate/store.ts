import { memoryStore, type StateStore, type StoreCall } from '@linkpass/core'
import { wrapStore } from '@linkpass/testing'
import type { Process } from './process.ts'
import type { World } from './world.ts'

/** A client may drop a command that it no longer waits for; until then it may still be carried out. */
const commandLifeMs = 2000
/** How old a write can be that a failover loses, in milliseconds. */
const unsafeMs = 1000

/** The store that all instances share: a memory store, reached over a network, that can lose writes. */
export class SharedStore {
  readonly #world: World
  #now: () => number
  #data: StateStore
  #writes: { readonly at: number; readonly write: () => Promise<unknown> }[] = []
  readonly #listeners: (readonly [Process, channel: string, (message: string) => void])[] = []
  readonly #names = new Map<string, string>()

  constructor(world: World) {
    this.#world = world
    this.#now = () => world.now
    this.#data = this.#empty()
  }

  /** The store as one instance reaches it. */
  connect(process: Process): StateStore {
    const world = this.#world
    const data = new Proxy(this.#data, { get: (_, name) => Reflect.get(this.#data, name) })
    const ask = <T>(
      operation: () => Promise<T>,
      name: string,
      key: string,
      call?: StoreCall,
    ): Promise<T> => {
      if (process.isStarting) return operation()
      const isRead = /^(?:get|readFrom|publish)/.test(name)
      const carryOut = (): Promise<T> => {
        if (!isRead) this.#writes.push({ at: world.now, write: operation })
        return operation()
      }
      const touches = key.split(' ').map((one) => this.#nameOf(one))
      const label = `${process.name} store ${name} ${touches.join(' ')}`
      // It was not carried out in time.
      call?.signal?.addEventListener('abort', () => process.fail())
      return new Promise((resolve, reject) => {
        const respond = (result: T): void => {
          // Where every order is tried, it responds at once.
          if (world.choices.isExhaustive) return process.isAlive ? resolve(result) : undefined
          const shown = [result].flat().map((one) => (typeof one === 'string' ? 'a value' : one))
          const run = (): void => resolve(result)
          world.send(`${label} → ${shown.join(', ')}`, run, { to: process, faults: {} })
        }
        const faults = {
          'is refused': () => {
            process.fail()
            reject(new Error('The store is unavailable.'))
          },
          'is done, and no response arrives': () => void carryOut(),
        }
        const run = (): void => void carryOut().then(respond)
        world.send(label, run, { touches, isRead, lifeMs: commandLifeMs, faults })
      })
    }
    return {
      ...wrapStore(data, ask),
      publish: (channel, message) =>
        ask(async () => this.#publish(channel, message), 'publish', channel),
      subscribe: async (channel, hear) => {
        this.#listeners.push([process, channel, hear])
        return () => {}
      },
    }
  }

  /** How many writes a failover would lose. */
  get unsafe(): number {
    return this.#writes.filter(({ at }) => at >= this.#world.now - unsafeMs).length
  }

  /** Loses the newest writes, as a failover to a replica does: makes those before them again. */
  lose(count: number): void {
    this.#data = this.#empty()
    this.#writes = this.#writes.slice(0, -count)
    const real = this.#now
    for (const { at, write } of this.#writes) {
      this.#now = () => at
      void write()
    }
    this.#now = real
  }

  #empty(): StateStore {
    return memoryStore({ clock: { now: () => this.#now() } })
  }

  #publish(channel: string, message: string): void {
    for (const [to, name, hear] of this.#listeners) {
      if (name !== channel || !to.isAlive) continue
      const label = `${to.name} hint on ${channel}`
      const hearIt = (): void => hear(message)
      const again = (): void => {
        hearIt()
        this.#world.send(label, hearIt, hint)
      }
      const hint = { to, faults: { 'is lost': () => {}, 'comes twice': again } }
      // Where every order is tried, none is heard: it only makes a reading sooner.
      if (!this.#world.choices.isExhaustive) this.#world.send(label, hearIt, hint)
    }
  }

  /** A key in the trace: its kind and a number, since it may be random. */
  #nameOf(key: string): string {
    const name = this.#names.get(key) ?? `${key.split(':')[0]}:${this.#names.size + 1}`
    this.#names.set(key, name)
    return name
  }
}
