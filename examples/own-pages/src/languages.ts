import type { DescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import express, { type Express } from 'express'

/** The built-in pages, in the language that the user chose, with some texts of the app's own. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, {
    appUrl,
    cookieSecret,
    brand: { name: 'Fernhill' },
    // Undefined before the user chose one: then the browser's `Accept-Language` decides.
    locale: (req) => /(?:^|; )language=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1],
    messages: {
      en: { 'confirm.signInTitle': 'Welcome to {app}' },
      de: { 'confirm.signInTitle': 'Willkommen bei {app}' },
      // Of a region, the texts that differ. A language that is not built in needs every text.
      'de-AT': { 'confirm.signInTitle': 'Servus bei {app}' },
    },
  })
  const app = express()
  app.use('/auth', auth.router())
  app.get('/', (_req, res) => {
    res.send('<a href="/auth/sign-in">Sign in</a>')
  })
  return app
}
