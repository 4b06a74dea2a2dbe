import { startEmulator } from '@linkpass/emulator'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp, createFrontEnd } from '../src/app.ts'

const ada = 'ada@example.test'

test('a front end on another port signs in, calls the API, refreshes and signs out', async () => {
  await using emulator = await startEmulator()
  await using front = await startExample(emulator, () => createFrontEnd('http://localhost:1'))
  await using app = await startExample(emulator, (...[client, appUrl, secret]) =>
    createApp(client, appUrl, secret, front.origin),
  )
  expect((await front.browser().visit('/')).body).toContain('"http://localhost:1"')
  const browser = app.browser()
  const fromFront = { origin: front.origin, 'sec-fetch-site': 'same-site', accept: '*/*' }
  const call = (path: string, method: 'GET' | 'POST' = 'GET', body?: string) =>
    browser.visit(path, {
      method,
      headers: { ...fromFront, 'content-type': 'application/json' },
      ...(body && { body }),
    })
  expect((await call('/api/me')).status).toBe(401)
  const sent = await call('/auth/magic-link', 'POST', JSON.stringify({ loginId: ada }))
  expect(sent.status).toBe(202)
  expect((await browser.visit(await app.linkFor(ada))).location).toBe(`${front.origin}/`)
  const me = await call('/api/me')
  expect([me.status, me.headers['access-control-allow-origin']]).toEqual([200, front.origin])
  emulator.clock.advance(11 * 60_000)
  expect((await call('/api/me')).status).toBe(200)
  expect((await call('/auth/logout', 'POST')).status).toBe(204)
  expect((await call('/api/me')).status).toBe(401)
})
