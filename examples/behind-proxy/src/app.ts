import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** One proxy stands before the app and speaks https to the world: `appUrl` is what it is called. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  // Believe the last hop, and no more, about where a request comes from: the limits need it.
  app.set('trust proxy', 1)
  app.use((_req, res, next) => {
    res.set('Content-Security-Policy', "default-src 'self'")
    next()
  })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.send(`<h1>${getSession(req).userId}</h1>`)
  })
  return app
}
