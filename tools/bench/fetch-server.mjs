// One guarded Fetch handler, in a process of its own: a route of Hono, or with ON=node a handler on
// `node:http` as in docs/servers.md. GUARD names the guard, which must refuse a request without a token before
// the server reports that it is ready.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { NOOP } from './guarded-servers.mjs'
import { projectId } from './tokens.mjs'
import { reportUsage } from './usage.mjs'

const { GUARD, KEYS, ON } = process.env

async function sessionGuard(options) {
  const { createDescopeClient } = await import('../../packages/core/dist/index.js')
  const { createAuth } = await import('../../packages/fetch/dist/index.js')
  const client = createDescopeClient({ projectId, baseUrl: KEYS })
  const auth = createAuth(client, {
    appUrl: 'http://localhost:3000',
    cookieSecret: 'x'.repeat(32),
    cookies: { names: { session: 'DS' } },
  })
  return auth.requireSession(options)
}

async function linkpass(options) {
  const guard = await sessionGuard(options)
  return async (c, next) => {
    const passed = await guard(c.req.raw)
    if (passed instanceof Response) return passed
    c.set('session', passed.session)
    await next()
    const response = passed.apply(c.res)
    c.res = undefined
    c.res = response
    return undefined
  }
}

/** What any guard costs that reads the cookies and sets a header, whatever it does with them. */
async function readAndSet(c, next) {
  c.req.raw.headers.get('cookie')
  await next()
  c.res.headers.set('Cache-Control', 'private, no-cache')
}

const middlewares = {
  [NOOP]: () => (_c, next) => next(),
  'reads the cookies, sets a header': () => readAndSet,
  linkpass: () => linkpass(),
  'linkpass, cacheControl: false': () => linkpass({ cacheControl: false }),
}

async function honoListener() {
  const app = new Hono().get('/', await middlewares[GUARD](), (c) => c.json({ ok: true }))
  return getRequestListener(app.fetch)
}

async function guarded(options) {
  const guard = await sessionGuard(options)
  return async (request) => {
    const passed = await guard(request)
    return passed instanceof Response ? passed : passed.apply(Response.json({ ok: true }))
  }
}

const handlers = {
  [NOOP]: () => async () => Response.json({ ok: true }),
  linkpass: () => guarded(),
  'linkpass, cacheControl: false': () => guarded({ cacheControl: false }),
}

async function nodeListener() {
  const handler = await handlers[GUARD]()
  return async (req, res) => {
    const response = await handler(toRequest(req, res))
    res.setHeaders(response.headers).writeHead(response.status)
    await pipeline(response.body, res)
  }
}

function toRequest(req, res) {
  const closed = new AbortController()
  res.once('close', () => closed.abort())
  const headers = new Headers()
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    headers.append(req.rawHeaders[at], req.rawHeaders[at + 1])
  }
  return new Request(`http://localhost${req.url}`, { headers, signal: closed.signal })
}

const listener = await (ON === 'node' ? nodeListener() : honoListener())
const server = createServer((req, res) => void listener(req, res))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}/`
const { status } = await fetch(url)
if (status !== (GUARD.startsWith('linkpass') ? 401 : 200))
  throw new Error(`${GUARD} returned ${status}`)
process.send({ url })
reportUsage()
