import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** Without the router: the app sends the link itself and has its own callback path. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, {
    appUrl,
    cookieSecret,
    verifyPath: '/api/verify_magiclink',
    pages: { signIn: '/login' },
  })
  const app = express()
  app.use(express.json(), express.urlencoded({ extended: false }))
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles a rejection
  app.post('/api/send_magiclink', async (req, res) => {
    const uri = auth.prepareLink(req, res, { returnTo: '/me' })
    const sent = await client.magicLink.signUpOrIn.email(String(req.body?.email ?? ''), uri)
    // The same response for every address, so that it does not reveal who has an account. This
    // handler must limit how often a link is sent; the route of the router has such limits.
    const isAddress = sent.error?.code !== 'ERR_ARGUMENT'
    res.status(isAddress ? 202 : 400).send(isAddress ? 'Check your inbox.' : 'Not an address.')
  })
  app.use('/api/verify_magiclink', auth.verifyCallback())
  app.get('/login', (_req, res) => {
    res.send(loginPage)
  })
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  return app
}

const loginPage = `<h1>Hello</h1>
  <form method="post" action="/api/send_magiclink">
    <input type="email" name="email" required><button>Send me a link</button>
  </form>`
