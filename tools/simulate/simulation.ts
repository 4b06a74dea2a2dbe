import type { ClientOptions } from '@linkpass/core'
import type { WebResponse } from '@linkpass/web'
import { cookieNames, type Instance, startInstance, type Surroundings } from './instance.ts'
import { Invariants } from './invariants.ts'
import { Service } from './service.ts'
import { SharedStore } from './store.ts'
import type { Faults, World } from './world.ts'

/** The longest that an instance holds a lock, in milliseconds. */
const longestLockMs = 11_000

type Cookies = ReadonlyMap<string, string>

/** What a request says, and on whose behalf it is sent. */
interface Visit {
  readonly fields?: Readonly<Record<string, string>>
  /** The cookies to send. @default those that the browser has */
  readonly cookies?: Cookies
  /** The user that it signs in. @default none */
  readonly userId?: string
  /** The number of the instance that it goes to. @default any */
  readonly at?: number | undefined
}

/** Two instances of an app, the store and the service that they share. */
export class Simulation {
  readonly world: World
  readonly service: Service
  readonly invariants: Invariants
  readonly instances: Instance[] = []
  readonly #store: SharedStore
  readonly #shared: Surroundings

  constructor(world: World, options: Partial<ClientOptions>, plant: Surroundings['plant']) {
    const graceSeconds = world.oneOf([0, 10])
    const isStated = graceSeconds > 0 && world.oneOf([false, true])
    const client = { ...options, ...(isStated && { refreshGraceSeconds: graceSeconds }) }
    this.world = world
    this.service = new Service(world, graceSeconds)
    this.invariants = new Invariants(world, this.service)
    this.#store = new SharedStore(world)
    this.#shared = { world, service: this.service, store: this.#store, client, plant }
    world.otherFaults = () => this.#faults()
  }

  /** Starts the instances, one after the other, so that a seed always does the same. */
  async start(): Promise<void> {
    for (const at of [0, 1]) await this.#startInstance(at)
  }

  /** Ends the processes. */
  end(): void {
    for (const instance of this.instances) instance.crash()
  }

  /** The browser of a user who signed in some time ago. */
  signedIn(name: string, agoSeconds: number): Browser {
    const browser = new Browser(name, this)
    for (const token of this.service.signIn(`U-${name}`, agoSeconds).tokens) {
      browser.cookies.set(cookieNames[token.kind], token.jwt)
      token.isHandedOut = true
    }
    return browser
  }

  /** Once all is well again, tries every token that must be worth nothing. */
  async probe(): Promise<void> {
    const thief = new Browser('thief', this)
    for (const { kind, jwt } of this.invariants.endedTokens()) {
      await thief.send('GET /auth/session', { cookies: new Map([[cookieNames[kind], jwt]]) })
    }
  }

  async #startInstance(at: number): Promise<void> {
    this.instances[at] = await startInstance(this.world.unique(`app-${at + 1}`), this.#shared)
  }

  #faults(): Faults {
    const { isExhaustive } = this.world.choices
    const faults: Record<string, Faults[string]> = {}
    for (const [at, instance] of this.instances.entries()) {
      faults[`${instance.name} crashes`] = () => {
        instance.crash()
        return this.#startInstance(at)
      }
      const canPause = !isExhaustive && !instance.isPaused
      if (canPause) faults[`${instance.name} is paused`] = () => instance.pause()
    }
    const canFailOver = !isExhaustive && this.#store.unsafe > 0
    if (canFailOver) faults['the store loses its newest writes'] = () => this.#failOver()
    return faults
  }

  /** What was done may be lost, a lock as well, and its holder goes on without it. */
  #failOver(): void {
    this.invariants.hasLostWrites = true
    for (const process of this.world.processes) process.deeds = []
    for (const instance of this.instances) instance.unwellUntil = this.world.now + longestLockMs
    this.#store.lose(1 + this.world.choices.below(Math.min(3, this.#store.unsafe)))
  }
}

/** A browser. Its tabs share its cookies. */
export class Browser {
  readonly name: string
  readonly simulation: Simulation
  readonly cookies = new Map<string, string>()

  constructor(name: string, simulation: Simulation) {
    this.name = name
    this.simulation = simulation
  }

  /** The response to a request; undefined where none arrives. */
  send(line: string, visit: Visit = {}): Promise<WebResponse | undefined> {
    const { world, service, invariants, instances } = this.simulation
    const { cookies = this.cookies, at = world.choices.below(2) } = visit
    const [method = '', target = ''] = line.split(' ')
    const pairs = [...cookies].map(([name, value]) => `${name}=${value}`)
    const request = { method, target, cookie: pairs.join('; '), fields: visit.fields ?? {} }
    const tokens = {
      session: service.tokenOf(cookies.get(cookieNames.session)),
      refresh: service.tokenOf(cookies.get(cookieNames.refresh)),
    }
    return new Promise((resolve) => {
      const lose = (): void => resolve(undefined)
      const arrive = async (): Promise<void> => {
        const instance = instances[at]
        if (instance === undefined) throw new RangeError(`There is no instance ${at}.`)
        const { userId } = visit
        const exchange = { request, ...tokens, userId, instance, arrivedAt: world.now }
        invariants.onArrival(exchange)
        world.note(`  at ${instance.name}`)
        const response = await instance.serve(request)
        if (response === undefined) return lose()
        invariants.onResponse(exchange, response)
        const deliver = (): void => {
          const kept = service.tokenOf(this.cookies.get(cookieNames.refresh))
          invariants.onDelivery(exchange, response, kept)
          this.#keep(response)
          resolve(response)
        }
        world.send(`${this.name} gets ${response.status} to ${line}`, deliver, {
          ...{ owner: this.name, touches: [this.name], faults: { 'is lost': lose } },
        })
      }
      world.send(`${this.name} sends ${line}`, () => void arrive(), {
        ...{ owner: instances[at]?.name ?? '', faults: { 'does not arrive': lose } },
      })
    })
  }

  #keep({ cookies }: WebResponse): void {
    for (const { name, value, maxAge, domain } of cookies) {
      // Cookies for the whole domain are never set here.
      if (domain !== undefined) continue
      if (maxAge === 0) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}
