import { describe, expect, test } from 'vitest'
import {
  createTestClock,
  makeKey,
  refreshToken,
  sessionToken,
  type TestClock,
} from '@linkpass/testing'
import { ServiceError } from '../../src/errors.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { SessionTokens } from '../../src/model/api.ts'
import type { Result } from '../../src/result.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { createTestService, type TestService } from './service.ts'

const key = makeKey('K1', 'ES256')
const keySet = (): object => ({ keys: [key.jwk] })
const second = 1000

interface Rotating {
  readonly clock: TestClock
  readonly written: string[]
  readonly down: { now: boolean }
  readonly instances: readonly [TestService, TestService]
}

/** Two instances over a service that accepts each refresh token once and may rotate them. */
function rotating(rotates = true): Rotating {
  const clock = createTestClock()
  const inner = memoryStore({ clock })
  const written: string[] = []
  const down = { now: false }
  const store: StateStore = {
    ...inner,
    get: async (name) => {
      if (down.now && name.startsWith('rotated:')) throw new Error('store')
      return inner.get(name)
    },
    set: (name, value, ttlMs) => {
      written.push(`${name} ${value}`)
      return inner.set(name, value, ttlMs)
    },
  }
  const redeemed = new Set<string>()
  const refresh = async (refreshJwt: string): Promise<Result<SessionTokens>> => {
    const details = { status: 401, errorCode: 'E064001', errorDescription: '', errorMessage: '' }
    if (redeemed.has(refreshJwt)) return { ok: false, code: 401, error: new ServiceError(details) }
    redeemed.add(refreshJwt)
    const sessionJwt = sessionToken(key, {}, clock.now())
    const next = refreshToken(key, { claims: { jti: String(redeemed.size) } }, clock.now())
    return { ok: true, code: 200, data: { sessionJwt, ...(rotates && { refreshJwt: next }) } }
  }
  const make = (): TestService => createTestService({ keySet, clock, store, refresh })
  return { clock, written, down, instances: [make(), make()] }
}

describe('a refresh token that was replaced by a newer one', () => {
  test('is told apart from a session that is over, on any instance, for half an hour', async () => {
    const { clock, instances } = rotating()
    const [here, there] = instances
    const refreshJwt = refreshToken(key)
    expect(await here.sessions.authenticate({ refreshJwt })).toMatchObject({ source: 'refreshed' })
    clock.advance(109 * second)
    for (const instance of [here, there]) {
      clock.advance(11 * second)
      expect(await instance.sessions.authenticate({ refreshJwt })).toEqual({
        status: 'signed-out',
        reason: 'refresh-rotated',
      })
      for (const check of [
        instance.sessions.refreshSession(refreshJwt),
        instance.sessions.validateAndRefreshSession(undefined, refreshJwt),
      ]) {
        await expect(check).rejects.toMatchObject({
          name: 'TokenError',
          code: 'ERR_TOKEN_ROTATED',
          cause: { errorCode: 'E064001' },
        })
      }
    }
    clock.advance(3600 * second)
    expect(await there.sessions.authenticate({ refreshJwt })).toMatchObject({
      reason: 'refresh-refused',
    })
    await expect(there.sessions.refreshSession(refreshJwt)).rejects.toMatchObject({
      name: 'ServiceError',
      errorCode: 'E064001',
    })
  })

  test('is recorded as a hash of the token', async () => {
    const { written, instances } = rotating()
    const refreshJwt = refreshToken(key)
    await instances[0].sessions.refreshSession(refreshJwt)
    const record = written.find((line) => line.startsWith('rotated:'))
    expect(record).toMatch(/^rotated:[\w-]{22} 1$/)
    expect(refreshJwt).not.toContain(record?.slice(8, -2))
  })

  test('is undecided while the store is unavailable', async () => {
    const { clock, down, instances } = rotating()
    const refreshJwt = refreshToken(key)
    await instances[0].sessions.refreshSession(refreshJwt)
    clock.advance(120 * second)
    down.now = true
    expect(await instances[0].sessions.authenticate({ refreshJwt })).toMatchObject({
      status: 'unavailable',
      what: 'store',
    })
    await expect(instances[0].sessions.refreshSession(refreshJwt)).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
    })
  })
})

test('a rotated token that was also logged out is reported as revoked', async () => {
  const { instances } = rotating()
  const [here, there] = instances
  const refreshJwt = refreshToken(key)
  await here.sessions.refreshSession(refreshJwt)
  await here.sessions.recordLogout(refreshJwt)
  expect(await there.sessions.authenticate({ refreshJwt })).toEqual({
    status: 'signed-out',
    reason: 'revoked',
  })
})

test('a rotation is remembered for exactly half an hour, and the outcome is frozen', async () => {
  const { clock, instances } = rotating()
  const refreshJwt = refreshToken(key)
  await instances[0].sessions.refreshSession(refreshJwt)
  clock.advance(1_799_999)
  const late = await instances[0].sessions.authenticate({ refreshJwt })
  expect(late).toMatchObject({ reason: 'refresh-rotated' })
  expect(Object.isFrozen(late)).toBe(true)
  clock.advance(1)
  expect(await instances[0].sessions.authenticate({ refreshJwt })).toMatchObject({
    reason: 'refresh-refused',
  })
})

test('without rotation nothing is recorded, and a rejected refresh ends the session', async () => {
  const { clock, written, instances } = rotating(false)
  const refreshJwt = refreshToken(key)
  await instances[0].sessions.refreshSession(refreshJwt)
  expect(written.filter((line) => line.startsWith('rotated:'))).toEqual([])
  clock.advance(11 * second)
  expect(await instances[0].sessions.authenticate({ refreshJwt })).toMatchObject({
    reason: 'refresh-refused',
  })
})

test('a valid and an invalid session token are decided without the store', async () => {
  const { down, instances } = rotating()
  down.now = true
  const { sessions } = instances[0]
  await sessions.warmUp()
  const refreshJwt = refreshToken(key)
  expect(sessions.authenticate({ sessionJwt: sessionToken(key), refreshJwt })).toMatchObject({
    status: 'signed-in',
  })
  expect(sessions.authenticate({ sessionJwt: 'garbage', refreshJwt })).toMatchObject({
    reason: 'invalid',
  })
})
