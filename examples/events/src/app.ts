import type { DescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import express, { type Express } from 'express'
import { page } from './page.ts'

/** Server-sent events for signed-in users, which end with the session. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  app.use('/auth', auth.router())
  app.get('/', auth.requireSession(), (_req, res) => void res.send(page))
  app.get('/events', auth.requireSession(), (req, res) => {
    res.set('Content-Type', 'text/event-stream')
    res.write('data: hello\n\n')
    auth.sessionEnded(req).addEventListener('abort', () => res.end())
  })
  return app
}
