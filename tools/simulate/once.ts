import type { Process, World } from './world.ts'

/** Something that an instance did, and that must be done once. */
interface Deed {
  readonly key: string
  readonly process: Process
  readonly at: number
  /** Whether others can know its outcome, or it may be lost. */
  state: 'open' | 'settled' | 'lost'
}

/** How long a request takes, at most, from the lock to what it protects, in milliseconds. */
const afterFaultMs = 3000

/**
 * Things are done at most once, unless an outcome was lost. An outcome is lost when its instance crashes,
 * is paused, or gets no response from the service or the store before it responds; or when the store loses
 * writes afterwards.
 */
export class AtMostOnce {
  #deeds: Deed[] = []
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Something was done. @param isLockOptional whether an instance goes on when the store fails */
  did(key: string, process: Process, isLockOptional: boolean): void {
    const { now } = this.#world
    const isWithoutLock = isLockOptional && now <= process.faultAt + afterFaultMs
    const isWell = process.isAlive && !process.isPaused && now > process.unwellUntil
    const state = isWell && !isWithoutLock ? 'open' : 'lost'
    this.#deeds.push({ key, process, at: now, state })
  }

  /** The instance has responded to a request for it. Returns when it was done twice, if it was. */
  settle(key: string, process: Process): readonly [firstAt: number, secondAt: number] | undefined {
    const deeds = this.#deeds.filter((deed) => deed.key === key)
    for (const deed of deeds) {
      if (deed.process === process && deed.state === 'open') deed.state = 'settled'
    }
    const [first, second] = deeds.filter(({ state }) => state === 'settled')
    return first && second && [first.at, second.at]
  }

  /** A process may have lost what it knows. */
  lost(process: Process): void {
    for (const deed of this.#deeds) {
      if (deed.process === process && deed.state === 'open') deed.state = 'lost'
    }
  }

  /** The store may have lost any outcome. */
  forget(): void {
    this.#deeds = []
  }
}
