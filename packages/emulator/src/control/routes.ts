import { Hono } from 'hono'
import { z } from 'zod'
import { endpoints } from '../api/endpoints.ts'
import type { ServerContext } from '../server/context.ts'
import { isForeignOrigin } from '../server/host-check.ts'
import { mustBe } from '../schema-error.ts'
import type { World } from '../world/world.ts'
import { isProjectId } from '../world/worlds.ts'
import { type ControlEnv, readJson } from './context.ts'
import { eventStream } from './event-stream.ts'
import { faultRoutes } from './faults.ts'
import { messageRoutes } from './messages.ts'

/**
 * The control plane under `/_emulator`, for the world of `?project=` or else the default one. It has
 * no CORS and rejects requests from pages of other origins.
 */
export function controlRoutes(context: ServerContext): Hono<ControlEnv> {
  const control = new Hono<ControlEnv>()

  control.use(async (c, next) => {
    const { req } = c
    if (isForeignOrigin(req.url, req.header('origin'), req.header('sec-fetch-site'))) {
      return c.json({ error: 'The control plane rejects requests from other origins.' }, 403)
    }
    const project = req.query('project')
    if (project !== undefined && !isProjectId(project)) {
      return c.json({ error: 'project must be "P" and 27 to 40 letters and digits.' }, 400)
    }
    c.set('world', project === undefined ? context.worlds.default : context.worlds.of(project))
    await next()
    return undefined
  })

  control.get('/health', (c) =>
    c.json({ ready: true, projectId: context.worlds.default.projectId, pid: process.pid }),
  )
  control.get('/endpoints', (c) =>
    c.json(endpoints.map(({ method, path, access }) => ({ method, path, access }))),
  )
  control.route('/messages', messageRoutes())
  control.route('/faults', faultRoutes())

  control.get('/clock', (c) => c.json(clockView(c.var.world)))
  control.post('/clock', async (c) => {
    const { advanceSeconds } = await readJson(c, clockBody)
    c.var.world.clock.advance(advanceSeconds * 1000)
    return c.json(clockView(c.var.world))
  })

  control.post('/keys/rotate', async (c) => {
    const { graceSeconds } = await readJson(c, rotateBody)
    const { keys } = c.var.world
    const { kid } = await keys.rotate(graceSeconds === undefined ? {} : { graceSeconds })
    return c.json({ kid, published: (await keys.published()).map((key) => key.kid) })
  })

  control.post('/reset', (c) => {
    c.var.world.reset()
    return c.json({})
  })

  control.get('/requests', (c) => c.json(c.var.world.requestLog.list()))
  control.get('/events', (c) => eventStream(c))
  control.all('*', (c) => c.json({ error: 'There is no such control endpoint.' }, 404))
  return control
}

const fromZero = mustBe('a number of seconds from 0')
const seconds = z.number(fromZero).min(0, fromZero)
const clockBody = z.strictObject({ advanceSeconds: seconds })
const rotateBody = z.strictObject({ graceSeconds: seconds.optional() })

function clockView({ clock }: World): { now: number; offsetMs: number } {
  return { now: clock.now(), offsetMs: clock.offsetMs }
}
