import type { WebResponse } from '@linkpass/web'
import type { Instance, SimRequest } from './instance.ts'
import type { World } from './world.ts'

/** What a request says, and on whose behalf it is sent. */
export interface Visit {
  readonly fields?: Readonly<Record<string, string>>
  /** The cookies to send. @default those that the browser has */
  readonly cookies?: Cookies
  /** The user that it signs in. Any other session is that of the cookies. @default none */
  readonly userId?: string | undefined
  /** The number of the instance that it goes to. @default any */
  readonly at?: number | undefined
}

/** A request on its way through the app. */
export interface Exchange {
  readonly browser: Browser
  readonly request: SimRequest
  readonly userId: string | undefined
  readonly sent: Cookies
  readonly instance: Instance
  readonly arrivedAt: number
}

/** Watches requests. */
interface Watcher {
  onArrival(exchange: Exchange): void
  onResponse(exchange: Exchange, response: WebResponse): void
  onDelivery(exchange: Exchange, response: WebResponse): void
}

export type Cookies = Readonly<Partial<Record<string, string>>>

/** A browser. Its tabs share its cookies. */
export class Browser {
  readonly name: string
  cookies: Cookies = {}
  readonly #world: World
  readonly #watcher: Watcher
  readonly #instanceFor: (at?: number) => Instance

  constructor(
    name: string,
    world: World,
    watcher: Watcher,
    instanceFor: (at?: number) => Instance,
  ) {
    this.name = name
    this.#world = world
    this.#watcher = watcher
    this.#instanceFor = instanceFor
  }

  /** The response to a request; undefined where none arrives. */
  send(
    line: string,
    { fields = {}, cookies: sent = this.cookies, userId, at }: Visit = {},
  ): Promise<WebResponse | undefined> {
    const world = this.#world
    const watcher = this.#watcher
    const [method = '', target = ''] = line.split(' ')
    const cookie = Object.entries(sent).map(([name, value]) => `${name}=${value}`)
    const request = { method, target, cookie: cookie.join('; '), fields }
    return new Promise((resolve) => {
      const isLost = (): void => resolve(undefined)
      const arrive = async (): Promise<void> => {
        const instance = this.#instanceFor(at)
        const exchange = { browser: this, request, userId, sent, instance, arrivedAt: world.now }
        watcher.onArrival(exchange)
        world.note(`  at ${instance.name}`)
        const response = await instance.serve(request)
        if (response === undefined) return isLost()
        watcher.onResponse(exchange, response)
        const label = `${this.name} gets ${response.status} to ${line}`
        const run = (): void => {
          watcher.onDelivery(exchange, response)
          this.#keep(response)
          resolve(response)
        }
        const { name } = this
        world.send({ label, owner: name, touches: [name], run, faults: { 'is lost': isLost } })
      }
      const owner = at === undefined ? this.name : this.#instanceFor(at).name
      const run = (): void => void arrive()
      world.send({
        label: `${this.name} sends ${line}`,
        owner,
        run,
        faults: { 'does not arrive': isLost },
      })
    })
  }

  #keep({ cookies }: WebResponse): void {
    const kept = new Map(Object.entries(this.cookies))
    // Cookies for the whole domain are never set here.
    for (const { name, value, maxAge } of cookies.filter(({ domain }) => domain === undefined)) {
      if (maxAge === 0) kept.delete(name)
      else kept.set(name, value)
    }
    this.cookies = Object.fromEntries(kept)
  }
}
