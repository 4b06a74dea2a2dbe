import type { DescopeClient } from '@linkpass/core'
import { createAuth, getAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret, account: { email: true } })
  const app = express()
  app.use('/auth', auth.router())

  app.get('/', auth.optionalSession(), (req, res) => {
    const { status } = getAuth(req)
    res.send(status === 'signed-in' ? `Hello, ${getSession(req).userId}` : 'Hello, visitor')
  })

  const managers = auth.requireSession({ roles: { any: ['owner', 'auditor'] } })
  app.get('/reports', managers, (_req, res) => {
    res.send('The reports')
  })

  const members = auth.requireSession({
    tenant: (req) => req.params['tenant'],
    permissions: ['read invoices'],
  })
  app.get('/tenants/:tenant/invoices', members, (_req, res) => {
    res.send('The invoices of this tenant')
  })

  const freshlySignedIn = auth.requireSession({ stepUp: { maxAgeSeconds: 600 } })
  app.post('/api-keys', freshlySignedIn, (_req, res) => {
    res.status(201).send('A new key')
  })

  return app
}
