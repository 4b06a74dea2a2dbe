import { type RequestListener, request as sendRequest } from 'node:http'
import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/**
 * An app at `https://example.com/app/`, whose proxy takes `/app` off. Only `appUrl` has the path: routes,
 * `basePath` and `pages` are as the app sees them.
 */
export function createApp(client: DescopeClient, origin: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl: `${origin}/app`, cookieSecret })
  const app = express()
  app.set('trust proxy', 1)
  app.use('/auth', auth.router())
  app.get('/', auth.requireSession(), (req, res) => {
    res.send(`<h1>${getSession(req).userId}</h1>
      <form method="post" action="/app/auth/logout"><button>Sign out</button></form>`)
  })
  return app
}

/** The proxy, as nginx does it: `location /app/ { proxy_pass http://127.0.0.1:3000/; }`. */
export function createProxy(target: string): RequestListener {
  return (request, response) => {
    const { headers, method, url = '', socket } = request
    if (!url.startsWith('/app/')) {
      response.writeHead(302, { location: '/app/' }).end()
      return
    }
    const forwarded = { ...headers, 'x-forwarded-for': socket.remoteAddress }
    const onward = sendRequest(target + url.slice(4), { method, headers: forwarded }, (from) => {
      response.writeHead(from.statusCode ?? 502, from.headers)
      from.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  }
}
