import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** No router: the app sends the link itself, and keeps the callback path its project has approved. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, {
    appUrl,
    cookieSecret,
    verifyPath: '/api/verify_magiclink',
    pages: { signIn: '/login' },
  })
  const app = express()
  app.use(express.json())
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 passes a rejection on
  app.post('/api/send_magiclink', async (req, res) => {
    const uri = auth.prepareLink(req, res, { returnTo: '/me' })
    const sent = await client.magicLink.signUpOrIn.email(String(req.body?.email ?? ''), uri)
    // The same answer for every address, so that nobody learns who has an account. How often one
    // may be asked for is this handler's to limit; the router's own route does it by itself.
    res.status(sent.error?.code === 'ERR_ARGUMENT' ? 400 : 202).end()
  })
  app.use('/api/verify_magiclink', auth.verifyCallback())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  return app
}
