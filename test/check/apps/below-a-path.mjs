/**
 * An app on `node:http` and `auth.handler` alone. It is below /portal, which it sees itself, or which a proxy
 * takes off: `node below-a-path.mjs kept` or `taken-off`.
 */
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { clientOptionsFromEnv, createDescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/fetch'

const client = createDescopeClient(clientOptionsFromEnv())
const server = createServer((req, res) => void serve(req, res))
await new Promise((resolve) => server.listen(Number(process.env.PORT), resolve))
const origin = `http://localhost:${server.address().port}`
const isKept = process.argv[2] === 'kept'
const auth = isKept
  ? createAuth(client, { appUrl: origin, basePath: '/portal/auth' })
  : createAuth(client, { appUrl: `${origin}/portal` })
const guard = auth.requireSession()
console.log(isKept ? `${origin}/portal` : origin)

async function respond(request) {
  const response = await auth.handler(request)
  if (response !== undefined) return response
  if (new URL(request.url).pathname !== '/portal/me') return new Response('', { status: 404 })
  const signedIn = await guard(request)
  if (signedIn instanceof Response) return signedIn
  return signedIn.apply(Response.json({ id: signedIn.session.userId }))
}

async function serve(req, res) {
  const hasBody = req.method === 'POST'
  const response = await respond(
    new Request(`${origin}${req.url}`, {
      method: req.method,
      headers: Object.entries(req.headersDistinct).flatMap(([name, values]) =>
        values.map((value) => [name, value]),
      ),
      ...(hasBody && { body: Readable.toWeb(req), duplex: 'half' }),
    }),
  )
  res.setHeaders(response.headers).writeHead(response.status)
  if (response.body === null) res.end()
  else await pipeline(response.body, res)
}
