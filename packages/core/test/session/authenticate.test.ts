import { describe, expect, test } from 'vitest'
import { createTestClock, makeKey, refreshToken, sessionToken, startTime } from '@linkpass/testing'
import { createServiceTime } from '../../src/clock.ts'
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

  test('while our clock is wrong, a token that has expired signs no user out', async () => {
    const clock = createTestClock()
    const serviceTime = createServiceTime(clock)
    const { sessions } = createTestService({
      clock,
      serviceTime,
      keySet: () => ({ keys: [key.jwk] }),
    })
    clock.advance(3_600_000)
    serviceTime.observe(startTime)
    expect(await sessions.authenticate({ sessionJwt: sessionToken(key) })).toEqual({
      status: 'unavailable',
      what: 'refresh',
      retryAfterSeconds: 1,
    })
  })

  test('a token that was verified is accepted after its key was looked for again', async () => {
    const { clock, sessions, calls } = createTestService({
      keySet: () => ({ keys: [key.jwk] }),
      keysFreshSeconds: 30,
    })
    const sessionJwt = sessionToken(key)
    await sessions.warmUp()
    clock.advance(29_000)
    for (let visit = 0; visit < 2; visit += 1) await sessions.authenticate({ sessionJwt })
    const known = sessions.authenticate({ sessionJwt })
    clock.advance(32_000)
    expect(await sessions.authenticate({ sessionJwt })).toBe(known)
    expect(calls.keys).toBe(2)
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

describe('a refresh token beside a live session', () => {
  const key = makeKey('K1', 'ES256')
  const create = () => createTestService({ keySet: () => ({ keys: [key.jwk] }) })

  test.each([
    ['that is no JWT', 'garbage'],
    ['without a user', refreshToken(key, { claims: { sub: undefined } })],
    ['of another project', refreshToken(key, { claims: { iss: 'P2other', sub: 'U2eve' } })],
    ['of the same user', refreshToken(key)],
  ])('%s leaves the session as it is, each time', async (_what, refreshJwt) => {
    const { sessions, calls } = create()
    const sessionJwt = sessionToken(key)
    for (let round = 0; round < 4; round += 1) {
      expect(await sessions.authenticate({ sessionJwt, refreshJwt })).toMatchObject({
        status: 'signed-in',
        source: 'presented',
      })
    }
    expect(calls).toEqual({ keys: 1, refresh: 0 })
  })

  test('of another user is refused, also after one that fits', async () => {
    const { sessions } = create()
    const sessionJwt = sessionToken(key)
    const fits = refreshToken(key)
    const others = refreshToken(key, { claims: { sub: 'U2eve' } })
    for (let round = 0; round < 3; round += 1) {
      expect(await sessions.authenticate({ sessionJwt, refreshJwt: fits })).toMatchObject({
        status: 'signed-in',
      })
      expect(await sessions.authenticate({ sessionJwt, refreshJwt: others })).toEqual({
        status: 'signed-out',
        reason: 'different-users',
      })
    }
  })

  test('is compared and not traded where nothing may be refreshed', async () => {
    const { sessions, calls } = create()
    const over = sessionToken(key, {}, startTime - 3_600_000)
    const eves = refreshToken(key, { claims: { sub: 'U2eve' } })
    const outcomes = [
      [sessionToken(key), refreshToken(key), { status: 'signed-in' }],
      [sessionToken(key), eves, { reason: 'different-users' }],
      [over, refreshToken(key), { reason: 'expired' }],
      [undefined, refreshToken(key), { reason: 'no-session' }],
    ] as const
    for (const [sessionJwt, refreshJwt, outcome] of outcomes) {
      const presented = { sessionJwt, refreshJwt, mayRefresh: false }
      expect(await sessions.authenticate(presented)).toMatchObject(outcome)
    }
    expect(calls.refresh).toBe(0)
  })
})
