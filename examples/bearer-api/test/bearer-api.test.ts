import { createDescopeClient, unwrap } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

test('a token from elsewhere gives access to the API, within its permissions', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const api = supertest(createApp(client))

  await client.magicLink.signUpOrIn.email('ada@example.com', 'https://app.example.com/')
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  const { sessionJwt, user } = unwrap(await client.magicLink.verify(links[0]?.token ?? ''))

  const rejected = await api.get('/me').expect(401)
  expect(rejected.headers['www-authenticate']).toBe('Bearer')
  const me = await api.get('/me').auth(sessionJwt, { type: 'bearer' }).expect(200)
  expect(me.body).toEqual({ userId: user?.userId })
  await api.delete('/things/1').auth(sessionJwt, { type: 'bearer' }).expect(403)
  clock.advance(11 * 60_000)
  await api.get('/me').auth(sessionJwt, { type: 'bearer' }).expect(401)
})
