import { describe, expect, test } from 'vitest'
import { makeKey, sessionToken, startTime } from '@linkpass/testing'
import { createTestService } from './service.ts'

describe('authenticate', () => {
  const key = makeKey('K1')
  const create = () => createTestService({ keySet: () => ({ keys: [key.jwk] }) })

  test('is synchronous whenever the keys are known, for new tokens too', async () => {
    const { sessions } = create()
    await sessions.warmUp()
    for (const presented of [
      {},
      { sessionJwt: sessionToken(key) },
      { sessionJwt: 'garbage', refreshJwt: 'garbage' },
      { sessionJwt: sessionToken(key, { header: { kid: 'K1', crit: [] } }) },
    ]) {
      expect(sessions.authenticate(presented)).not.toBeInstanceOf(Promise)
    }
    expect(createTestService({}).sessions.authenticate({})).toEqual({
      status: 'signed-out',
      reason: 'no-session',
    })
  })

  test('requests with one token share one outcome from the second on, deeply frozen', async () => {
    const { sessions } = create()
    const sessionJwt = sessionToken(key, { claims: { tenants: { T: { roles: ['a'] } } } })
    const first = await sessions.authenticate({ sessionJwt })
    const second = sessions.authenticate({ sessionJwt })
    expect(second).toEqual(first)
    expect(sessions.authenticate({ sessionJwt })).toBe(second)
    const pending: object[] = [first, second]
    for (const part of pending) {
      expect(Object.isFrozen(part)).toBe(true)
      for (const member of Object.values(part)) {
        if (typeof member === 'object' && member !== null) pending.push(member)
      }
    }
    expect(pending.length).toBeGreaterThan(5)
  })

  test('without the cache every token is verified again', async () => {
    const service = createTestService({ keySet: () => ({ keys: [key.jwk] }), cache: false })
    const sessionJwt = sessionToken(key)
    const first = await service.sessions.authenticate({ sessionJwt })
    const second = service.sessions.authenticate({ sessionJwt })
    expect(first).toMatchObject({ status: 'signed-in', session: { userId: 'U2ada' } })
    expect(second).toEqual(first)
    expect(second).not.toBe(first)
  })

  test('an expired token takes no place in the cache', async () => {
    const service = createTestService({
      keySet: () => ({ keys: [key.jwk] }),
      cache: { maxEntries: 1 },
    })
    const authenticate = async (sessionJwt: string) => service.sessions.authenticate({ sessionJwt })
    const good = sessionToken(key)
    await authenticate(good)
    const over = sessionToken(key, {}, startTime - 3_600_000)
    expect(await authenticate(over)).toMatchObject({ reason: 'expired' })
    const again = await authenticate(good)
    expect(again).toMatchObject({ status: 'signed-in' })
    expect(await authenticate(good)).toBe(again)
  })

  test.each([7, null, {}, [], true])(
    '%j instead of a string is rejected without an exception',
    (odd) => {
      const { sessions } = create()
      const outcome = sessions.authenticate({ sessionJwt: odd as string })
      expect(outcome).toMatchObject({ status: 'signed-out' })
    },
  )
})
