import { createDescopeClient, clientOptionsFromEnv } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import express from 'express'

const app = express()
const server = app.listen(0, () => {
  const url = `http://localhost:${server.address().port}`
  const auth = createAuth(createDescopeClient(clientOptionsFromEnv()), { appUrl: url })
  app.use((req, _res, next) => {
    // The fault: the path of a link ends in its one-time token.
    console.log(`${req.method} ${req.originalUrl}`)
    next()
  })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (_req, res) => res.send('Welcome.'))
  console.log(`listening on ${url}`)
})
