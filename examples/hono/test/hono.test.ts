import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

test('a user signs in to the Hono app, and passes the guards that their session allows', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const app = createApp(client, 'http://localhost:3000', 'a secret of at least thirty-two bytes')
  const listener = getRequestListener(app.fetch)
  const browser = supertest.agent(createServer((req, res) => void listener(req, res)))

  await browser.get('/me').set('Accept', 'application/json').expect(401)
  await browser.post('/auth/magic-link').send({ loginId: 'ada@example.test' }).expect(202)
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.test' })
  const state = links[0]?.url.match(/verify\/([\w-]+)/)?.[1]
  await browser.post('/auth/verify').send({ t: links[0]?.token, state }).expect(200)
  const me = await browser.get('/me').expect(200).expect('Cache-Control', 'private, no-cache')
  expect(me.body.userId).toMatch(/^U/)
  await browser.get('/admin').set('Accept', 'application/json').expect(403)

  clock.advance(11 * 60_000)
  const refreshed = await browser.get('/me').expect(200).expect('Cache-Control', 'no-store')
  expect(refreshed.headers['set-cookie']).toHaveLength(2)
  await client.close()
})
