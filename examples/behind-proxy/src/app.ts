import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** One proxy stands before the app and speaks https to the world. */
export function createApp(client: DescopeClient, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl: 'https://app.example.com', cookieSecret })
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
