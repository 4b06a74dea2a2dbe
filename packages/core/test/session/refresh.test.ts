import { expect, test } from 'vitest'
import { ServiceError } from '../../src/errors.ts'
import { makeKey, refreshToken, sessionToken } from '@linkpass/testing'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { createTestService } from './service.ts'

const key = makeKey('K1', 'ES256')
const keySet = (): object => ({ keys: [key.jwk] })

test('an expired refresh token is rejected without a store operation or a request', async () => {
  const operations: string[] = []
  const inner = memoryStore()
  const store: StateStore = {
    ...inner,
    get: (name) => {
      operations.push(name)
      return inner.get(name)
    },
  }
  const { sessions, calls } = createTestService({ keySet, store })
  const expired = refreshToken(key, { claims: { iat: 1, exp: 2 } })
  await expect(sessions.refreshSession(expired)).rejects.toMatchObject({
    code: 'ERR_TOKEN_EXPIRED',
    claim: 'exp',
    message: 'The token has expired.',
  })
  expect(operations).toEqual([])
  expect(calls.refresh).toBe(0)
})

test('tokens whose signatures are verified on another thread are waited for', async () => {
  const slow = makeKey('K1', 'ES384')
  const data = { sessionJwt: sessionToken(slow), refreshJwt: refreshToken(slow) }
  const service = createTestService({
    keySet: () => ({ keys: [slow.jwk] }),
    refresh: async () => ({ ok: true, code: 200, data }),
  })
  await service.sessions.warmUp()
  const presented = refreshToken(slow, { claims: { jti: '1' } })
  const refreshed = await service.sessions.refreshSession(presented)
  expect(refreshed).toMatchObject({ jwt: data.sessionJwt, refreshJwt: data.refreshJwt })
})

test('requests with one token share the error response too', async () => {
  const details = { status: 401, errorCode: 'E064001', errorDescription: '', errorMessage: '' }
  const service = createTestService({
    keySet,
    refresh: async () => ({ ok: false, code: 401, error: new ServiceError(details) }),
  })
  const refreshJwt = refreshToken(key)
  const failed = await Promise.allSettled([
    service.sessions.refreshSession(refreshJwt),
    service.sessions.refreshSession(refreshJwt),
  ])
  const reason = details
  expect(failed).toMatchObject([{ reason }, { reason }])
  expect(await service.sessions.authenticate({ refreshJwt })).toMatchObject({
    reason: 'refresh-refused',
  })
  expect(service.calls.refresh).toBe(1)
})
