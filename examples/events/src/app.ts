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
    // nginx would keep events until its buffer is full, or the stream ends.
    res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
    res.write('data: hello\n\n')
    auth.sessionEnded(req).addEventListener('abort', () => res.end())
  })
  return app
}
