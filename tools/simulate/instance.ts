import { type ClientOptions, createDescopeClient, type StateStore } from '@linkpass/core'
import { projectId } from '@linkpass/testing'
import { createWebAuth, type RequestReader, type WebAuth, type WebResponse } from '@linkpass/web'
import { SimulatedNetwork } from './network.ts'
import { publicKey, type Service } from './service.ts'
import { connectStore } from './store.ts'
import type { StoreData } from './store-data.ts'
import type { Actor, World } from './world.ts'

export const origin = 'https://app.example.com'

/** A request as the simulated app receives it. */
export interface SimRequest {
  readonly method: 'GET' | 'POST'
  readonly target: string
  readonly cookie: string
  readonly fields: Readonly<Record<string, string>>
  readonly closed: AbortController
}

export const readRequest: RequestReader<SimRequest> = {
  method: ({ method }) => method,
  target: ({ target }) => target,
  header: ({ cookie }, name) => ({ cookie, accept: 'application/json' })[name],
  ip: () => '192.0.2.1',
  ipFix: () => undefined,
  parsedBody: ({ fields }) => ({ value: fields }),
  chunks: async function* () {},
  closed: ({ closed }) => closed.signal,
}

/** A dependency in which a fault is planted. */
export interface Planted {
  readonly store?: (store: StateStore) => StateStore
  readonly reader?: (reader: RequestReader<SimRequest>) => RequestReader<SimRequest>
}

/** What instances are made of. */
export interface InstanceParts {
  readonly world: World
  readonly service: Service
  readonly data: StoreData
  readonly client: Partial<ClientOptions>
  readonly planted: Planted
  /** Called by the app's hook. */
  readonly onSignIn: (instance: Actor) => void
}

/** One process of the app. */
export class Instance implements Actor {
  readonly name: string
  isAlive = true
  isPaused = false
  unwellUntil = 0
  faultAt = 0
  readonly auth: WebAuth<SimRequest>
  readonly #network: SimulatedNetwork
  readonly #serving = new Set<() => void>()

  private constructor(
    name: string,
    { world, service, data, client, planted, onSignIn }: InstanceParts,
  ) {
    this.name = name
    this.#network = new SimulatedNetwork(world, service, this)
    const store = connectStore(world, data, this)
    const aheadMs = ([0, 1500, -1500] as const)[world.choices.below(3)] ?? 0
    const startedAt = world.now
    this.#client = createDescopeClient({
      ...{ projectId, publicKey, dispatcher: this.#network },
      store: planted.store?.(store) ?? store,
      clock: {
        now: () => world.now + aheadMs,
        monotonic: () => world.now - startedAt,
        sleep: (ms, signal) => world.sleep(ms, this, signal),
      },
      ...client,
    })
    this.auth = createWebAuth(planted.reader?.(readRequest) ?? readRequest, this.#client, {
      ...{ appUrl: origin, cookieSecret: 'a-secret-of-the-simulation-0123456789', limits: false },
      ...{ methods: ['email', 'enchanted'], approval: 'button', linkLifetimeMinutes: 10 },
      onSignIn: () => onSignIn(this),
    })
    world.actors.push(this)
  }

  readonly #client: ReturnType<typeof createDescopeClient>

  /** Starts a process. Its modules are loaded, so that no schedule waits for the disk. */
  static async start(name: string, parts: InstanceParts): Promise<Instance> {
    const instance = new Instance(name, parts)
    await instance.#client.warmUp()
    return instance
  }

  /** The response to a request; undefined when the process crashes first. */
  serve(request: SimRequest): Promise<WebResponse | undefined> {
    return new Promise((resolve, reject) => {
      const crashed = (): void => resolve(undefined)
      this.#serving.add(crashed)
      const path = new URL(request.target, origin).pathname.slice(this.auth.basePath.length)
      this.auth
        .serve(request, path)
        ?.finally(() => this.#serving.delete(crashed))
        .then(resolve, reject)
    })
  }

  /** Ends the process at once: nothing that it waits for comes any more. */
  crash(): void {
    this.isAlive = false
    for (const crashed of this.#serving) crashed()
    this.#network.end()
  }
}
