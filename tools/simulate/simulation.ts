import type { ClientOptions } from '@linkpass/core'
import { Browser } from './browser.ts'
import { cookieNames, Instance, type InstanceParts, type Planted } from './instance.ts'
import { Invariants } from './invariants.ts'
import { AtMostOnce } from './once.ts'
import { Service } from './service.ts'
import { SharedStore } from './store.ts'
import type { Fault, World } from './world.ts'

/** The longest that an instance holds a lock, in milliseconds. */
const longestLockMs = 11_000
/** Two instances of an app, the store and the service that they share. */
export class Simulation {
  readonly world: World
  readonly service: Service
  readonly #store: SharedStore
  readonly #instances: Instance[] = []
  readonly #parts: InstanceParts
  readonly #once: AtMostOnce
  readonly #invariants: Invariants
  constructor(world: World, options: Partial<ClientOptions>, planted: Planted) {
    this.world = world
    const graceSeconds = world.choices.below(2) * 10
    const isStated = graceSeconds > 0 && world.choices.below(2) === 1
    const client = { ...options, ...(isStated && { refreshGraceSeconds: graceSeconds }) }
    const service = new Service(world, graceSeconds * 1000)
    const store = new SharedStore(world)
    const once = new AtMostOnce(world)
    this.service = service
    this.#store = store
    this.#once = once
    this.#invariants = new Invariants(world, service, once)
    // A store that does not respond keeps no one from a sign-in: the instance goes on without the lock.
    const onSignIn = (instance: Instance): void => once.did('accepted', instance, true)
    this.#parts = { world, service, store, client, planted, onSignIn }
    service.onDeed = (what, token, process) =>
      once.did(`${what} ${token}`, process, what === 'redeemed')
    world.onFault = (process) => {
      process.faultAt = world.now
      once.lost(process)
    }
    world.extraFaults = () => this.#faults()
    for (const name of ['app-1', 'app-2'])
      this.#instances.push(new Instance(world.unique(name), this.#parts))
  }

  async start(): Promise<this> {
    for (const { started } of this.#instances) await started
    return this
  }

  #instanceFor(at: number = this.world.choices.below(2)): Instance {
    const instance = this.#instances[at]
    if (instance === undefined) throw new RangeError('There is no such instance.')
    return instance
  }

  browser(name: string): Browser {
    return new Browser(name, this.world, this.#invariants, (at) => this.#instanceFor(at))
  }

  /** The browser of a user who signed in some time ago. */
  signedIn(name: string, agoSeconds: number): Browser {
    const browser = this.browser(name)
    const { sessionJwt, refreshJwt } = this.service.signIn(`U-${name}`, agoSeconds)
    browser.cookies = { [cookieNames.session]: sessionJwt, [cookieNames.refresh]: refreshJwt }
    for (const jwt of [sessionJwt, refreshJwt]) this.#invariants.handOut(jwt)
    return browser
  }

  /** One of these, of which the first is chosen where every order is tried. */
  oneOf<T>(list: readonly [T, ...T[]]): T {
    return list[this.world.choices.below(list.length)] ?? list[0]
  }

  /** Resolves after one of these times, in milliseconds. */
  later(...ms: readonly [number, ...number[]]): Promise<void> {
    return this.world.sleep(this.oneOf(ms))
  }

  /** Once all is well again, tries every token that must be worth nothing. */
  async probe(): Promise<void> {
    const thief = this.browser('thief')
    for (const cookies of this.#invariants.endedTokens()) {
      await thief.send('GET /auth/session', { cookies })
    }
  }

  /** Ends the processes. */
  end(): void {
    for (const instance of this.#instances) instance.crash()
  }

  #faults(): Fault[] {
    const { world } = this
    const crashes = this.#instances.map((instance, index): Fault => {
      return [`${instance.name} crashes`, () => this.#crash(instance, index)]
    })
    if (world.choices.isExhaustive) return crashes
    const pauses = this.#instances
      .filter(({ isPaused }) => !isPaused)
      .map((instance): Fault => {
        const pause = (): void => {
          world.onFault(instance)
          instance.isPaused = true
        }
        return [`${instance.name} is paused`, pause]
      })
    const failover: Fault = ['the store loses its newest writes', () => this.#failOver()]
    return [...crashes, ...pauses, ...(this.#store.unsafe > 0 ? [failover] : [])]
  }

  async #crash(instance: Instance, index: number): Promise<void> {
    this.world.onFault(instance)
    instance.crash()
    const next = new Instance(this.world.unique(`app-${index + 1}`), this.#parts)
    this.#instances[index] = next
    await next.started
  }

  #failOver(): void {
    this.#invariants.hasLostWrites = true
    this.#once.forget()
    // A lock may be among them, and its holder goes on without it.
    for (const instance of this.#instances) instance.unwellUntil = this.world.now + longestLockMs
    this.#store.lose(1 + this.world.choices.below(Math.min(3, this.#store.unsafe)))
  }
}
