// One guarded route, in a process of its own. GUARD names the guard; each must refuse a request
// without a token before the server reports that it is ready.
import { once } from 'node:events'
import { parseCookie } from 'cookie'
import express from 'express'
import { projectId } from './tokens.mjs'
import { reportUsage } from './usage.mjs'

const { GUARD, KEYS, PEM } = process.env

const create = {
  'bare route': async () => [],
  'no-op middleware': async () => [(_req, _res, next) => next()],
  linkpass: () => linkpass(),
  'linkpass, cacheControl: false': () => linkpass({ cacheControl: false }),
  '@descope/node-sdk by hand': async () => {
    const { default: descopeSdk } = await import('@descope/node-sdk')
    const sdk = descopeSdk({ projectId, baseUrl: KEYS })
    return [
      async (req, res, next) => {
        try {
          req.session = await sdk.validateSession(parseCookie(req.headers.cookie ?? '').DS)
          next()
        } catch {
          res.status(401).json({ error: 'unauthorized' })
        }
      },
    ]
  },
  'express-oauth2-jwt-bearer': async () => {
    const { auth } = await import('express-oauth2-jwt-bearer')
    return [
      auth({
        issuer: projectId,
        jwksUri: `${KEYS}/v2/keys/${projectId}`,
        audience: 'bench',
      }),
    ]
  },
  '@clerk/express': async () => {
    const { clerkMiddleware, getAuth } = await import('@clerk/express')
    return [
      clerkMiddleware({
        jwtKey: PEM,
        publishableKey: 'pk_test_Y2xlcmsuZXhhbXBsZS50ZXN0JA',
        secretKey: 'sk_test_bench',
      }),
      (req, res, next) =>
        getAuth(req).userId ? next() : res.status(401).json({ error: 'unauthorized' }),
    ]
  },
}

async function linkpass(options) {
  const { createDescopeClient } = await import('../../packages/core/dist/index.js')
  const { createAuth } = await import('../../packages/express/dist/index.js')
  const revocation = { onStoreError: 'deny' }
  const client = createDescopeClient({ projectId, baseUrl: KEYS, revocation })
  const auth = createAuth(client, {
    appUrl: 'http://localhost:3000',
    cookieSecret: 'x'.repeat(32),
    cookies: { names: { session: 'DS' } },
  })
  return [auth.requireSession(options)]
}

const app = express()
app.get('/', ...(await create[GUARD]()), (_req, res) => res.json({ ok: true }))
app.use((error, _req, res, _next) => res.status(error.status ?? 500).json({ error: error.code }))

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}/`
const { status } = await fetch(url)
const open = GUARD === 'bare route' || GUARD === 'no-op middleware'
if (status !== (open ? 200 : 401)) throw new Error(`${GUARD} returned ${status} without a token`)
process.send({ url })
reportUsage()
