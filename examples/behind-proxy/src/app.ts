import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** One proxy in front of the app serves https: `appUrl` is its public URL. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  // Trust one proxy for the address of the client, which the send limits need.
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
