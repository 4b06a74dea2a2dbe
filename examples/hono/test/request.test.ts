import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

// `getConnInfo` of the app reads the address of the client from here, where a server puts it.
const bindings = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }

test('an admin passes the guard of the Hono app, without a server', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  const app = createApp(client, 'http://localhost:3000', 'a secret of at least thirty-two bytes')

  const cookieNames = { session: 'DS_3000', refresh: 'DSR_3000' }
  const { cookie } = await emulator.signIn('ada@example.com', { roles: ['admin'], cookieNames })
  const response = await app.request('/admin', { headers: { cookie } }, bindings)
  expect(response.status).toBe(200)
})
