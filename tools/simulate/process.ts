import { deferred } from '@linkpass/testing'

/** How long a request takes, at most, from the lock to what it protects, in milliseconds. */
const afterFaultMs = 3000

/** Something that a process did, and that must be done once. */
interface Deed {
  readonly what: string
  readonly at: number
  /** Whether others can know its outcome, or it may be lost. */
  state: 'open' | 'settled' | 'lost'
}

/** A process of the app, which can be paused or can crash, and what it did that must be done once. */
export class Process {
  readonly name: string
  isAlive = true
  isPaused = false
  /** Whether it is starting: its store and the service respond at once. */
  isStarting = true
  /** Whether the service, whose time its responses tell, ever responded to it. */
  hasHeard = false
  /** Until when it may act on a lock that a failover of the store has lost. */
  unwellUntil = 0
  /** When something that it sent last had no response. */
  faultAt = 0
  deeds: Deed[] = []
  readonly #time: { readonly now: number }
  readonly #crash = deferred<undefined>()

  constructor(name: string, time: { readonly now: number }) {
    this.name = name
    this.#time = time
  }

  /** Did something. @param isLockOptional whether it goes on without a lock when the store fails */
  did(what: string, isLockOptional: boolean): void {
    const { now } = this.#time
    const isWithoutLock = isLockOptional && now <= this.faultAt + afterFaultMs
    const isWell = this.isAlive && !this.isPaused && now > this.unwellUntil
    this.deeds.push({ what, at: now, state: isWell && !isWithoutLock ? 'open' : 'lost' })
  }

  /** Has responded to a request for it. */
  settle(what: string): void {
    for (const deed of this.deeds) {
      if (deed.what === what && deed.state === 'open') deed.state = 'settled'
    }
  }

  /** Resolves once it crashes. */
  get crashed(): Promise<undefined> {
    return this.#crash.promise
  }

  /** Ends at once: nothing that it waits for comes any more. */
  crash(): void {
    this.fail()
    this.isAlive = false
    this.#crash.resolve(undefined)
  }

  pause(): void {
    this.fail()
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  /** Gets no response, is paused, or crashes: what it knows may be lost. */
  fail(): void {
    this.faultAt = this.#time.now
    for (const deed of this.deeds) if (deed.state === 'open') deed.state = 'lost'
  }
}
