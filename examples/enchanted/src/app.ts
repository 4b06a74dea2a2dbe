import type { DescopeClient } from '@linkpass/core'
import { type Auth, createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** A sign-in that is approved on another device: the browser that shows the number gets the session. */
export function createApp(
  client: DescopeClient,
  appUrl: string,
  cookieSecret: string,
): { readonly app: Express; readonly auth: Auth } {
  const auth = createAuth(client, { appUrl, cookieSecret, methods: ['enchanted'] })
  const app = express()
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  return { app, auth }
}
