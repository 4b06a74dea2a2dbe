import type { WebResponse } from '@linkpass/web'
import type { Instance, SimRequest } from './instance.ts'
import type { World } from './world.ts'

/** What a request says, and on whose behalf it is sent. */
export interface Visit {
  readonly fields?: Readonly<Record<string, string>>
  /** The cookies to send. @default those that the browser has */
  readonly cookies?: Cookies
  /** The user that it signs in. Any other session is that of the cookies. @default none */
  readonly userId?: string
  /** The number of the instance that it goes to. @default any */
  readonly at?: number
}

/** A request on its way through the app. */
export interface Exchange {
  readonly browser: Browser
  readonly request: SimRequest
  readonly visit: Visit
  readonly sent: Cookies
  readonly instance: Instance
  readonly arrivedAt: number
}

/** What a browser reaches, and who watches its requests. */
export interface Site {
  readonly world: World
  instanceFor(at?: number): Instance
  onArrival(exchange: Exchange): void
  onResponse(exchange: Exchange, response: WebResponse): void
  onDelivery(exchange: Exchange, response: WebResponse): void
}

export type Cookies = Readonly<Partial<Record<string, string>>>

/** A browser. Its tabs share its cookies. */
export class Browser {
  readonly name: string
  cookies: Cookies = {}
  readonly #site: Site

  constructor(name: string, site: Site) {
    this.name = name
    this.#site = site
  }

  /** The response to a request; undefined where none arrives. */
  send(line: string, visit: Visit): Promise<WebResponse | undefined> {
    const { world } = this.#site
    const [method = '', target = ''] = line.split(' ')
    const cookies = visit.cookies ?? this.cookies
    const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`)
    const request: SimRequest = {
      ...{ method: method === 'POST' ? 'POST' : 'GET', target, cookie: cookie.join('; ') },
      ...{ fields: visit.fields ?? {}, closed: new AbortController() },
    }
    return new Promise((resolve) => {
      const isLost = (): void => resolve(undefined)
      const arrive = async (): Promise<void> => {
        const instance = this.#site.instanceFor(visit.at)
        const exchange = {
          browser: this,
          request,
          visit,
          sent: cookies,
          instance,
          arrivedAt: world.now,
        }
        this.#site.onArrival(exchange)
        world.note(`  at ${instance.name}`)
        const response = await instance.serve(request)
        if (response === undefined) return isLost()
        this.#site.onResponse(exchange, response)
        const run = (): void => {
          this.#site.onDelivery(exchange, response)
          this.#keep(response)
          resolve(response)
        }
        const label = `${this.name} gets ${response.status} to ${line.split('?')[0]}`
        world.send({
          label,
          owner: this.name,
          touches: [this.name],
          run,
          faults: { 'is lost': isLost },
        })
      }
      const owner = visit.at === undefined ? this.name : this.#site.instanceFor(visit.at).name
      const run = (): void => void arrive()
      const label = `${this.name} sends ${line.split('?')[0]}`
      world.send({ label, owner, touches: [], run, faults: { 'does not arrive': isLost } })
    })
  }

  #keep({ cookies }: WebResponse): void {
    const kept = new Map(Object.entries(this.cookies))
    for (const { name, value, maxAge, domain } of cookies) {
      // Cookies for the whole domain are never set here.
      if (domain !== undefined) continue
      if (maxAge === 0) kept.delete(name)
      else kept.set(name, value)
    }
    this.cookies = Object.fromEntries(kept)
  }
}
