import express from 'express'
import { createDescopeClient, clientOptionsFromEnv } from '@linkpass/core'
import { createAuth, getAuth, getSession } from '@linkpass/express'

const client = createDescopeClient(clientOptionsFromEnv())
const auth = createAuth(client, { appUrl: 'http://localhost:3000' })

const app = express()
app.use('/auth', auth.router())

// Anyone; the handler learns who it is.
app.get('/', auth.optionalSession(), (req, res) => {
  const { status } = getAuth(req)
  res.send(status === 'signed-in' ? `Hello, ${getSession(req).userId}` : 'Hello, visitor')
})

// Signed-in users.
app.get('/me', auth.requireSession(), (req, res) => {
  res.json({ userId: getSession(req).userId })
})

// Signed-in users with a role.
app.get('/reports', auth.requireSession({ roles: ['auditor'] }), (_req, res) => {
  res.send('The reports')
})

app.listen(3000)
