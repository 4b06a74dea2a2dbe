/**
 * A small app with `@descope/node-sdk` as its README shows it: a link that is verified where it leads, a
 * middleware with `validateAndRefreshSession`, and `logout` with the refresh token.
 */
import DescopeClient from '@descope/node-sdk'
import express from 'express'

const descopeClient = DescopeClient({
  projectId: process.env.DESCOPE_PROJECT_ID,
  baseUrl: process.env.DESCOPE_BASE_URL,
})

const app = express()
app.use(express.json())

const parseCookies = (req) =>
  Object.fromEntries((req.get('cookie') ?? '').split('; ').map((pair) => pair.split('=')))

const authMiddleware = async (req, res, next) => {
  try {
    const cookies = parseCookies(req)
    const out = await descopeClient.validateAndRefreshSession(
      cookies[DescopeClient.SessionTokenCookieName],
      cookies[DescopeClient.RefreshTokenCookieName],
    )
    if (out?.cookies) res.set('Set-Cookie', out.cookies)
    next()
  } catch {
    res.status(401).json({ error: 'Unauthorized!' })
  }
}

app.post('/magiclink/signin', async (req, res) => {
  const out = await descopeClient.magicLink.signUpOrIn.email(req.body.email, URI)
  res.status(out.ok ? 200 : 400).json(out.ok ? out.data : out.error)
})

app.get('/verify', async (req, res) => {
  const jwtResponse = await descopeClient.magicLink.verify(req.query.t)
  if (!jwtResponse.ok) return res.sendStatus(401)
  const options = { httpOnly: true, sameSite: 'strict' }
  res.cookie(DescopeClient.SessionTokenCookieName, jwtResponse.data.sessionJwt, options)
  res.cookie(DescopeClient.RefreshTokenCookieName, jwtResponse.data.refreshJwt, options)
  res.redirect('/me')
})

app.get('/me', authMiddleware, (_req, res) => res.json({ hello: 'user' }))

app.post('/logout', authMiddleware, async (req, res) => {
  await descopeClient.logout(parseCookies(req)[DescopeClient.RefreshTokenCookieName])
  res.clearCookie(DescopeClient.SessionTokenCookieName)
  res.clearCookie(DescopeClient.RefreshTokenCookieName)
  res.sendStatus(200)
})

let URI
const server = app.listen(0, () => {
  const { port } = server.address()
  URI = `http://localhost:${port}/verify`
  console.log(`Example app listening on port ${port}`)
})
