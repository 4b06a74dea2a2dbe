import { type Context, Hono } from 'hono'
import type { ServerContext, ServerEnv } from '../server/context.ts'
import { isForeignOrigin } from '../server/host-check.ts'
import { type ScanReport, scanMessage } from '../visitors/scan.ts'
import { isProjectId } from '../world/worlds.ts'
import { contentOf } from './content.ts'
import { script } from './script.ts'
import { layout } from './layout.ts'
import { stylesheet } from './stylesheet.ts'
import { type View, addressOf, readView } from './view.ts'

/**
 * The inbox page at `/`, for the world of `?project=` or else the default one. Its forms post to the
 * URL of their page, so that everything works without script too.
 */
export function inboxPage(context: ServerContext): Hono<ServerEnv> {
  const page = new Hono<ServerEnv>()

  page.get('/_emulator/page/inbox.css', (c) => asset(c, 'text/css', stylesheet))
  page.get('/_emulator/page/inbox.js', (c) => asset(c, 'text/javascript', script))

  page.get('/', (c) => {
    const view = viewOf(c, context)
    return view === undefined ? c.text(unknownProject, 400) : show(c, context, view)
  })

  page.post('/', async (c) => {
    const { req } = c
    if (isForeignOrigin(req.url, req.header('origin'), req.header('sec-fetch-site'))) {
      return c.text('The inbox rejects requests from other origins.', 403)
    }
    const view = viewOf(c, context)
    if (view === undefined) return c.text(unknownProject, 400)
    const { scan, advanceSeconds } = await req.parseBody()
    const world = context.worlds.of(view.projectId)
    if (typeof scan === 'string') {
      const message = world.mailbox.get(scan)
      if (message === undefined) return c.text('The inbox has no message with that id.', 404)
      return show(c, context, view, await scanMessage(world, message))
    }
    const seconds = Number(advanceSeconds)
    if (!Number.isInteger(seconds) || seconds < 1) {
      return c.text('advanceSeconds must be a whole number from 1.', 400)
    }
    world.clock.advance(seconds * 1000)
    return c.redirect(addressOf(view), 303)
  })

  return page
}

const unknownProject = 'project must be "P" and 27 to 40 letters and digits.'

type PageContext = Context<ServerEnv>

function viewOf(c: PageContext, { worlds }: ServerContext): View | undefined {
  const view = readView(new URL(c.req.url).searchParams, worlds.default.projectId)
  return isProjectId(view.projectId) ? view : undefined
}

function show(
  c: PageContext,
  context: ServerContext,
  view: View,
  report?: ScanReport,
): Response | Promise<Response> {
  const { worlds, managementKey } = context
  const world = worlds.of(view.projectId)
  const { projectId } = view
  const environment = { projectId, baseUrl: new URL(c.req.url).origin, managementKey }
  const count = world.mailbox.list().length
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  return c.html(
    layout({
      view,
      world,
      projectIds: worlds.all().map(({ projectId }) => projectId),
      title: count === 0 ? 'Inbox' : `(${count}) Inbox`,
      ...contentOf(view, world, worlds.all(), environment, report),
    }),
  )
}

// The page loads nothing from other origins, cannot be framed, and sends no Referer to other origins.
// Not `no-referrer`: with it browsers send `Origin: null` for the page's own forms.
const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

function asset(c: PageContext, type: string, text: string): Response {
  return c.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` })
}
