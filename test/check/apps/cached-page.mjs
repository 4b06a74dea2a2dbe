import { createDescopeClient, clientOptionsFromEnv } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import express from 'express'

const app = express()
const server = app.listen(0, () => {
  const url = `http://localhost:${server.address().port}`
  const auth = createAuth(createDescopeClient(clientOptionsFromEnv()), { appUrl: url })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (_req, res) => {
    // The fault: every cache on the way may keep the page of one user for the next.
    res.set('Cache-Control', 'public, max-age=60').send('Welcome.')
  })
  console.log(`listening on ${url}`)
})
