import { describe, expect, test } from 'vitest'
import { makeKey, sessionToken, startTime } from '@linkpass/testing'
import {
  KeySetError,
  RequestError,
  ServiceError,
  StoreError,
  TokenError,
} from '../../src/errors.ts'
import { outcomeOf } from '../../src/session/authenticate.ts'
import { createTestService } from './service.ts'

const errorResponse = (status: number, errorCode: string) =>
  new ServiceError({ status, errorCode, errorDescription: '', errorMessage: '' })

describe('outcomeOf', () => {
  test.each<[unknown, object]>([
    [new TokenError('ERR_TOKEN_EXPIRED', ''), { status: 'signed-out', reason: 'expired' }],
    [new TokenError('ERR_TOKEN_REVOKED', ''), { status: 'signed-out', reason: 'revoked' }],
    [new TokenError('ERR_TOKEN_ROTATED', ''), { status: 'signed-out', reason: 'refresh-rotated' }],
    [new TokenError('ERR_TOKEN_MALFORMED', ''), { status: 'signed-out', reason: 'invalid' }],
    [new TokenError('ERR_TOKEN_SIGNATURE', ''), { status: 'signed-out', reason: 'invalid' }],
    [new TokenError('ERR_TOKEN_CLAIM', ''), { status: 'signed-out', reason: 'invalid' }],
    [new TokenError('ERR_TOKEN_KIND', ''), { status: 'signed-out', reason: 'invalid' }],
    [errorResponse(401, 'E064001'), { status: 'signed-out', reason: 'refresh-refused' }],
    [errorResponse(400, 'E062108'), { status: 'signed-out', reason: 'refresh-refused' }],
    [
      errorResponse(401, 'E061004'),
      { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 },
    ],
    [errorResponse(401, ''), { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 }],
    [errorResponse(500, 'E1'), { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 }],
    [new KeySetError('', 4), { status: 'unavailable', what: 'keys', retryAfterSeconds: 4 }],
    [new StoreError(''), { status: 'unavailable', what: 'store', retryAfterSeconds: 1 }],
    [new RequestError('ERR_TIMEOUT', ''), { status: 'unavailable', what: 'refresh' }],
    [new Error('unexpected'), { status: 'unavailable', what: 'refresh' }],
    [
      Object.assign(new Error('not a response of the service'), {
        status: 401,
        errorCode: 'E064001',
      }),
      { status: 'unavailable', what: 'refresh' },
    ],
    [null, { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 }],
    ['not even an error', { status: 'unavailable', what: 'refresh' }],
  ])('%s', (error, outcome) => {
    expect(outcomeOf(error)).toMatchObject(outcome)
    expect(Object.isFrozen(outcomeOf(error))).toBe(true)
  })
})

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
