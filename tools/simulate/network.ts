import { projectId } from '@linkpass/testing'
import { Agent, type Dispatcher } from 'undici'
import type { Process } from './process.ts'
import type { Service, ServiceResponse } from './service.ts'
import type { World } from './world.ts'

/** The deadlines of the calls, in milliseconds. */
const deadlines = { logout: 5000, other: 10_000 }

const none = (): void => {}
const state = { aborted: false, paused: false, reason: null }
const controller = { ...state, abort: none, pause: none, resume: none }

/**
 * The connection of one process to the service.
 *
 * @param isUpAtStart whether the service is available while the process starts
 */
export function connectService(
  world: World,
  service: Service,
  to: Process,
  isUpAtStart: boolean,
): Dispatcher {
  return new Agent().compose(() => ({ path, headers, body }, handler) => {
    const label = `${to.name} service ${path.slice('/v1/auth/'.length)}`
    let isOver = false
    const end = (how: () => void) => (): void => {
      if (isOver) return
      isOver = true
      cancel()
      how()
    }
    const fail = end(() => {
      if (!to.isStarting) to.fail()
      handler.onResponseError?.(controller, new Error('The connection broke.'))
    })
    const deliver = ([status, data]: ServiceResponse): (() => void) =>
      end(() => {
        to.hasHeard = true
        const date = new Date(service.now).toUTCString()
        handler.onResponseStart?.(controller, status, { date, 'content-type': 'application/json' })
        handler.onResponseData?.(controller, Buffer.from(JSON.stringify(data)))
        handler.onResponseEnd?.(controller, {})
      })
    const handle = (): ServiceResponse => {
      const { authorization } = Object.fromEntries(Object.entries(headers ?? {}))
      const token = String(authorization).slice(`Bearer ${projectId}:`.length)
      const data = JSON.parse(typeof body === 'string' ? body : '{}')
      const response = service.handle(path, token, data, to)
      // Too late: the process has given up.
      if (isOver) to.fail()
      return response
    }
    const respond = (response: ServiceResponse): void => {
      const faults = { 'is lost': fail }
      world.send(`${label} → ${response[0]}`, deliver(response), { to, faults })
    }
    const inMs = path.includes('/logout') ? deadlines.logout : deadlines.other
    const cancel = world.send(`${label}: the time is up`, fail, { to, owner: 'time', inMs })
    handler.onRequestStart?.(controller, {})
    if (to.isStarting) {
      const atOnce = isUpAtStart ? deliver(handle()) : fail
      atOnce()
      return true
    }
    const faults = {
      'does not arrive': fail,
      'is handled, and no response arrives': () => void handle(),
      'is answered with 503': () => respond([503, {}]),
    }
    world.send(label, () => respond(handle()), { touches: ['service'], faults })
    return true
  })
}
