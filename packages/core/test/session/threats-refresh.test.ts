import { describe, expect, test } from 'vitest'
import {
  createTestClock,
  deferred,
  flush,
  makeKey,
  refreshToken,
  sessionToken,
  startTime,
} from '@linkpass/testing'
import { RequestError, ServiceError } from '../../src/errors.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { SessionTokens } from '../../src/model/api.ts'
import type { Result } from '../../src/result.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { createTestService, type TestService, type TestServiceOptions } from './service.ts'

const key = makeKey('K1', 'ES256')
const other = makeKey('K1', 'ES256')
const keySet = () => ({ keys: [key.jwk] })
const second = 1000

const expired = (claims = {}) => sessionToken(key, { claims }, startTime - 3_600_000)

type RefreshResponse = Result<SessionTokens>

function success(data: SessionTokens): RefreshResponse {
  return { ok: true, code: 200, data }
}

function failure(status: number, errorCode: string): RefreshResponse {
  const details = { status, errorCode, errorDescription: 'd', errorMessage: 'm' }
  return { ok: false, code: status, error: new ServiceError(details) }
}

/** Instances that share a store and a clock, over one service that rotates refresh tokens. */
function cluster(count: number, options: Partial<TestServiceOptions> = {}) {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  const requests: string[] = []
  const gate = deferred<void>()
  let generation = 0
  const refresh = async (refreshJwt: string): Promise<RefreshResponse> => {
    requests.push(refreshJwt)
    await gate.promise
    generation += 1
    return success({
      sessionJwt: sessionToken(key, { claims: { jti: `s${generation}` } }, clock.now()),
      refreshJwt: refreshToken(key, { claims: { jti: `r${generation}` } }, clock.now()),
    })
  }
  const services = Array.from({ length: count }, () =>
    createTestService({ keySet, clock, store, refresh, ...options }),
  )
  return { clock, store, requests, services, open: () => gate.resolve() }
}

/** Runs the clock in small steps until the promise is settled. */
async function settled<T>(promise: Promise<T>, clock: { advance(ms: number): void }): Promise<T> {
  const running = new Set([promise])
  void promise.catch(() => {}).finally(() => running.clear())
  while (running.size > 0) {
    await flush()
    clock.advance(10)
  }
  return promise
}

describe('T-58 and R-08: a refresh race', () => {
  test('fifty requests of one process: one call, fifty sessions', async () => {
    const { services, requests, open } = cluster(1)
    const refreshJwt = refreshToken(key)
    const outcomes = Array.from({ length: 50 }, async (_, index) =>
      services[0]!.sessions.authenticate({
        refreshJwt,
        ...(index % 2 === 0 ? { sessionJwt: expired() } : {}),
      }),
    )
    open()
    const all = await Promise.all(outcomes)
    expect(requests).toEqual([refreshJwt])
    const issued = all.map((outcome) =>
      outcome.status === 'signed-in' ? outcome.refreshed?.sessionJwt : outcome.status,
    )
    expect(new Set(issued)).toEqual(new Set([expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)]))
    const [first] = all
    expect(first).toMatchObject({ status: 'signed-in', source: 'refreshed' })
    expect(Object.isFrozen(first)).toBe(true)
    expect(Object.isFrozen(Reflect.get(first!, 'refreshed'))).toBe(true)
    expect(first).toHaveProperty('refreshed.sessionExpiresAt', startTime + 600 * second)
    expect(first).toHaveProperty('refreshed.refreshExpiresAt', startTime + 28 * 86_400 * second)
    expect(first).toHaveProperty('session.userId', 'U2ada')
  })

  test('fifty requests over five instances: one call, fifty sessions', async () => {
    const { services, requests, open, clock } = cluster(5)
    const refreshJwt = refreshToken(key)
    const outcomes = Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        services[index % 5]!.sessions.authenticate({ refreshJwt, sessionJwt: expired() }),
      ),
    )
    await flush()
    open()
    const all = await settled(outcomes, clock)
    expect(requests).toEqual([refreshJwt])
    for (const outcome of all) expect(outcome.status).toBe('signed-in')
  })

  test('five hundred users, five requests each, two instances: one call for each, no session mixed up', async () => {
    const clock = createTestClock()
    const store = memoryStore({ clock })
    let calls = 0
    const refresh = async (refreshJwt: string): Promise<RefreshResponse> => {
      calls += 1
      await flush()
      const { sub } = JSON.parse(Buffer.from(refreshJwt.split('.')[1]!, 'base64url').toString())
      return success({ sessionJwt: sessionToken(key, { claims: { sub } }) })
    }
    const services = [0, 1].map(() => createTestService({ keySet, clock, store, refresh }))
    const requests = Array.from({ length: 2500 }, async (_, index) => {
      const sub = `U${index % 500}`
      const outcome = await services[index % 2]!.sessions.authenticate({
        sessionJwt: expired({ sub }),
        refreshJwt: refreshToken(key, { claims: { sub } }),
      })
      return outcome.status === 'signed-in' && outcome.session.userId === sub
    })
    const right = await settled(Promise.all(requests), clock)
    expect(right.every(Boolean)).toBe(true)
    expect(calls).toBeLessThanOrEqual(500)
  })

  test('a request within two minutes gets the same tokens while they are not seen, on any instance', async () => {
    const { services, requests, open, clock } = cluster(2)
    open()
    const refreshJwt = refreshToken(key)
    const first = await services[0]!.sessions.refreshSession(refreshJwt)
    clock.advance(9 * second)
    const late = await services[1]!.sessions.refreshSession(refreshJwt)
    expect(late).toEqual(first)
    expect(requests).toHaveLength(1)
    clock.advance(111 * second - 1)
    expect(await services[1]!.sessions.refreshSession(refreshJwt)).toEqual(first)
    expect(requests).toHaveLength(1)
    clock.advance(1)
    await services[1]!.sessions.refreshSession(refreshJwt)
    expect(requests).toHaveLength(2)
  })

  test('a refresh that ends between another’s read and lock is not repeated', async () => {
    const { store, clock, services, requests, open } = cluster(1)
    open()
    const refreshJwt = refreshToken(key)
    const interrupted: StateStore = {
      ...store,
      setIfAbsent: async (name, value, ttlMs) => {
        await services[0]!.sessions.refreshSession(refreshJwt)
        return store.setIfAbsent(name, value, ttlMs)
      },
    }
    const other = createTestService({ keySet, clock, store: interrupted })
    await expect(other.sessions.refreshSession(refreshJwt)).resolves.toHaveProperty('jwt')
    expect(other.calls.refresh).toBe(0)
    expect(requests).toHaveLength(1)
    // Nor does its lock stay behind.
    clock.advance(120 * second)
    await services[0]!.sessions.refreshSession(refreshJwt)
    expect(requests).toHaveLength(2)
  })

  test('reading the store does not sign anyone in', async () => {
    const written: string[] = []
    const clock = createTestClock()
    const inner = memoryStore({ clock })
    const store: StateStore = {
      ...inner,
      set: (name, value, ttlMs) => {
        written.push(`${name} ${value}`)
        return inner.set(name, value, ttlMs)
      },
      replaceIf: (name, expected, value, ttlMs) => {
        written.push(`${name} ${value}`)
        return inner.replaceIf(name, expected, value, ttlMs)
      },
    }
    const tokens = { sessionJwt: sessionToken(key), refreshJwt: refreshToken(key) }
    const service = createTestService({
      keySet,
      clock,
      store,
      refresh: async () => success(tokens),
    })
    const refreshJwt = refreshToken(key, { claims: { jti: '1' } })
    await service.sessions.refreshSession(refreshJwt)
    await service.sessions.recordLogout(tokens.refreshJwt, tokens.sessionJwt)
    expect(written.length).toBeGreaterThan(1)
    for (const line of written) {
      for (const token of [refreshJwt, tokens.sessionJwt, tokens.refreshJwt]) {
        for (const part of token.split('.').slice(1)) expect(line).not.toContain(part)
        expect(line).not.toContain('U2ada')
      }
    }
  })

  test('an instance that died with the lock delays others for one deadline only', async () => {
    let calls = 0
    const { services, clock } = cluster(2, {
      refresh: () => {
        calls += 1
        const tokens = { sessionJwt: sessionToken(key, {}, clock.now()) }
        // The first instance never comes back; its lock ends after eleven seconds.
        return calls === 1 ? new Promise(() => {}) : Promise.resolve(success(tokens))
      },
    })
    const refreshJwt = refreshToken(key)
    void services[0]!.sessions.refreshSession(refreshJwt)
    await flush()
    const waiting = Promise.allSettled([
      services[1]!.sessions.refreshSession(refreshJwt),
      services[1]!.sessions.authenticate({ refreshJwt }),
    ])
    expect(await settled(waiting, clock)).toMatchObject([
      { reason: { code: 'ERR_NETWORK', mayHaveBeenProcessed: true } },
      { value: { status: 'unavailable', what: 'refresh' } },
    ])
    expect(calls).toBe(1)
    clock.advance(second)
    const retry = services[1]!.sessions.refreshSession(refreshJwt)
    expect(await settled(retry, clock)).toHaveProperty('jwt')
    expect(calls).toBe(2)
  })
})

test('closing ends a wait for another instance', async () => {
  const { services, clock } = cluster(2, { refresh: () => new Promise(() => {}) })
  const refreshJwt = refreshToken(key)
  void services[0]!.sessions.refreshSession(refreshJwt)
  await flush()
  const waiting = services[1]!.sessions.refreshSession(refreshJwt).catch((e: unknown) => e)
  await flush()
  services[1]!.sessions.close()
  expect(await waiting).toMatchObject({ code: 'ERR_CLOSED' })
  expect(clock.sleepers).toBe(0)
})

describe('T-59 a lost response', () => {
  const lost = new RequestError('ERR_NETWORK', 'Lost.', { mayHaveBeenProcessed: true })

  test('is not repeated for waiting requests, here or elsewhere, and ends no session', async () => {
    const gate = deferred<void>()
    let calls = 0
    const { services, clock } = cluster(2, {
      refresh: async () => {
        calls += 1
        await gate.promise
        return { ok: false, code: 0, error: lost }
      },
    })
    const refreshJwt = refreshToken(key)
    const outcomes = Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        services[index % 2]!.sessions.authenticate({ refreshJwt, sessionJwt: expired() }),
      ),
    )
    await flush()
    gate.resolve()
    const before = clock.monotonic()
    for (const outcome of await settled(outcomes, clock)) {
      expect(outcome).toMatchObject({ status: 'unavailable', what: 'refresh' })
    }
    // Nobody waits for the deadline of an instance that has given up already.
    expect(clock.monotonic() - before).toBeLessThan(second)
    expect(calls).toBe(1)
    await expect(services[0]!.sessions.refreshSession(refreshJwt)).rejects.toBe(lost)
    expect(calls).toBe(2)
  })

  test('unavailable keys after a refresh do not lose its tokens', async () => {
    const next = makeKey('K2', 'ES256')
    let isDown = true
    const clock = createTestClock()
    const keys = () => {
      if (isDown && service.calls.keys > 1) throw new Error('503')
      return { keys: isDown ? [key.jwk] : [key.jwk, next.jwk] }
    }
    const service: TestService = createTestService({
      keySet: keys,
      clock,
      refresh: async () =>
        success({
          sessionJwt: sessionToken(next, {}, clock.now()),
          refreshJwt: refreshToken(next, {}, clock.now()),
        }),
    })
    await service.sessions.warmUp()
    clock.advance(40 * second)
    const refreshJwt = refreshToken(key)
    const first = await service.sessions.authenticate({ refreshJwt })
    expect(first).toMatchObject({ status: 'unavailable', what: 'keys' })
    isDown = false
    clock.advance(2 * second)
    expect(await service.sessions.authenticate({ refreshJwt })).toMatchObject({
      status: 'signed-in',
    })
    expect(service.calls.refresh).toBe(1)
  })
})

describe('T-60 an outage must not sign users out', () => {
  const limited = new ServiceError({
    status: 429,
    errorCode: 'E130429',
    errorDescription: '',
    errorMessage: '',
    retryAfterSeconds: 7,
  })
  test.each<[string, RefreshResponse, object]>([
    ['500', failure(500, 'E1'), { status: 'unavailable', what: 'refresh' }],
    ['502 without a code', failure(502, ''), { status: 'unavailable' }],
    ['403 with a code', failure(403, 'E1'), { status: 'unavailable' }],
    ['404 with a code', failure(404, 'E1'), { status: 'unavailable' }],
    ['401 without a code: a proxy', failure(401, ''), { status: 'unavailable' }],
    ['400 without a code', failure(400, ''), { status: 'unavailable' }],
    [
      'a management key that is not accepted',
      failure(401, 'E061004'),
      { status: 'unavailable', what: 'refresh' },
    ],
    ['a request that cannot be parsed', failure(400, 'E011001'), { status: 'unavailable' }],
    ['an invalid field', failure(400, 'E011003'), { status: 'unavailable' }],
    [
      '429',
      { ok: false, code: 429, error: limited },
      { status: 'unavailable', retryAfterSeconds: 7 },
    ],
    [
      'a timeout',
      { ok: false, code: 0, error: new RequestError('ERR_TIMEOUT', 'Late.') },
      { status: 'unavailable' },
    ],
    [
      'garbage',
      { ok: false, code: 200, error: new RequestError('ERR_RESPONSE_INVALID', 'Odd.') },
      { status: 'unavailable' },
    ],
    [
      '401 with a code',
      failure(401, 'E061005'),
      { status: 'signed-out', reason: 'refresh-refused' },
    ],
    [
      'an unknown code',
      failure(401, 'E069999'),
      { status: 'signed-out', reason: 'refresh-refused' },
    ],
    [
      '400 with a code',
      failure(400, 'E064001'),
      { status: 'signed-out', reason: 'refresh-refused' },
    ],
  ])('%s', async (_what, result, expected) => {
    const service = createTestService({ keySet, refresh: async () => result })
    const presented = { refreshJwt: refreshToken(key), sessionJwt: expired() }
    expect(await service.sessions.authenticate(presented)).toMatchObject(expected)
  })

  test('a final error is final for every waiting request, with the service’s code', async () => {
    const gate = deferred<void>()
    let calls = 0
    const { services, clock } = cluster(2, {
      refresh: async () => {
        calls += 1
        await gate.promise
        return failure(401, 'E061005')
      },
    })
    const refreshJwt = refreshToken(key)
    const failures = Promise.all(
      services.map((service) =>
        service.sessions.refreshSession(refreshJwt).catch((e: unknown) => e),
      ),
    )
    await flush()
    gate.resolve()
    for (const error of await settled(failures, clock)) {
      expect(error).toMatchObject({
        name: 'ServiceError',
        status: 401,
        errorCode: 'E061005',
        errorDescription: 'd',
        errorMessage: 'm',
      })
    }
    expect(calls).toBe(1)
  })

  test('a refresh with an unexpected error signs no user in and none out', async () => {
    const service = createTestService({
      keySet,
      refresh: () => Promise.reject(new Error('unexpected')),
    })
    expect(await service.sessions.authenticate({ refreshJwt: refreshToken(key) })).toMatchObject({
      status: 'unavailable',
    })
  })
})

describe('the tokens of a refresh are verified', () => {
  test.each<[string, SessionTokens]>([
    ['a session of another user', { sessionJwt: sessionToken(key, { claims: { sub: 'U2eve' } }) }],
    ['a session signed by another key', { sessionJwt: sessionToken(other) }],
    ['an expired session', { sessionJwt: expired() }],
    ['a refresh token for a session', { sessionJwt: refreshToken(key) }],
    ['nothing', { sessionJwt: '' }],
    [
      'a refresh token of another user',
      {
        sessionJwt: sessionToken(key),
        refreshJwt: refreshToken(key, { claims: { sub: 'U2eve' } }),
      },
    ],
    [
      'a session token for a refresh token',
      { sessionJwt: sessionToken(key), refreshJwt: sessionToken(key) },
    ],
  ])('%s: no session, and the cookies are kept', async (_what, tokens) => {
    const service = createTestService({ keySet, refresh: async () => success(tokens) })
    const refreshJwt = refreshToken(key, { claims: { jti: '1' } })
    expect(await service.sessions.authenticate({ refreshJwt })).toMatchObject({
      status: 'unavailable',
      what: 'refresh',
    })
    await expect(service.sessions.refreshSession(refreshJwt)).rejects.toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
      mayHaveBeenProcessed: true,
      cause: { name: 'TokenError' },
    })
  })

  test('the tokens of two users are not combined: there is no request', async () => {
    const service = createTestService({ keySet })
    const presented = {
      sessionJwt: expired({ sub: 'U2eve' }),
      refreshJwt: refreshToken(key),
    }
    expect(await service.sessions.authenticate(presented)).toEqual({
      status: 'signed-out',
      reason: 'different-users',
    })
    await expect(
      service.sessions.validateAndRefreshSession(presented.sessionJwt, presented.refreshJwt),
    ).rejects.toMatchObject({ code: 'ERR_TOKEN_CLAIM', claim: 'sub' })
    expect(service.calls.refresh).toBe(0)
  })

  test('without rotation the refresh token stays; with it, the new one is returned', async () => {
    const refreshJwt = refreshToken(key, { claims: { jti: '1' } })
    const next = refreshToken(key, { claims: { jti: '2' } })
    const sessionJwt = sessionToken(key)
    for (const [given, expected] of [
      [undefined, refreshJwt],
      ['', refreshJwt],
      [next, next],
    ] as const) {
      const service = createTestService({
        keySet,
        refresh: async () =>
          success({ sessionJwt, ...(given === undefined ? {} : { refreshJwt: given }) }),
      })
      const refreshed = await service.sessions.refreshSession(refreshJwt)
      expect(refreshed).toMatchObject({ jwt: sessionJwt, refreshJwt: expected })
      expect(refreshed.sessionExpiresAt).toBe(startTime + 600 * second)
      expect(refreshed.refreshExpiresAt).toBe(startTime + 28 * 86_400 * second)
      expect(JSON.stringify(refreshed)).not.toContain(sessionJwt)
    }
  })
})

describe('when a refresh is tried', () => {
  const refreshJwt = refreshToken(key)
  const good = sessionToken(key)
  test.each<[string, string | undefined, string]>([
    ['absent', undefined, 'refreshed'],
    ['empty', '', 'refreshed'],
    ['expired', expired(), 'refreshed'],
    ['good', good, 'presented'],
    ['forged', sessionToken(other), 'invalid'],
    ['expired and forged', sessionToken(other, {}, startTime - 3_600_000), 'invalid'],
    ['expired and of the other kind', expired({ drn: 'DSR' }), 'invalid'],
    ['garbage', 'garbage', 'invalid'],
  ])('session token %s', async (_what, sessionJwt, expected) => {
    const service = createTestService({
      keySet,
      refresh: async () => success({ sessionJwt: good }),
    })
    const outcome = await service.sessions.authenticate({ sessionJwt, refreshJwt })
    expect(outcome.status === 'signed-in' ? outcome.source : Reflect.get(outcome, 'reason')).toBe(
      expected,
    )
    expect(service.calls.refresh).toBe(expected === 'refreshed' ? 1 : 0)
    const validated = service.sessions.validateAndRefreshSession(sessionJwt, refreshJwt)
    if (expected === 'invalid') await expect(validated).rejects.toThrow()
    else await expect(validated).resolves.toMatchObject({ jwt: good })
  })

  test('a session token of another project counts as absent', async () => {
    const service = createTestService({
      keySet,
      refresh: async () => success({ sessionJwt: good }),
    })
    const sessionJwt = expired({ iss: 'P2other' })
    expect(await service.sessions.authenticate({ sessionJwt, refreshJwt })).toMatchObject({
      source: 'refreshed',
    })
    expect(await service.sessions.authenticate({ sessionJwt })).toEqual({
      status: 'signed-out',
      reason: 'other-project',
    })
    const validated = service.sessions.validateAndRefreshSession(sessionJwt, refreshJwt)
    await expect(validated).rejects.toMatchObject({ code: 'ERR_TOKEN_CLAIM', claim: 'iss' })
  })

  test.each<[string, string | undefined, string | undefined, string]>([
    ['nothing at all', undefined, undefined, 'no-session'],
    ['an expired session alone', expired(), undefined, 'expired'],
    [
      'an expired refresh token',
      undefined,
      refreshToken(key, { claims: { exp: 1, iat: 1 } }),
      'expired',
    ],
    ['a forged refresh token', undefined, refreshToken(other), 'invalid'],
    ['a garbage refresh token', undefined, 'x\r\ny', 'invalid'],
  ])('%s: there is no request', async (_what, sessionJwt, refreshJwt, reason) => {
    const service = createTestService({ keySet })
    expect(await service.sessions.authenticate({ sessionJwt, refreshJwt })).toEqual({
      status: 'signed-out',
      reason,
    })
    await expect(
      service.sessions.validateAndRefreshSession(sessionJwt, refreshJwt),
    ).rejects.toMatchObject({ name: 'TokenError' })
    expect(service.calls.refresh).toBe(0)
  })
})

describe('T-65 what a rejection reveals', () => {
  test('expired, forged and missing differ only in a short reason', async () => {
    const service = createTestService({ keySet })
    for (const jwt of [undefined, expired(), sessionToken(other), 'x'.repeat(20_000)]) {
      const error: unknown = await service.sessions
        .validateSession(jwt as string)
        .catch((e: unknown) => e)
      expect(error).toMatchObject({ name: 'TokenError' })
      const { message } = error as Error
      expect(message.length).toBeLessThan(120)
      expect(message).not.toMatch(/jose|crypto|node|[A-Za-z0-9_-]{21,}/)
      expect((error as Error).cause).toBeUndefined()
    }
  })
})
