import { createServer } from 'node:http'
import express from 'express'
import { createDescopeClient, clientOptionsFromEnv } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'

const appUrl = 'http://localhost:3000'
const frontEnd = 'http://localhost:5173'

const client = createDescopeClient(clientOptionsFromEnv())
const auth = createAuth(client, {
  appUrl,
  trustedOrigins: [frontEnd],
  pages: { afterSignIn: `${frontEnd}/`, afterSignOut: `${frontEnd}/` },
})

const app = express()
app.use('/auth', auth.router())
// The routes below /auth have their CORS headers by trustedOrigins; your own routes need these.
app.use((_req, res, next) => {
  res.set({
    'Access-Control-Allow-Origin': frontEnd,
    'Access-Control-Allow-Credentials': 'true',
    Vary: 'Origin',
  })
  next()
})
app.get('/me', auth.requireSession(), (req, res) => {
  res.json({ userId: getSession(req).userId })
})
app.listen(3000)

// In place of the dev server of a front end: one page.
const page = `<!doctype html><title>Front end</title><h1>…</h1><p></p>
<script type="module">
  const response = await fetch('${appUrl}/me', { credentials: 'include' })
  const { userId } = await response.json()
  document.querySelector('h1').textContent = response.ok ? 'Welcome, ' + userId : 'Signed out'
  if (!response.ok) {
    document.querySelector('p').innerHTML = '<a href="${appUrl}/auth/sign-in">Sign in</a>'
  }
</script>`
createServer((_req, res) => {
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.end(page)
}).listen(5173)
