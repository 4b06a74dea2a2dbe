import { projectId } from '@linkpass/testing'
import { Dispatcher } from 'undici'
import type { Service, ServiceResponse } from './service.ts'
import type { Process, World } from './world.ts'

/** The deadlines of the calls, in milliseconds. */
const deadlines = { logout: 5000, other: 10_000 }

const none = (): void => {}
const controller = {
  aborted: false,
  paused: false,
  reason: null,
  abort: none,
  pause: none,
  resume: none,
}

/** The connection of one process to the service. */
export function connectService(world: World, service: Service, to: Process): Dispatcher {
  return new (class extends Dispatcher {
    override dispatch(
      { path, headers, body }: Dispatcher.DispatchOptions,
      handler: Dispatcher.DispatchHandler,
    ): boolean {
      if (!to.isAlive) return true
      const name = path.slice('/v1/auth/'.length)
      const label = `${to.name} service ${name}`
      let isOver = false
      const end = (): void => {
        isOver = true
        cancel()
      }
      const fail = (): void => {
        if (isOver) return
        end()
        world.onFault(to)
        handler.onResponseError?.(controller, new Error('The connection broke.'))
      }
      const tell = ({ status, body: data }: ServiceResponse): void => {
        to.hasHeard = true
        const date = new Date(service.now).toUTCString()
        handler.onResponseStart?.(controller, status, { date, 'content-type': 'application/json' })
        handler.onResponseData?.(controller, Buffer.from(JSON.stringify(data)))
        handler.onResponseEnd?.(controller, {})
      }
      const inMs = name.startsWith('logout') ? deadlines.logout : deadlines.other
      const cancel = world.send({
        label: `${label}: the time is up`,
        to,
        owner: 'time',
        inMs,
        run: fail,
      })
      const handle = (): ServiceResponse => {
        const { authorization } = Object.fromEntries(Object.entries(headers ?? {}))
        const token = String(authorization).slice(`Bearer ${projectId}:`.length)
        const data = JSON.parse(typeof body === 'string' ? body : '{}')
        const response = service.handle(path, token, data, to)
        // Too late: the process has given up.
        if (isOver) world.onFault(to)
        return response
      }
      const respond = (response: ServiceResponse): void => {
        const run = (): void => {
          if (isOver) return
          end()
          tell(response)
        }
        world.send({ label: `${label} → ${response.status}`, to, run, faults: { 'is lost': fail } })
      }
      handler.onRequestStart?.(controller, {})
      if (to.isStarting) {
        end()
        if (to.hearsAtStart) tell(handle())
        else handler.onResponseError?.(controller, new Error('The service is unavailable.'))
        return true
      }
      const faults = {
        'does not arrive': fail,
        'is handled, and no response arrives': () => void handle(),
        'is answered with 503': () => respond({ status: 503, body: {} }),
      }
      world.send({ label, touches: ['service'], run: () => respond(handle()), faults })
      return true
    }
  })()
}
