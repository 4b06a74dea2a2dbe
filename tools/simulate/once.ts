import type { Actor, World } from './world.ts'

/** Something that an instance did, and that must be done once. */
interface Deed {
  readonly actor: Actor
  readonly at: number
  state: 'open' | 'settled' | 'lost'
}

/** What may be done twice. */
export interface Exceptions {
  /** Whether what was done at `firstAt` may be done again at `secondAt`. @default false */
  readonly mayRepeat?: (name: string, firstAt: number, secondAt: number) => boolean
  /** Whether an instance goes on without a lock when the store does not respond. @default false */
  readonly isLockOptional?: boolean
}

/** How long a request takes, at most, from the lock to what it protects, in milliseconds. */
const afterFaultMs = 3000

/**
 * Checks that things are done at most once, unless an outcome was lost. An outcome is lost when its
 * instance crashes, is paused, or gets no response from the service or the store before it responds; or
 * when the store loses writes afterwards.
 */
export class AtMostOnce {
  readonly #deeds = new Map<string, Deed[]>()
  readonly #world: World
  readonly #what: string
  readonly #exceptions: Required<Exceptions>

  constructor(world: World, what: string, exceptions: Exceptions) {
    this.#world = world
    this.#what = what
    this.#exceptions = { mayRepeat: () => false, isLockOptional: false, ...exceptions }
  }

  /** Something was done. */
  did(name: string, actor: Actor): void {
    const { now } = this.#world
    const { isLockOptional } = this.#exceptions
    const isWithoutLock =
      now <= actor.unwellUntil || (isLockOptional && now <= actor.faultAt + afterFaultMs)
    const isLost = !actor.isAlive || actor.isPaused || isWithoutLock
    const deed: Deed = { actor, at: now, state: isLost ? 'lost' : 'open' }
    this.#deeds.set(name, [...(this.#deeds.get(name) ?? []), deed])
  }

  /** The instance has responded to a request for it, so that others can know the outcome. */
  settled(name: string, actor: Actor): void {
    const deeds = this.#deeds.get(name) ?? []
    for (const deed of deeds) {
      if (deed.actor === actor && deed.state === 'open') deed.state = 'settled'
    }
    const [first, second] = deeds.filter(({ state }) => state === 'settled')
    if (first === undefined || second === undefined) return
    if (!this.#exceptions.mayRepeat(name, first.at, second.at)) this.#world.violate(this.#what)
  }

  /** An instance may have lost what it knows. */
  lost(actor: Actor): void {
    for (const deed of [...this.#deeds.values()].flat()) {
      if (deed.actor === actor && deed.state === 'open') deed.state = 'lost'
    }
  }

  /** The store may have lost any outcome. */
  forgotten(): void {
    for (const deed of [...this.#deeds.values()].flat()) deed.state = 'lost'
  }
}
