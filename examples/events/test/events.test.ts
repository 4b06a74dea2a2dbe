import { startEmulator } from '@linkpass/emulator'
import { nginxOrSkip, startNginx } from '@linkpass/testing'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

test('an event arrives through nginx while the stream is open', async (context) => {
  nginxOrSkip(context)
  await using emulator = await startEmulator()
  await using app = await startExample(emulator, createApp)
  await using nginx = await startNginx()
  nginx.leadTo(app.origin)
  const { port } = new URL(app.origin)
  const cookieNames = { session: `DS_${port}`, refresh: `DSR_${port}` }
  const { cookie } = await emulator.signIn('ada@example.com', { cookieNames })
  const events = await fetch(`${nginx.origin}/events`, { headers: { cookie } })
  const { value } = (await events.body?.getReader().read()) ?? {}
  expect(new TextDecoder().decode(value)).toBe('data: hello\n\n')
})

test('a sign-out ends the stream of its session', async () => {
  await using emulator = await startEmulator()
  await using app = await startExample(emulator, createApp)
  const { port } = new URL(app.origin)
  const cookieNames = { session: `DS_${port}`, refresh: `DSR_${port}` }
  const { cookie } = await emulator.signIn('ada@example.com', { cookieNames })

  expect((await fetch(`${app.origin}/events`)).status).toBe(401)
  const events = await fetch(`${app.origin}/events`, { headers: { cookie } })
  const headers = { cookie, origin: app.origin }
  expect((await fetch(`${app.origin}/auth/logout`, { method: 'POST', headers })).status).toBe(204)
  expect(await events.text()).toBe('data: hello\n\n')
})
