// Type-checks against the published declarations, with the strictest settings a user may have.
import { createDescopeClient, type DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import '@linkpass/express/register'
import express from 'express'

const client: DescopeClient = createDescopeClient({ projectId: `P${'a'.repeat(27)}` })
const auth = createAuth(client, { appUrl: 'http://localhost:3000' })
const app = express()
app.use('/auth', auth.router())
app.get('/me', auth.requireSession(), (req, res) => {
  const userId: string = getSession(req).userId
  res.json({ userId })
})

const result = await client.magicLink.verify('token')
if (result.ok) console.log(result.data.sessionJwt.length)
else console.log(result.error.errorCode.length)
