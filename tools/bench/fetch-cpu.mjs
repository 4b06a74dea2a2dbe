// What each part of a guarded Fetch handler costs in CPU, in one process and without sockets: the smallest
// of many rounds, so that it can be measured on a busy machine too.
import { IncomingMessage } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createDescopeClient } from '../../packages/core/dist/index.js'
import { createAuth } from '../../packages/fetch/dist/index.js'
import { cpu, interleave, table } from './rounds.mjs'
import { createIssuer, createStub, fresh, projectId } from './tokens.mjs'

const REQUESTS = 2000
const ROUNDS = 40

/** Stands for a `ServerResponse` that writes nowhere. */
class Outgoing {
  on() {}
  once() {}
  hasHeader() {
    return false
  }
  writeHead(status) {
    this.status = status
  }
  end() {}
}

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const tokens = await issuer.mintMany(1000)
const client = createDescopeClient({ projectId, baseUrl: stub.url })
await client.warmUp()
const auth = createAuth(client, {
  appUrl: 'http://localhost:3000',
  cookieSecret: 'x'.repeat(32),
  cookies: { names: { session: 'DS' } },
})

const readsCookie = async (c, next) => {
  c.req.raw.headers.get('cookie')
  await next()
}
const setsHeader = async (c, next) => {
  await next()
  c.res.headers.set('Cache-Control', 'private, no-cache')
}
const guarded = (guard) => async (c, next) => {
  const passed = await guard(c.req.raw)
  if (passed instanceof Response) return passed
  c.set('session', passed.session)
  await next()
  const response = passed.apply(c.res)
  c.res = undefined
  c.res = response
  return undefined
}
const middlewares = {
  'no-op middleware': (_c, next) => next(),
  'reads the Cookie header': readsCookie,
  'sets a header': setsHeader,
  'linkpass, cacheControl: false': guarded(auth.requireSession({ cacheControl: false })),
  linkpass: guarded(auth.requireSession()),
}

const served = Object.fromEntries(
  Object.entries(middlewares).map(([name, middleware]) => {
    const app = new Hono().get('/', middleware, (c) => c.json({ ok: true }))
    const listener = getRequestListener(app.fetch)
    return [name, () => cpu(() => serve(listener))]
  }),
)
const costs = await interleave(served, { rounds: ROUNDS, warmup: 10 })
const least = (name) => Math.min(...costs[name]) / REQUESTS
table(
  'CPU of a Fetch handler in Hono, without sockets, sessions seen before (1,000 of them)',
  ['middleware', 'a request', 'above the no-op'],
  Object.keys(served).map((name) => [
    name,
    `${least(name).toFixed(1)} µs`,
    `${(least(name) - least('no-op middleware')).toFixed(1)} µs`,
  ]),
)
await client.close()
await stub.close()

async function serve(listener) {
  for (let count = 0; count < REQUESTS; count += 1) {
    const outgoing = new Outgoing()
    await listener(incoming(fresh(tokens[count % tokens.length])), outgoing)
    if (outgoing.status !== 200) throw new Error(`The route returned ${outgoing.status}.`)
  }
}

/** A request as the parser of Node leaves it. */
function incoming(token) {
  const request = new IncomingMessage({ encrypted: false })
  const cookie = `theme=dark; DS=${token}; lang=en`
  request.method = 'GET'
  request.url = '/'
  request.rawHeaders = ['cookie', cookie, 'host', '127.0.0.1:3000', 'connection', 'keep-alive']
  request.headers = { cookie, host: '127.0.0.1:3000', connection: 'keep-alive' }
  return request
}
