/**
 * An app with sessions of its own: one page for everyone, which shows users who they are, a link that a
 * script redeems, and a link to sign out. Nothing in it is wrong that `check` could see.
 */
import { randomUUID } from 'node:crypto'
import DescopeClient from '@descope/node-sdk'
import express from 'express'

const descope = DescopeClient({
  projectId: process.env.DESCOPE_PROJECT_ID,
  baseUrl: process.env.DESCOPE_BASE_URL,
})
const sessions = new Map()

/** Starts it. `endSession` is what signing out does on the server. */
export function start(endSession = (all, id) => all.delete(id)) {
  const app = express()
  app.use(express.json())

  const sessionOf = (req) => /sid=([\w-]+)/.exec(req.get('cookie') ?? '')?.[1]

  app.get('/', (req, res) => {
    const user = sessions.get(sessionOf(req))
    res.set('Cache-Control', 'no-store')
    res.send(
      user ? `Hello ${user.email}. <a href="/logout">Sign out</a>` : 'Hello. Please sign in.',
    )
  })

  app.post('/api/login', async (req, res) => {
    const sent = await descope.magicLink.signUpOrIn.email(
      req.body.email,
      `${app.locals.url}/callback`,
    )
    res.sendStatus(sent.ok ? 202 : 400)
  })

  app.get('/callback', (_req, res) =>
    res.send('<button>Sign in</button><script src="/callback.js"></script>'),
  )

  app.post('/api/verify', async (req, res) => {
    const { ok, data } = await descope.magicLink.verify(req.body.token)
    if (!ok) return res.sendStatus(410)
    const id = randomUUID()
    sessions.set(id, data.user)
    res.cookie('sid', id, { httpOnly: true, sameSite: 'lax' }).json({})
  })

  app.get('/logout', (req, res) => {
    endSession(sessions, sessionOf(req))
    res.clearCookie('sid').redirect('/')
  })

  const server = app.listen(0, () => {
    app.locals.url = `http://localhost:${server.address().port}`
    console.log(app.locals.url)
  })
}
