import type { DescopeClient } from '@linkpass/core'
import { getSession, requireSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** Clients get their tokens elsewhere, in a flow or a mobile app: no secret, no cookie, no sign-in. */
export function createApp(client: DescopeClient): Express {
  const app = express()
  app.use(requireSession(client))
  app.get('/me', (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  app.delete('/things/:id', requireSession(client, { permissions: ['delete'] }), (_req, res) => {
    res.status(204).end()
  })
  return app
}
