import { Hono } from 'hono'
import { z } from 'zod'
import { InboxTimeoutError } from '../world/inbox.ts'
import type { World } from '../world/world.ts'
import { isProjectId } from '../world/worlds.ts'
import type { ServerContext, ServerEnv } from '../server/context.ts'
import { isForeignOrigin } from '../server/host-check.ts'

interface ControlEnv extends ServerEnv {
  Variables: { world: World }
}

/**
 * What only an emulator has, under `/_emulator`: for the world that `?project=` names, else for
 * the default one. No CORS, and nothing for pages of other origins.
 */
export function controlRoutes(context: ServerContext): Hono<ControlEnv> {
  const control = new Hono<ControlEnv>()

  control.use(async (c, next) => {
    const { req } = c
    if (isForeignOrigin(req.header('host'), req.header('origin'), req.header('sec-fetch-site'))) {
      return c.json({ error: 'The control plane does not answer pages of other origins.' }, 403)
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

  control.get('/messages', (c) => c.json(c.var.world.mailbox.list({ to: c.req.query('to') })))

  control.get('/messages/wait', async (c) => {
    const query = waitQuery.safeParse(c.req.query())
    if (!query.success) return c.json({ error: z.prettifyError(query.error) }, 400)
    try {
      const signal = AbortSignal.any([c.req.raw.signal, c.var.world.closing])
      return c.json(await c.var.world.mailbox.waitFor({ ...query.data, signal }))
    } catch (error) {
      if (!(error instanceof InboxTimeoutError)) throw error
      return c.json({ error: error.message, arrived: error.arrived }, 408)
    }
  })

  control.get('/messages/:id', (c) => {
    const message = c.var.world.mailbox.get(c.req.param('id'))
    return message ? c.json(message) : c.json({ error: 'There is no such message.' }, 404)
  })

  control.get('/clock', (c) => c.json(clockView(c.var.world)))

  control.post('/clock', async (c) => {
    const body = clockBody.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
    const { world } = c.var
    world.clock.advance(body.data.advanceSeconds * 1000)
    return c.json(clockView(world))
  })

  return control
}

const waitQuery = z.object({
  to: z.string().optional(),
  after: z.string().optional(),
  timeoutMs: z.coerce.number().int().min(0).max(600_000).optional(),
})

const clockBody = z.object({ advanceSeconds: z.number().min(0) })

function clockView(world: World): { now: number; offsetMs: number } {
  return { now: world.clock.now(), offsetMs: world.clock.offsetMs }
}
