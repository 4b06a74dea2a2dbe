import express from 'express'
import { createDescopeClient, clientOptionsFromEnv } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'

const client = createDescopeClient(clientOptionsFromEnv())
const auth = createAuth(client, {
  appUrl: 'http://localhost:3000',
  onSignIn: ({ user, firstSeen }) => {
    if (firstSeen) console.log('welcome', user.userId)
  },
})

const app = express()
app.use('/auth', auth.router())
app.get('/me', auth.requireSession(), (req, res) => {
  res.json({ userId: getSession(req).userId })
})
app.listen(3000)
