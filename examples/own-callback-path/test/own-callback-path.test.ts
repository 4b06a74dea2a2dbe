import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const appUrl = 'http://localhost:3000'

test('a link leads to the app’s own path and signs in the browser that requested it', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const secret = 'a secret of at least thirty-two bytes'
  const browser = supertest.agent(createApp(client, appUrl, secret))

  await browser.post('/api/send_magiclink').send({ email: 'ada@example.com' }).expect(202)
  await browser.post('/api/send_magiclink').send({ email: '' }).expect(400)
  await browser.post('/api/send_magiclink').expect(400)
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  const { pathname, search } = new URL(links[0]?.url ?? '')
  expect(pathname).toMatch(/^\/api\/verify_magiclink\/[\w-]{22}$/)

  const scanner = await supertest(createApp(client, appUrl, secret))
    .get(pathname + search)
    .expect(200)
  expect(scanner.text).toContain('Sign in on this device')
  const navigation = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
  await browser
    .get(pathname + search)
    .set(navigation)
    .expect(303)
    .expect('Location', '/me')
  await browser.get('/me').expect(200)
})
