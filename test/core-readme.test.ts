import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { listenOnFreePort, projectId } from '@linkpass/testing'
import { expect, test } from 'vitest'
import { createApi } from './core-readme/api.ts'
import { clientBehind } from './core-readme/proxy.ts'

test('the example of core signs somebody in, and tells a bad token from an outage', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  const api = createApi(client, 'https://app.example.test/verify').listen(0, '127.0.0.1')
  await once(api, 'listening')
  const { port } = api.address() as AddressInfo
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }
  const post = (path: string, fields: Record<string, string>) =>
    call(path, { method: 'POST', body: new URLSearchParams(fields) })
  const me = (token: string) => call('/me', { headers: { authorization: `Bearer ${token}` } })

  expect(await post('/sign-in', { email: 'ada@example.test' })).toMatchObject({ status: 202 })
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.test' })
  const token = links[0]?.token ?? ''
  const verified = await post('/verify', { token })
  expect(verified.status).toBe(200)
  expect(await me(verified.body['sessionJwt'] ?? '')).toMatchObject({
    status: 200,
    body: { userId: verified.body['userId'] },
  })

  expect((await post('/verify', { token })).status).toBe(401)
  expect((await post('/verify', {})).body).toEqual({ error: 'ERR_ARGUMENT' })
  expect((await me(verified.body['refreshJwt'] ?? '')).body).toEqual({ error: 'ERR_TOKEN_KIND' })
  expect((await call('/me')).body).toEqual({ error: 'ERR_TOKEN_MISSING' })
  expect((await post('/sign-in', { email: 'x'.repeat(20_000) })).status).toBe(413)
  await new Promise((resolve) => api.close(resolve))
})

test('requests go through the proxy that the dispatcher names', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(url)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  const port = await listenOnFreePort(proxy)
  await using client = clientBehind(`http://127.0.0.1:${port}`, projectId)
  const sent = await client.magicLink.signUpOrIn.email('ada@example.test')
  expect(sent).toMatchObject({ ok: false, error: { code: 'ERR_NETWORK' } })
  expect(asked[0]).toBe(`${new URL(client.settings.baseUrl).hostname}:443`)
  proxy.close()
})
