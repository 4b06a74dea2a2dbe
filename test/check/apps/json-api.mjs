/**
 * An API for a single-page app, below a path, on `node:http` alone. It takes JSON and nothing else. The
 * refresh token is sent to one route, so that the route that signs out cannot end the session.
 */
import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'

const { DESCOPE_PROJECT_ID: projectId, DESCOPE_BASE_URL: baseUrl, PORT } = process.env
const flags = 'HttpOnly; SameSite=Lax'
const sessionCookie = (value) => `session=${value}; ${flags}; Path=/`
const refreshCookie = (value) => `refresh=${value}; ${flags}; Path=/portal/refresh`

async function call(path, body, token) {
  const response = await fetch(`${baseUrl}/v1/auth/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${projectId}${token ? `:${token}` : ''}` },
    body: JSON.stringify(body),
  })
  return { ok: response.ok, data: await response.json() }
}

let keys = new Map()

async function keyOf(kid) {
  if (!keys.has(kid)) {
    const published = await (await fetch(`${baseUrl}/v2/keys/${projectId}`)).json()
    keys = new Map(published.keys.map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })]))
  }
  return keys.get(kid)
}

async function sessionOf(jwt = '') {
  const [header, payload, signature] = jwt.split('.')
  if (signature === undefined) return undefined
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const key = await keyOf(read(header).kid)
  const signed = Buffer.from(`${header}.${payload}`)
  const isValid = key && verify('sha256', signed, key, Buffer.from(signature, 'base64url'))
  const claims = read(payload)
  return isValid && claims.drn === 'DS' && claims.exp * 1000 > Date.now() ? claims : undefined
}

const routes = {
  'POST /portal/login': async ({ email }) => {
    const redirectUrl = `http://localhost:${server.address().port}/portal/verify`
    const sent = await call('magiclink/signup-in/email', { loginId: email, redirectUrl })
    return [sent.ok ? 202 : 400, {}]
  },
  'POST /portal/verify': async ({ token }) => {
    const { ok, data } = await call('magiclink/verify', { token })
    if (!ok) return [401, { error: data.errorDescription }]
    return [200, {}, [sessionCookie(data.sessionJwt), refreshCookie(data.refreshJwt)]]
  },
  'POST /portal/refresh': async (_body, cookies) => {
    const { ok, data } = await call('refresh', {}, cookies.refresh)
    return ok ? [200, {}, [sessionCookie(data.sessionJwt)]] : [401, {}]
  },
  'POST /portal/logout': async () => [
    200,
    {},
    [`${sessionCookie('')}; Max-Age=0`, `${refreshCookie('')}; Max-Age=0`],
  ],
  'GET /portal/me': async (_body, cookies) => {
    const session = await sessionOf(cookies.session)
    return session ? [200, { id: session.sub }] : [401, {}]
  },
}

async function serve(req, res) {
  const { pathname } = new URL(req.url, 'http://localhost')
  const cookies = Object.fromEntries(
    (req.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')),
  )
  let text = ''
  for await (const chunk of req) text += chunk
  const send = (status, body, setCookies = []) =>
    res
      .writeHead(status, { 'cache-control': 'no-store', 'set-cookie': setCookies })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  if (req.method === 'GET' && pathname === '/portal/verify')
    return send(200, '<div id="app"></div>')
  const route = routes[`${req.method} ${pathname}`]
  if (route === undefined) return send(404, {})
  if (req.method === 'POST' && req.headers['content-type'] !== 'application/json')
    return send(415, {})
  try {
    send(...(await route(text === '' ? {} : JSON.parse(text), cookies)))
  } catch {
    send(503, {})
  }
}

const server = createServer((req, res) => void serve(req, res))
server.listen(Number(PORT), () =>
  console.log(`The API is at http://localhost:${server.address().port}/portal`),
)
