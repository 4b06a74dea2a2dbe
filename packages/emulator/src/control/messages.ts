import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { clickMessage } from '../visitors/click.ts'
import { scanMessage } from '../visitors/scan.ts'
import { describeSchemaError } from '../schema-error.ts'
import { abortReason } from '../world/clock.ts'
import { InboxTimeoutError } from '../world/messages/inbox.ts'
import type { Message } from '../world/messages/message.ts'
import { type ControlEnv, badRequest, readJson } from './context.ts'

/** `/_emulator/messages`: list, wait for one, read one, click and scan. */
export function messageRoutes(): Hono<ControlEnv> {
  const messages = new Hono<ControlEnv>()

  messages.get('/', (c) => c.json(c.var.world.mailbox.list({ to: c.req.query('to') })))

  messages.get('/wait', async (c) => {
    const query = waitQuery.safeParse(c.req.query())
    if (!query.success) throw badRequest(describeSchemaError(query.error))
    const { mailbox, closing } = c.var.world
    try {
      const signal = AbortSignal.any([c.req.raw.signal, closing])
      return c.json(await mailbox.waitFor({ ...query.data, signal }))
    } catch (error) {
      if (closing.aborted) return c.json({ error: abortReason(closing).message }, 410)
      if (!(error instanceof InboxTimeoutError)) throw error
      return c.json({ error: error.message, arrived: error.arrived }, 408)
    }
  })

  messages.get('/:id', (c) => withMessage(c, (message) => c.json(message)))

  messages.post('/:id/click', (c) =>
    withMessage(c, async (message) => {
      const { number } = await readJson(c, clickBody)
      if (number !== undefined && !message.links.some((link) => link.number === number)) {
        throw badRequest('number must be one of the numbers of the message.')
      }
      return c.json(await clickMessage(c.var.world, message, number))
    }),
  )

  messages.post('/:id/scan', (c) =>
    withMessage(c, async (message) => c.json(await scanMessage(c.var.world, message))),
  )
  return messages
}

const waitQuery = z.strictObject({
  to: z.string().optional(),
  after: z.string().optional(),
  timeoutMs: z.coerce.number().int().min(0).max(600_000).optional(),
  project: z.string().optional(),
})
const clickBody = z.strictObject({ number: z.string().optional() })

async function withMessage(
  c: Context<ControlEnv>,
  respond: (message: Message) => Response | Promise<Response>,
): Promise<Response> {
  const message = c.var.world.mailbox.get(c.req.param('id') ?? '')
  return message
    ? respond(message)
    : c.json({ error: 'The inbox has no message with that id.' }, 404)
}
