import { type ClientOptions, createDescopeClient, type StateStore } from '@linkpass/core'
import { projectId } from '@linkpass/testing'
import { createWebAuth, type RequestReader, type WebAuth, type WebResponse } from '@linkpass/web'
import { connectService } from './network.ts'
import { publicKey, type Service } from './service.ts'
import type { SharedStore } from './store.ts'
import { Process, settle, type World } from './world.ts'

const origin = 'https://app.example.com'

/** The effective names of the app's cookies. */
export const cookieNames = { session: '__Host-DS', refresh: '__Host-DSR' } as const

/** A request as the simulated app receives it. */
export interface SimRequest {
  readonly method: string
  readonly target: string
  readonly cookie: string
  readonly fields: Readonly<Record<string, string>>
}

const readRequest: RequestReader<SimRequest> = {
  method: ({ method }) => method,
  target: ({ target }) => target,
  header: ({ cookie }, name) => ({ cookie, accept: 'application/json' })[name],
  ip: () => '192.0.2.1',
  ipFix: () => undefined,
  parsedBody: ({ fields }) => ({ value: fields }),
  chunks: async function* () {},
  closed: () => new AbortController().signal,
}

/** A dependency in which a mistake is planted. */
export interface Planted {
  readonly store?: (store: StateStore) => StateStore
  readonly reader?: (reader: RequestReader<SimRequest>) => RequestReader<SimRequest>
}

/** What an instance is made of. */
export interface InstanceParts {
  readonly world: World
  readonly service: Service
  readonly store: SharedStore
  readonly client: Partial<ClientOptions>
  readonly planted: Planted
  /** Called by the app's hook. */
  readonly onSignIn: (instance: Instance) => void
}

/** One process of the app. */
export class Instance extends Process {
  readonly auth: WebAuth<SimRequest>
  /** Resolves once its modules are loaded, so that no schedule waits for the disk. */
  readonly started: Promise<void>
  readonly #serving = new Set<() => void>()

  constructor(name: string, { world, service, store, client, planted, onSignIn }: InstanceParts) {
    super(name)
    const aheadMs = [0, 1500, -1500][world.choices.below(3)] ?? 0
    this.hearsAtStart = world.choices.below(4) < 3
    const connected = store.connect(this)
    const descope = createDescopeClient({
      ...{ projectId, publicKey, dispatcher: connectService(world, service, this) },
      store: planted.store?.(connected) ?? connected,
      clock: {
        now: () => world.now + aheadMs,
        monotonic: () => world.now,
        sleep: (ms, signal) => world.sleep(ms, this, signal),
      },
      ...client,
    })
    this.auth = createWebAuth(planted.reader?.(readRequest) ?? readRequest, descope, {
      ...{ appUrl: origin, cookieSecret: 'a-secret-of-the-simulation-0123456789', limits: false },
      ...{ methods: ['email', 'enchanted'], approval: 'button', linkLifetimeMinutes: 10 },
      onSignIn: () => onSignIn(this),
    })
    this.started = descope
      .warmUp()
      .then(settle)
      .then(() => void (this.isStarting = false))
    world.processes.push(this)
  }

  /** The response to a request; undefined when the process crashes first. */
  serve(request: SimRequest): Promise<WebResponse | undefined> {
    return new Promise((resolve, reject) => {
      const crashed = (): void => resolve(undefined)
      this.#serving.add(crashed)
      const path = new URL(request.target, origin).pathname.slice(this.auth.basePath.length)
      const served = this.auth.serve(request, path)
      served?.finally(() => this.#serving.delete(crashed)).then(resolve, reject)
    })
  }

  /** Ends the process at once: nothing that it waits for comes any more. */
  crash(): void {
    this.isAlive = false
    for (const crashed of this.#serving) crashed()
  }
}
