// An app that loads both builds, as one does whose own code is ESM and whose library is CommonJS: the
// two copies recognise each other's errors and sessions.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import express from 'express'
import { startEmulator } from '@linkpass/emulator'
import { createAuth, getSession } from '@linkpass/express'

const require = createRequire(import.meta.url)
const core = require('@linkpass/core')
const other = require('@linkpass/express')
assert.notEqual(other.getSession, getSession)

const emulator = await startEmulator()

/** Starts an app whose client has no keys yet; `end` stops it. */
async function startApp() {
  const client = core.createDescopeClient({ projectId: emulator.projectId, baseUrl: emulator.url })
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const appUrl = `http://127.0.0.1:${server.address().port}`
  const auth = createAuth(client, {
    appUrl,
    cookieSecret: 'a secret of 32 bytes or more, for both',
  })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => res.json(other.getSession(req).userId))
  const end = () => {
    server.close()
    return client.close()
  }
  return { appUrl, end }
}

const navigation = {
  accept: 'text/html',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

async function visit(method, url, headers, body) {
  const sent = request(url, { method, headers: { ...navigation, ...headers } }).end(body)
  const [response] = await once(sent, 'response')
  const lines = response.headers['set-cookie'] ?? []
  const cookie = lines.map((line) => line.split(';')[0]).join('; ')
  return { status: response.statusCode, cookie, body: await text(response) }
}

async function openLink(appUrl, to) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const form = new URLSearchParams({ loginId: to }).toString()
  const { cookie } = await visit('POST', `${appUrl}/auth/magic-link`, headers, form)
  const mail = await emulator.inbox.waitFor({ to })
  return await visit('GET', mail.links[0].url, { cookie })
}

const one = await startApp()
const { cookie } = await openLink(one.appUrl, 'ada@example.test')
const me = await visit('GET', `${one.appUrl}/me`, { cookie })
assert.equal(me.status, 200, me.body)
await one.end()

const two = await startApp()
emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
const outage = await openLink(two.appUrl, 'bob@example.test')
assert.equal(outage.status, 503)
assert.match(outage.body, /<html/)
await two.end()
await emulator.close()
