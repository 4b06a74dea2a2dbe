// The process that is measured: an Express app on the built packages, and a browser for it. The
// emulator runs in the parent process.
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import express from 'express'
import { createDescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import { startCoverage } from './coverage.mjs'

let made = 0
const [baseUrl, projectId] = process.argv.slice(2)
const client = createDescopeClient({ projectId, baseUrl })
const app = express()
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const appUrl = `http://127.0.0.1:${server.address().port}`
const cookieSecret = 'a secret of the footprint, of 32 bytes or more'
const auth = createAuth(client, { appUrl, cookieSecret, limits: false })
app.use('/auth', auth.router())
app.get('/me', auth.requireSession(), (req, res) => res.json({ userId: getSession(req).userId }))

/** What is measured: `prepare` is not counted, `run` is. */
const jobs = {
  'validate a new token': {
    prepare: newTokens,
    run: ({ sessionJwt }) => client.validateSession(sessionJwt),
  },
  'GET /me guarded, session cached': {
    prepare: async () => {
      const { sessionJwt } = await newTokens()
      const cookie = `${auth.cookieNames.session}=${sessionJwt}`
      // A token is kept in memory when it comes for the second time.
      for (let visit = 0; visit < 2; visit += 1) await getMe(cookie)
      return cookie
    },
    run: getMe,
  },
  'GET /me guarded, session refreshed': {
    prepare: async () => `${auth.cookieNames.refresh}=${(await newTokens()).refreshJwt}`,
    run: getMe,
  },
  'POST /auth/magic-link': {
    prepare: newLoginId,
    run: postMagicLink,
  },
  'GET /auth/verify redeemed': {
    prepare: async () => {
      const loginId = newLoginId()
      const cookie = await postMagicLink(loginId)
      return { cookie, url: (await linkTo(loginId)).url }
    },
    run: async ({ cookie, url }) => {
      const response = await visit('GET', url, { cookie })
      expectStatus(response, 303)
      if (!cookiesOf(response).includes(`${auth.cookieNames.refresh}=`)) {
        throw new Error('The link signed no user in.')
      }
    },
  },
}

const footprintOf = await startCoverage()
const footprints = []
for (const [job, { prepare, run }] of Object.entries(jobs)) {
  // The first run loads modules; the second is the one that counts.
  await run(await prepare())
  const input = await prepare()
  footprints.push({ job, ...(await footprintOf(() => run(input))) })
}
process.send(footprints, () => process.exit())

function newLoginId() {
  return `user-${(made += 1)}@example.test`
}

/** Tokens that this app has not seen: a sign-in without it. */
async function newTokens() {
  const loginId = newLoginId()
  await post('/v1/auth/magiclink/signup-in/email', { loginId })
  return post('/v1/auth/magiclink/verify', { token: (await linkTo(loginId)).token })
}

async function post(path, body) {
  const headers = { authorization: `Bearer ${projectId}`, 'content-type': 'application/json' }
  const response = await fetch(baseUrl + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  expectStatus(response, 200)
  return response.json()
}

async function linkTo(loginId) {
  const path = `/_emulator/messages?to=${encodeURIComponent(loginId)}`
  const [message] = await (await fetch(baseUrl + path)).json()
  return message.links[0]
}

async function getMe(cookie) {
  expectStatus(await visit('GET', `${appUrl}/me`, { cookie }), 200)
}

/** Requests a link as the form does; resolves to the browser's cookies. */
async function postMagicLink(loginId) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const form = new URLSearchParams({ loginId }).toString()
  const response = await visit('POST', `${appUrl}/auth/magic-link`, headers, form)
  expectStatus(response, 303)
  return cookiesOf(response)
}

/** A page load, as browsers send it; `fetch` sets its own Sec-Fetch-Mode. */
async function visit(method, url, headers, body) {
  const navigation = {
    accept: 'text/html',
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  const sent = request(url, { method, headers: { ...navigation, ...headers } }).end(body)
  const [response] = await once(sent, 'response')
  await text(response)
  return { status: response.statusCode, headers: response.headers }
}

function cookiesOf({ headers }) {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
}

function expectStatus({ status }, expected) {
  if (status !== expected) throw new Error(`The status is ${status} instead of ${expected}.`)
}
