import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** An app that takes its client as an argument, so that a test can pass another one. */
export function createApp(client: DescopeClient): Express {
  const auth = createAuth(client, { appUrl: 'http://localhost:3000', cookieSecret })
  const app = express()
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  return app
}

const cookieSecret = 'a secret of at least thirty-two bytes'
