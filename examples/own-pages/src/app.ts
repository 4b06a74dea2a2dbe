import type { DescopeClient } from '@linkpass/core'
import { type Auth, createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** The pages are the app's own; their forms post to the routes of the router. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth: Auth = createAuth(client, {
    appUrl,
    cookieSecret,
    pages: { signIn: '/hello', checkInbox: '/sent', afterSignIn: '/home', afterSignOut: '/hello' },
    // The pages for failures, such as a link that was used; programs get the built-in JSON.
    onFailure: ({ code, isPage }) =>
      isPage ? `<h1>${messages[code] ?? 'Please try again later'}</h1>` : undefined,
  })
  const app = express()
  app.use('/auth', auth.router())
  app.get('/hello', (req, res) => {
    const { returnTo } = req.query
    res.send(signInPage(typeof returnTo === 'string' ? returnTo : '/home'))
  })
  app.get('/sent', (_req, res) => {
    res.send('<h1>Check your inbox</h1>')
  })
  app.get('/home', auth.requireSession(), (req, res) => {
    res.send(`<h1>Welcome, ${getSession(req).userId}</h1>${signOutForm}`)
  })
  return app
}

// `returnTo` comes from the URL, so it is escaped here; the router checks it when it is submitted.
function signInPage(returnTo: string): string {
  return `<h1>Hello</h1>
    <form method="post" action="/auth/magic-link">
      <input type="email" name="loginId" autocomplete="username email" required>
      <input type="hidden" name="returnTo" value="${escaped(returnTo)}">
      <button>Send me a link</button>
    </form>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

const signOutForm = '<form method="post" action="/auth/logout"><button>Sign out</button></form>'

const messages: Readonly<Partial<Record<string, string>>> = {
  link_used_or_expired: 'This link was used before, or is too old',
  link_unknown: 'This is not a link of ours',
}
