import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { test } from 'vitest'
import { createApp } from './app.ts'

test('a session outlives its token', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, inbox, clock } = emulator
  const browser = supertest.agent(createApp(createDescopeClient({ projectId, baseUrl, clock })))

  await browser.post('/auth/magic-link').send({ loginId: 'ada@example.com' }).expect(202)
  const { links } = await inbox.waitFor({ to: 'ada@example.com' })
  const state = links[0]?.url.match(/verify\/([\w-]+)/)?.[1]
  await browser.post('/auth/verify').send({ t: links[0]?.token, state }).expect(200)
  clock.advance(11 * 60_000)
  await browser.get('/me').expect(200)
})
