import { createDescopeClient } from '@linkpass/core'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { startEmulator } from '../src/index.ts'
import { serviceOf, startService } from './service.ts'

const ada = 'ada@example.com'

test('a seeded world has its users, tenants and roles, also after a reset', async () => {
  await using emulator = await startEmulator({
    seed: {
      tenants: [{ id: 'T1', name: 'Engines' }],
      roles: [
        { name: 'editor', permissions: ['write'] },
        { name: 'owner', permissions: ['bill'], tenantId: 'T1' },
      ],
      users: [
        { loginId: ada, name: 'Ada', roles: ['editor'], tenants: { T1: { roles: ['owner'] } } },
      ],
    },
  })
  const service = serviceOf(emulator)
  for (let round = 0; round < 2; round++) {
    const { sessionJwt, user } = await service.signIn(ada)
    expect(user).toMatchObject({
      name: 'Ada',
      email: ada,
      verifiedEmail: true,
      userTenants: [{ tenantId: 'T1', tenantName: 'Engines' }],
    })
    expect(decodeJwt(sessionJwt)).toMatchObject({
      roles: ['editor'],
      permissions: ['write'],
      tenants: { T1: { roles: ['owner'], permissions: ['bill'] } },
    })
    emulator.reset()
    const signUp = await service.post('/v1/auth/magiclink/signup/email', { loginId: ada })
    expect(signUp.body.errorCode).toBe('E062107')
  }
})

test('a session that is not refreshed in time ends', async () => {
  const service = await startService({ inactivitySeconds: 900, rotateRefreshTokens: true })
  await using _emulator = service.emulator
  let { refreshJwt: token } = await service.signIn(ada)
  for (let refreshes = 0; refreshes < 3; refreshes++) {
    service.emulator.clock.advance(600_000)
    token = (await service.post('/v1/auth/refresh', {}, { token })).body.refreshJwt
  }
  service.emulator.clock.advance(901_000)
  const late = await service.post('/v1/auth/refresh', {}, { token })
  expect(late.body.errorCode).toBe('E064001')
  expect(late.headers.get('x-emulator-hint')).toContain('inactivitySeconds')
})

test('a bound token can be issued, so that an app can be tested to refuse it', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl } = emulator
  await using client = createDescopeClient({ projectId, baseUrl })
  const { sessionJwt, refreshJwt } = await emulator.signIn(ada, {
    claims: { cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } },
  })
  const outcome = expect.objectContaining({ code: 'ERR_TOKEN_BOUND' })
  await expect(client.validateSession(sessionJwt)).rejects.toEqual(outcome)
  await expect(client.refreshSession(refreshJwt)).rejects.toEqual(outcome)
})
