// An app as users write it, to be compiled or bundled, and then signed in to.
import { clientOptionsFromEnv, createDescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express from 'express'

const port = Number(process.env['PORT'])
const client = createDescopeClient(clientOptionsFromEnv())
const auth = createAuth(client, {
  appUrl: `http://localhost:${port}`,
  cookieSecret: 'a secret of at least thirty-two bytes',
})
const app = express()
app.use('/auth', auth.router())
app.get('/me', auth.requireSession(), (req, res) => {
  res.json({ userId: getSession(req).userId })
})
app.listen(port)
