import { createDescopeClient, unwrap } from '@linkpass/core'
import { test } from '@linkpass/emulator/vitest'
import { expect } from 'vitest'

test('a link signs in once, and the session ends in time', async ({ emulator }) => {
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })

  await client.magicLink.signUpOrIn.email('ada@example.com', 'http://localhost:3000/verify')
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  const token = links[0]?.token ?? ''
  const { sessionJwt } = unwrap(await client.magicLink.verify(token))
  await client.validateSession(sessionJwt)

  expect(await client.magicLink.verify(token)).toMatchObject({ ok: false, code: 401 })
  clock.advance(11 * 60_000)
  await expect(client.validateSession(sessionJwt)).rejects.toMatchObject({
    code: 'ERR_TOKEN_EXPIRED',
  })
})

test('an outage does not end the session', async ({ emulator }) => {
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  const { sessionJwt, refreshJwt } = await emulator.signIn('ada@example.com', {
    roles: ['editor'],
  })

  emulator.faults.add({ path: '/v1/auth/refresh', drop: 'after' })
  clock.advance(11 * 60_000)
  const outcome = await client.authenticate({ sessionJwt, refreshJwt })
  expect(outcome).toMatchObject({ status: 'unavailable', what: 'refresh' })
})
