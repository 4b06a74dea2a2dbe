import { once } from 'node:events'
import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { closedPort } from '@linkpass/testing'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createApp } from '../src/app.ts'

test('a sign-out closes the socket of its session', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  const port = await closedPort()
  const appUrl = `http://localhost:${port}`
  const server = createApp(client, appUrl, 'a secret of at least thirty-two bytes').listen(port)
  await once(server, 'listening')
  const cookieNames = { session: `DS_${port}`, refresh: `DSR_${port}` }
  const { cookie } = await emulator.signIn('ada@example.com', { cookieNames })
  const open = (headers = {}, origin = appUrl): WebSocket =>
    new WebSocket(appUrl.replace('http', 'ws'), { origin, headers })

  for (const [headers, from, status] of [
    [{}, appUrl, '401'],
    [{ cookie }, 'https://evil.example', '403'],
  ] as const) {
    expect(await once(open(headers, from), 'error')).toEqual([
      expect.objectContaining({ message: expect.stringContaining(status) }),
    ])
  }
  const socket = open({ cookie })
  const [hello] = await once(socket, 'message')
  expect(String(hello)).toMatch(/^hello, U/)

  const closed = once(socket, 'close')
  const headers = { cookie, origin: appUrl }
  expect((await fetch(`${appUrl}/auth/logout`, { method: 'POST', headers })).status).toBe(204)
  expect((await closed)[0]).toBe(4401)
  server.closeAllConnections()
  server.close()
})
