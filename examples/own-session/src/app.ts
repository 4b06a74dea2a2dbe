import type { DescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import express, { type Express, type Request } from 'express'
import session from 'express-session'

declare module 'express-session' {
  interface SessionData {
    userId: string
  }
}

/** Links only sign in: the session is the app's own, here by express-session. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, {
    appUrl,
    cookieSecret,
    session: 'none',
    pages: { signIn: '/hello' },
    // A field of the app's own page, which the bot check filled in.
    beforeSend: (req) => isHuman(req.get('x-bot-check')),
    onSignIn: async ({ req, user }) => {
      await regenerate(req)
      req.session.userId = user.userId
    },
    onSignOut: ({ req }) => new Promise<void>((done) => req.session.destroy(() => done())),
  })
  const app = express()
  const secure = appUrl.startsWith('https:')
  app.use(
    session({
      secret: cookieSecret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure },
    }),
  )
  app.use('/auth', auth.router())
  app.get('/hello', (_req, res) => {
    res.send(signInPage)
  })
  app.get('/', (req, res) => {
    if (req.session.userId === undefined) return res.redirect('/hello')
    return res.send(`<h1>Welcome, ${req.session.userId}</h1>${signOutForm}`)
  })
  return app
}

// A new session id, so that one that was planted before the sign-in is worth nothing.
function regenerate(req: Request): Promise<void> {
  return new Promise((done, fail) => {
    req.session.regenerate((error) => (error ? fail(error) : done()))
  })
}

/** Stands for the request to a bot check's service, which would say whether this answer is right. */
function isHuman(answer: string | undefined): boolean {
  return answer === 'human'
}

const signInPage = `<h1>Hello</h1>
  <form><input type="email" name="loginId" required><button>Send me a link</button></form>
  <p role="status"></p>
  <script>
    document.querySelector('form').addEventListener('submit', async (event) => {
      event.preventDefault()
      const response = await fetch('/auth/magic-link', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-bot-check': 'human' },
        body: JSON.stringify({ loginId: event.target.loginId.value }),
      })
      document.querySelector('p').textContent = response.ok ? 'Check your inbox' : 'Please try again'
    })
  </script>`

const signOutForm = '<form method="post" action="/auth/logout"><button>Sign out</button></form>'
