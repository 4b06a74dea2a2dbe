import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

test('a user signs in to the Fastify app, and stays signed in', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  await using app = createApp(client, 'http://localhost:3000', 'a secret of 32 bytes, or of more')
  await app.ready()
  const browser = supertest.agent(app.server)

  // Fastify decodes the path of a route.
  for (const path of ['/me', '/%6de']) {
    await browser.get(path).set('Accept', 'application/json').expect(401)
  }
  const page = await browser.get('/auth/sign-in').set('Accept', 'text/html').expect(200)
  expect(page.text).toContain('<form')
  const sent = { loginId: 'ada@example.test', returnTo: '/me' }
  await browser.post('/auth/magic-link').type('form').send(sent).expect(202)
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.test' })
  const state = links[0]?.url.match(/verify\/([\w-]+)/)?.[1]
  await browser.post('/auth/verify').send({ t: links[0]?.token, state }).expect(200)
  const me = await browser.get('/me').expect(200).expect('Cache-Control', 'private, no-cache')
  expect(me.body.userId).toMatch(/^U/)

  clock.advance(11 * 60_000)
  const refreshed = await browser.get('/me').expect(200).expect('Cache-Control', 'no-store')
  expect(refreshed.headers['set-cookie']).toHaveLength(2)
  await browser.post('/auth/logout').send({}).expect(204)
  await browser.get('/me').set('Accept', 'application/json').expect(401)
  await browser.get('/auth/nothing').expect(404)
})
