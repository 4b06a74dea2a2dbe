import { type ClientOptions, createDescopeClient, type StateStore } from '@linkpass/core'
import { flush, projectId } from '@linkpass/testing'
import { createWebAuth, type RequestReader, type WebResponse } from '@linkpass/web'
import { connectService } from './network.ts'
import { Process } from './process.ts'
import { publicKey, type Service } from './service.ts'
import type { SharedStore } from './store.ts'
import type { World } from './world.ts'

/** The effective names of the app's cookies. */
export const cookieNames = { session: '__Host-DS', refresh: '__Host-DSR' } as const

/** A request as the simulated app receives it. */
export interface SimRequest {
  readonly method: string
  readonly target: string
  readonly cookie: string
  readonly fields: Readonly<Record<string, string>>
}

/** What an instance depends on, and where a mistake can be planted. */
export interface Seams {
  readonly store: StateStore
  readonly reader: RequestReader<SimRequest>
}

/** What all instances share. */
export interface Surroundings {
  readonly world: World
  readonly service: Service
  readonly store: SharedStore
  readonly client: Partial<ClientOptions>
  readonly plant: (seams: Seams) => Seams
}

/** One process of the app. */
export type Instance = Process & {
  /** The response to a request; undefined when the process crashes first. */
  readonly serve: (request: SimRequest) => Promise<WebResponse | undefined>
}

const reader: RequestReader<SimRequest> = {
  method: ({ method }) => method,
  target: ({ target }) => target,
  header: ({ cookie }, name) => ({ cookie, accept: 'application/json' })[name],
  ip: () => '192.0.2.1',
  ipFix: () => undefined,
  parsedBody: ({ fields }) => ({ value: fields }),
  chunks: async function* () {},
  closed: () => new AbortController().signal,
}

/** Starts a process of the app, and loads its modules, so that no schedule waits for the disk. */
export async function startInstance(name: string, shared: Surroundings): Promise<Instance> {
  const { world, service, client, plant } = shared
  const process = new Process(name, world)
  world.processes.push(process)
  const aheadMs = world.oneOf([0, 1500, -1500])
  const isServiceUp = world.choices.below(4) < 3
  const seams = plant({ store: shared.store.connect(process), reader })
  const descope = createDescopeClient({
    ...{ projectId, publicKey, store: seams.store },
    dispatcher: connectService(world, service, process, isServiceUp),
    clock: {
      now: () => world.now + aheadMs,
      monotonic: () => world.now,
      sleep: (ms, signal) => world.sleep(ms, process, signal),
    },
    ...client,
  })
  const auth = createWebAuth(seams.reader, descope, {
    ...{ appUrl: 'https://app.example.com', cookieSecret: 'a-secret-of-the-simulation-0123456789' },
    ...{ methods: ['email', 'enchanted'], approval: 'button', linkLifetimeMinutes: 10 },
    ...{ limits: false, onSignIn: () => process.did('accepted', true) },
  })
  await descope.warmUp()
  await flush()
  await flush()
  process.isStarting = false
  return Object.assign(process, {
    serve(request: SimRequest) {
      const path = request.target.slice(auth.basePath.length)
      return Promise.race([auth.serve(request, path), process.crashed])
    },
  })
}
