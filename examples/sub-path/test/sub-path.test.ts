import { startEmulator } from '@linkpass/emulator'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp, createProxy } from '../src/app.ts'

const ada = 'ada@example.test'

test('a user signs in and out below a path that the proxy takes off', async () => {
  await using emulator = await startEmulator()
  let target = ''
  await using proxy = await startExample(
    emulator,
    () => (request, response) => createProxy(target)(request, response),
  )
  await using app = await startExample(emulator, (client, _url, secret) =>
    createApp(client, proxy.origin, secret),
  )
  target = app.origin

  const browser = proxy.browser()
  const signIn = await browser.open('/')
  expect(signIn.body).toContain('action="/app/auth/')
  expect((await browser.submit(signIn, { loginId: ada })).status).toBe(303)
  const opened = await browser.open(await proxy.linkFor(ada))
  expect([opened.status, opened.body]).toEqual([200, expect.stringMatching(/^<h1>U/)])
  const left = await browser.submit(opened)
  expect([left.status, left.location]).toEqual([303, '/app/auth/signed-out'])
  expect((await browser.open('/app/')).body).toContain('action="/app/auth/')
})
