import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'
import serverless from 'serverless-http'

/** The app, which runs on Lambda as it runs elsewhere. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  app.set('trust proxy', 1)
  app.use('/auth', auth.router())
  app.get('/', auth.requireSession(), (req, res) => {
    res.send(`<h1>Welcome, ${getSession(req).userId}</h1>`)
  })
  return app
}

/** The handler, for events of an HTTP API of API Gateway or of a function URL. */
export function createHandler(app: Express): serverless.Handler {
  return serverless(app)
}
