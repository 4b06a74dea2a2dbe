import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'
import type { RequestListener } from 'node:http'

/** An API on one port of localhost, for a front end on another, such as Vite's dev server. */
export function createApp(
  client: DescopeClient,
  appUrl: string,
  cookieSecret: string,
  frontEnd: string,
): Express {
  const auth = createAuth(client, {
    appUrl,
    cookieSecret,
    trustedOrigins: [frontEnd],
    pages: { afterSignIn: `${frontEnd}/`, afterSignOut: `${frontEnd}/` },
  })
  const app = express()
  app.use('/auth', auth.router())
  // The routes have CORS headers by trustedOrigins; those of the app take their own.
  app.use((_req, res, next) => {
    res.set({
      'Access-Control-Allow-Origin': frontEnd,
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin',
    })
    next()
  })
  app.get('/api/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  return app
}

/** The front end: one page, as a build of it would be. */
export function createFrontEnd(appUrl: string): RequestListener {
  return (_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(pageFor(appUrl))
  }
}

const pageFor = (appUrl: string): string => `<!doctype html><title>Front end</title>
  <h1>…</h1><p></p><button hidden>Sign out</button>
  <script>
    const api = (path, init) => fetch(${JSON.stringify(appUrl)} + path, { credentials: 'include', ...init })
    const [title, line, button] = document.querySelectorAll('h1, p, button')
    button.onclick = () => api('/auth/logout', { method: 'POST' }).then(() => location.reload())
    api('/api/me').then(async (response) => {
      const { userId } = await response.json()
      title.textContent = response.ok ? 'Welcome, ' + userId : 'You are signed out'
      button.hidden = !response.ok
      if (!response.ok) line.innerHTML = '<a href=${JSON.stringify(`${appUrl}/auth/sign-in`)}>Sign in</a>'
    })
  </script>`
