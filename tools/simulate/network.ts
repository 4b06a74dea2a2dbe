import { projectId } from '@linkpass/testing'
import { Dispatcher } from 'undici'
import type { Service, ServiceResponse } from './service.ts'
import type { Actor, World } from './world.ts'

/** How long an exchange takes at most, in milliseconds: the deadlines of the calls. */
const deadlines = { logout: 5000, other: 10_000 }

type Controller = Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>[0]

/** The connection of one instance to the service. */
export class SimulatedNetwork extends Dispatcher {
  readonly #world: World
  readonly #service: Service
  readonly #actor: Actor
  /** Exchanges that have not ended. Each has a timer of its own, which ends with it. */
  readonly #ends = new Set<() => void>()

  constructor(world: World, service: Service, actor: Actor) {
    super()
    this.#world = world
    this.#service = service
    this.#actor = actor
  }

  override dispatch(
    request: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const world = this.#world
    const actor = this.#actor
    const controller = createController()
    const fail = (): void => {
      if (!this.#ends.delete(fail)) return
      if (actor.isAlive) world.onFault(actor)
      handler.onResponseError?.(controller, new Error('The connection broke.'))
    }
    this.#ends.add(fail)
    if (!actor.isAlive) return true
    handler.onRequestStart?.(controller, {})
    const name = request.path.slice('/v1/auth/'.length)
    const label = `${actor.name} service ${name}`
    void world
      .sleep(name.startsWith('logout') ? deadlines.logout : deadlines.other, actor)
      .then(fail)
    const token = bearerOf(request.headers)
    const body = JSON.parse(typeof request.body === 'string' ? request.body : '{}')

    const deliver = ({ status, body }: ServiceResponse): void => {
      if (!this.#ends.delete(fail)) return
      const date = new Date(this.#service.now).toUTCString()
      handler.onResponseStart?.(controller, status, { date, 'content-type': 'application/json' })
      handler.onResponseData?.(controller, Buffer.from(JSON.stringify(body)))
      handler.onResponseEnd?.(controller, {})
    }
    const handle = (): ServiceResponse => {
      const response = this.#service.handle(request.path, token, body, actor)
      // Too late: the instance has given up.
      if (!this.#ends.has(fail)) world.onFault(actor)
      return response
    }
    const respond = (response: ServiceResponse): void => {
      const run = (): void => deliver(response)
      world.send({
        label: `${label} → ${response.status}`,
        to: actor,
        touches: [],
        run,
        faults: { 'is lost': fail },
      })
    }
    const faults = {
      'does not arrive': fail,
      'is handled, and no response arrives': () => void handle(),
      'is answered with 503': () => respond({ status: 503, body: {} }),
    }
    world.send({ label, touches: ['service'], run: () => respond(handle()), faults })
    return true
  }

  /** Ends what is left, so that no timer stays. */
  end(): void {
    for (const fail of this.#ends) fail()
  }
}

function bearerOf(headers: Dispatcher.DispatchOptions['headers']): string {
  const { authorization } = Object.fromEntries(Object.entries(headers ?? {}))
  return String(authorization).slice(`Bearer ${projectId}:`.length)
}

function createController(): Controller {
  const none = (): void => {}
  return { aborted: false, paused: false, reason: null, abort: none, pause: none, resume: none }
}
