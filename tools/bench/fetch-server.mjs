// One guarded Hono route, in a process of its own. GUARD names the guard, which must refuse a request
// without a token before the server reports that it is ready.
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { projectId } from './tokens.mjs'
import { reportUsage } from './usage.mjs'

const { GUARD, KEYS } = process.env

async function linkpass(options) {
  const { createDescopeClient } = await import('../../packages/core/dist/index.js')
  const { createAuth } = await import('../../packages/fetch/dist/index.js')
  const client = createDescopeClient({ projectId, baseUrl: KEYS })
  const auth = createAuth(client, {
    appUrl: 'http://localhost:3000',
    cookieSecret: 'x'.repeat(32),
    cookies: { names: { session: 'DS' } },
  })
  const guard = auth.requireSession(options)
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

const middleware = {
  'no-op middleware': () => (_c, next) => next(),
  'reads the cookies, sets a header': () => readAndSet,
  linkpass: () => linkpass(),
  'linkpass, cacheControl: false': () => linkpass({ cacheControl: false }),
}[GUARD]
const app = new Hono().get('/', await middleware(), (c) => c.json({ ok: true }))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}/`
const { status } = await fetch(url)
if (status !== (GUARD.startsWith('linkpass') ? 401 : 200))
  throw new Error(`${GUARD} returned ${status}`)
process.send({ url })
reportUsage()
