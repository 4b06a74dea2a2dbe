import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const appUrl = 'https://app.example.com'
const secret = 'a secret of at least thirty-two bytes'

test('links and cookies use the configured URL, not the headers of a request', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const app = supertest(
    createApp(createDescopeClient({ projectId, baseUrl, clock }), appUrl, secret),
  )
  await app
    .post('/auth/magic-link')
    .set({ Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' })
    .send({ loginId: 'ada@example.com' })
    .expect(202)
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  expect(links[0]?.url).toMatch(/^https:\/\/app\.example\.com\/auth\/verify\//)
  const t = links[0]?.token
  const state = links[0]?.url.split(/[/?]/).at(-2)
  const signedIn = await app.post('/auth/verify').send({ t, state }).expect(200)
  const cookies = [signedIn.headers['set-cookie'] ?? []].flat()
  expect(cookies.length).toBe(3)
  expect(cookies.every((line) => line.includes('; Secure'))).toBe(true)
})

test('the limits count the client addresses from the proxy, not the proxy’s own', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const app = supertest(
    createApp(createDescopeClient({ projectId, baseUrl, clock }), appUrl, secret),
  )
  const send = async (user: number, from: string): Promise<number> => {
    const loginId = `user-${user}@example.com`
    return (await app.post('/auth/magic-link').set('X-Forwarded-For', from).send({ loginId }))
      .status
  }
  for (let user = 0; user < 30; user += 1) expect(await send(user, '192.0.2.1')).toBe(202)
  expect(await send(30, '192.0.2.1')).toBe(429)
  expect(await send(31, '192.0.2.2')).toBe(202)
})

test('the app’s policy applies to its own pages, and a stricter one to the built-in pages', async () => {
  const client = createDescopeClient({ projectId: `P${'x'.repeat(27)}` })
  const app = supertest(createApp(client, appUrl, secret))
  const [own, builtIn] = [await app.get('/me'), await app.get('/auth/sign-in')]
  expect(own.headers['content-security-policy']).toBe("default-src 'self'")
  expect(builtIn.headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'self'/,
  )
})
