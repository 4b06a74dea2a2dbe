import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import {
  collectGarbage,
  createTestClock,
  deferred,
  flush,
  makeKey,
  projectId,
  sessionToken,
  startTime,
  type TestKey,
} from '@linkpass/testing'
import { mutatedToken } from '@linkpass/testing/mutated-token'
import { KeySetError } from '../../src/errors.ts'
import { createTestService, makeKnown, type TestService } from '../session/service.ts'

// Signing with them is quick, and these tests sign much.
const K1 = makeKey('K1', 'ES256')
const K2 = makeKey('K2', 'ES256')
const otherKey = makeKey('K1', 'ES256')
const second = 1000
const minute = 60 * second
const hour = 60 * minute

function tokenAt(service: TestService, key: TestKey = K1, parts = {}): string {
  return sessionToken(key, parts, service.clock.now())
}

async function statusOf(service: TestService, sessionJwt: string): Promise<string> {
  const outcome = await service.sessions.authenticate({ sessionJwt })
  return outcome.status === 'signed-out' ? outcome.reason : outcome.status
}

/** A key endpoint whose behaviour can be set. */
function endpoint(...keys: TestKey[]) {
  const state = { keys, isDown: false }
  return {
    state,
    keySet: () => {
      if (state.isDown) throw new Error('503')
      return { keys: state.keys.map((key) => key.jwk) }
    },
  }
}

describe('T-08 and R-04: a flood of unknown key ids', () => {
  test('a thousand at once and three hundred in a row cause three fetches in all', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    await service.sessions.warmUp()
    const flood = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) =>
        tokenAt(service, { ...otherKey, kid: `x${from + index}` }),
      )
    const together = await Promise.all(flood(1000, 0).map((jwt) => statusOf(service, jwt)))
    expect(new Set(together)).toEqual(new Set(['invalid', 'unavailable']))
    expect(service.calls.keys).toBe(2)
    for (const jwt of flood(300, 1000)) {
      service.clock.advance(10)
      expect(await statusOf(service, jwt)).toBe('unavailable')
      expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
    }
    expect(service.calls.keys).toBe(2)
    service.clock.advance(10 * second)
    expect(await statusOf(service, flood(1, 2000)[0]!)).toBe('invalid')
    expect(service.calls.keys).toBe(3)
  })

  test('cold, a thousand unknown ids at once cause two', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    const tokens = Array.from({ length: 1000 }, (_, index) =>
      tokenAt(service, { ...otherKey, kid: `x${index}` }),
    )
    const statuses = await Promise.all(tokens.map((jwt) => statusOf(service, jwt)))
    expect(new Set(statuses)).toEqual(new Set(['invalid']))
    expect(service.calls.keys).toBeLessThanOrEqual(2)
  })

  test('fifty in parallel for ten seconds: two fetches, and valid requests do not wait', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    await service.sessions.warmUp()
    const good = tokenAt(service)
    const before = service.calls.keys
    await service.sessions.authenticate({ sessionJwt: good })
    for (let step = 0; step < 100; step += 1) {
      const bad = Array.from({ length: 50 }, (_, index) =>
        tokenAt(service, { ...otherKey, kid: `y${step}-${index}` }),
      )
      const pending = bad.map((jwt) => statusOf(service, jwt))
      // Not a promise: the flood has no part in it.
      expect(service.sessions.authenticate({ sessionJwt: good })).toMatchObject({
        status: 'signed-in',
      })
      await Promise.all(pending)
      service.clock.advance(99)
    }
    expect(service.calls.keys - before).toBeLessThanOrEqual(2)
  })
})

describe('T-21 a cool-down used against a real new key', () => {
  test('an invented id just before a rotation does not delay the new key', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    service.clock.advance(minute)
    await statusOf(service, tokenAt(service, { ...otherKey, kid: 'made-up' }))
    state.keys = [K1, K2]
    service.clock.advance(10)
    expect(await statusOf(service, tokenAt(service, K2))).toBe('signed-in')
  })

  test('under a flood the new key is found within ten seconds', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    await statusOf(service, tokenAt(service, { ...otherKey, kid: 'x' }))
    state.keys = [K1, K2]
    let waited = 0
    while ((await statusOf(service, tokenAt(service, K2))) !== 'signed-in') {
      service.clock.advance(second)
      waited += second
      await statusOf(service, tokenAt(service, { ...otherKey, kid: `x${waited}` }))
    }
    expect(waited).toBeLessThanOrEqual(10 * second)
  })

  test('made-up ids that use up the refreshes sign no user of a new key out', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    service.clock.advance(minute)
    for (const kid of ['made-up-1', 'made-up-2']) {
      expect(await statusOf(service, tokenAt(service, { ...otherKey, kid }))).toBe('invalid')
    }
    state.keys = [K1, K2]
    expect(await statusOf(service, tokenAt(service, K2))).toBe('unavailable')
    service.clock.advance(10 * second)
    expect(await statusOf(service, tokenAt(service, K2))).toBe('signed-in')
  })

  test('a refresh that failed rejects no token, however recent the known keys are', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    state.isDown = true
    expect(await statusOf(service, tokenAt(service, K2))).toBe('unavailable')
  })

  test('the id of a token that came too early is accepted half a minute later', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    expect(await statusOf(service, tokenAt(service, K2))).toBe('invalid')
    state.keys = [K1, K2]
    service.clock.advance(30 * second)
    expect(await statusOf(service, tokenAt(service, K2))).toBe('signed-in')
  })

  test('a key published during a fetch is found by a second one', async () => {
    const first = deferred<unknown>()
    const service = createTestService({
      keySet: (_signal, call) => (call === 1 ? first.promise : { keys: [K1.jwk, K2.jwk] }),
    })
    const warm = service.sessions.warmUp()
    const late = statusOf(service, tokenAt(service, K2))
    first.resolve({ keys: [K1.jwk] })
    await warm
    expect(await late).toBe('signed-in')
    expect(service.calls.keys).toBe(2)
  })
})

describe('T-22 and R-02: the key server is down for an hour', () => {
  test.each(['fails', 'returns garbage', 'returns no keys', 'hangs'])(
    'it %s: every valid session accepted, every forged one rejected, few attempts',
    async (how) => {
      let isDown = false
      const warnings: string[] = []
      const logger = { debug: () => {}, warn: (line: string) => void warnings.push(line) }
      const service = createTestService({
        logger,
        keySet: (signal) => {
          if (!isDown) return { keys: [K1.jwk] }
          if (how === 'returns garbage') return '<html>'
          if (how === 'returns no keys') return { keys: [] }
          if (how === 'fails') throw new Error('503')
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('aborted')))
          })
        },
      })
      await service.sessions.warmUp()
      isDown = true
      const claims = { exp: startTime / 1000 + 7200 }
      const valid = tokenAt(service, K1, { claims })
      const bad = tokenAt(service, otherKey, { claims })
      const unnamed = tokenAt(service, { ...otherKey, kid: 'x' }, { claims })
      for (let time = 0; time < hour; time += 2 * second) {
        service.clock.advance(2 * second)
        const good = statusOf(service, valid)
        const forged = statusOf(service, bad)
        const unknown = statusOf(service, unnamed)
        // One that hangs is waited for by whoever has no choice, for five seconds.
        if (service.clock.sleepers > 0) {
          await flush()
          service.clock.advance(5 * second)
        }
        expect(await good).toBe('signed-in')
        expect(await forged).toBe('invalid')
        expect(['invalid', 'unavailable']).toContain(await unknown)
      }
      expect(service.calls.keys).toBeLessThanOrEqual(130)
      expect(warnings).toEqual([
        'linkpass: the key set could not be refreshed; the known keys stay in use',
      ])
      isDown = false
      service.clock.advance(minute)
      await statusOf(service, tokenAt(service))
      await flush()
      expect(warnings.at(-1)).toMatch(/fresh again after \d+ failed attempts$/)
      expect(service.clock.sleepers).toBe(0)
    },
  )

  test('an unknown id is undecided while the keys are old', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    state.isDown = true
    service.clock.advance(31 * second)
    expect(await statusOf(service, tokenAt(service, K2))).toBe('unavailable')
  })

  test('after a day without a response the last valid keys are no longer used', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    state.isDown = true
    service.clock.advance(24 * hour - 1)
    expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
    service.clock.advance(minute)
    expect(await statusOf(service, tokenAt(service))).toBe('unavailable')
    // warmUp must fail too, so that no link is redeemed without keys.
    await expect(service.sessions.warmUp()).rejects.toThrow(KeySetError)
    state.isDown = false
    service.clock.advance(minute)
    expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
  })

  test('in a long outage, no request waits for the attempts', async () => {
    let hangs = false
    const service = createTestService({
      keySet: () => (hangs ? new Promise(() => {}) : { keys: [K1.jwk] }),
    })
    await service.sessions.warmUp()
    hangs = true
    service.clock.advance(10 * minute)
    const waiting = service.sessions.authenticate({ sessionJwt: tokenAt(service) })
    expect(waiting).toBeInstanceOf(Promise)
    await flush()
    service.clock.advance(5 * second)
    expect(await waiting).toMatchObject({ status: 'signed-in' })
    service.clock.advance(minute)
    const next = service.sessions.authenticate({ sessionJwt: tokenAt(service) })
    expect(next).toMatchObject({ status: 'signed-in' })
    expect(service.clock.sleepers).toBe(1)
    service.sessions.close()
    await flush()
    expect(service.clock.sleepers).toBe(0)
  })
})

describe('T-23 the key server is down at the start', () => {
  test('no token is accepted, rejected or cleared, attempts are few, and it recovers in ten seconds', async () => {
    const { state, keySet } = endpoint(K1)
    state.isDown = true
    const service = createTestService({ keySet })
    await expect(service.sessions.warmUp()).rejects.toMatchObject({
      code: 'ERR_KEY_SET_UNAVAILABLE',
    })
    for (let time = 0; time < 10 * minute; time += 500) {
      service.clock.advance(500)
      expect(await statusOf(service, tokenAt(service))).toBe('unavailable')
    }
    expect(service.calls.keys).toBeLessThan(200)
    const error = await service.sessions.validateSession(tokenAt(service)).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(KeySetError)
    expect((error as KeySetError).retryAfterSeconds).toBeGreaterThanOrEqual(1)
    expect((error as KeySetError).retryAfterSeconds).toBeLessThanOrEqual(5)
    state.isDown = false
    let waited = 0
    while ((await statusOf(service, tokenAt(service))) !== 'signed-in') {
      service.clock.advance(500)
      waited += 500
    }
    expect(waited).toBeLessThanOrEqual(10 * second)
  })

  test('a malformed token is still rejected, since no key would make it valid', async () => {
    const { state, keySet } = endpoint(K1)
    state.isDown = true
    const service = createTestService({ keySet })
    expect(await statusOf(service, 'not.a.token')).toBe('invalid')
    expect(service.calls.keys).toBe(0)
  })
})

describe('T-24 a poisoned key set', () => {
  test('invalid members are ignored', async () => {
    const service = createTestService({
      keySet: () => ({
        keys: [null, 7, 'x', [], {}, { kty: 'oct', k: 'AA', kid: 'K1' }, { kty: 'RSA', kid: 'z' }]
          .concat([
            { ...otherKey.jwk, use: 'enc' },
            { ...K2.jwk, x: 'AQ' },
          ] as never[])
          .concat([K1.jwk] as never[]),
      }),
    })
    expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
    expect(await statusOf(service, tokenAt(service, K2))).toBe('invalid')
  })

  test.each([{ keys: [] }, {}, null, [], 'x', { keys: [{ ...K1.jwk, x: 'AQAB' }] }])(
    'a response without a usable key is a failed refresh: %j',
    async (response) => {
      let isBroken = false
      const service = createTestService({
        keySet: () => (isBroken ? response : { keys: [K1.jwk] }),
      })
      await service.sessions.warmUp()
      isBroken = true
      service.clock.advance(11 * minute)
      expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
      expect(service.calls.keys).toBe(2)
    },
  )

  test('an id that two keys share verifies for neither, and signs no user out', async () => {
    const { state, keySet } = endpoint(K1, otherKey, K2)
    const service = createTestService({ keySet })
    expect(await statusOf(service, tokenAt(service, K1))).toBe('unavailable')
    expect(await statusOf(service, tokenAt(service, otherKey))).toBe('unavailable')
    expect(await statusOf(service, tokenAt(service, K2))).toBe('signed-in')
    state.keys = [K1, K2]
    service.clock.advance(10 * second)
    expect(await statusOf(service, tokenAt(service, K1))).toBe('signed-in')
    expect(await statusOf(service, tokenAt(service, otherKey))).toBe('invalid')
  })
})

describe('T-25 a slow key server', () => {
  test('an attempt ends after five seconds, and its request is aborted', async () => {
    let signalled: AbortSignal | undefined
    const service = createTestService({
      keySet: (signal) => {
        signalled = signal
        return new Promise(() => {})
      },
    })
    const status = statusOf(service, tokenAt(service))
    await flush()
    service.clock.advance(4999)
    await flush()
    expect(signalled?.aborted).toBe(false)
    service.clock.advance(1)
    expect(await status).toBe('unavailable')
    expect(signalled?.aborted).toBe(true)
  })
})

describe('T-26 the cache of verified tokens', () => {
  test('a token seen before is rejected once it has expired', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    const jwt = tokenAt(service, K1, { claims: { exp: startTime / 1000 + 30 } })
    await makeKnown(service, jwt)
    service.clock.advance(34 * second)
    expect(await statusOf(service, jwt)).toBe('signed-in')
    service.clock.advance(second)
    expect(await statusOf(service, jwt)).toBe('expired')
  })

  test('the payload of a token seen before is rejected with another signature', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    const jwt = tokenAt(service)
    await makeKnown(service, jwt)
    const at = jwt.lastIndexOf('.') + 20
    const flipped = jwt[at] === 'A' ? 'B' : 'A'
    expect(await statusOf(service, jwt.slice(0, at) + flipped + jwt.slice(at + 1))).toBe('invalid')
  })

  test('the signature of a token seen before is rejected with another payload', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    const jwt = tokenAt(service)
    await makeKnown(service, jwt)
    const other = tokenAt(service, K1, { claims: { sub: 'U2eve' } })
    const mixed = other.slice(0, other.lastIndexOf('.')) + jwt.slice(jwt.lastIndexOf('.'))
    expect(await statusOf(service, mixed)).toBe('invalid')
  })

  test('a token seen before is rejected once its key has left the set', async () => {
    const { state, keySet } = endpoint(K1, K2)
    const service = createTestService({ keySet })
    const jwt = tokenAt(service, K1, { claims: { exp: startTime / 1000 + 3600 } })
    await makeKnown(service, jwt)
    state.keys = [K2]
    service.clock.advance(5 * minute)
    await statusOf(service, jwt)
    await flush()
    expect(await statusOf(service, jwt)).toBe('invalid')
  })

  test.each([
    // Two refreshes have just been made, so the service is not asked for it once more.
    ['has left the set', [K2], 'unavailable'],
    ['has another meaning', [K2, otherKey], 'invalid'],
  ])(
    'a token seen a moment ago is not accepted when its key id %s',
    async (_what, keys, status) => {
      const { state, keySet } = endpoint(K1)
      const service = createTestService({ keySet })
      const jwt = tokenAt(service)
      await makeKnown(service, jwt)
      state.keys = keys
      // A new key causes a refresh, long before the old set would have been refreshed.
      expect(await statusOf(service, tokenAt(service, K2))).toBe('signed-in')
      expect(await statusOf(service, jwt)).toBe(status)
    },
  )

  test('a token seen before is rejected once its id means another key', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    const jwt = tokenAt(service, K1, { claims: { exp: startTime / 1000 + 3600 } })
    await makeKnown(service, jwt)
    state.keys = [otherKey]
    service.clock.advance(11 * minute)
    expect(await statusOf(service, jwt)).toBe('invalid')
  })
})

describe('T-27 memory', () => {
  test('neither invalid tokens nor invented ids are kept, nor do they displace valid tokens', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet, cache: { maxEntries: 4 } })
    const good = tokenAt(service)
    const known = await makeKnown(service, good)
    for (let seed = 0; seed < 500; seed += 1) {
      await statusOf(service, mutatedToken(seed, projectId))
      await statusOf(service, tokenAt(service, otherKey, { claims: { sub: `U${seed}` } }))
    }
    expect(service.sessions.authenticate({ sessionJwt: good })).toBe(known)
  })

  test('a forged token with the signature of a valid one does not make that one known', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    const good = tokenAt(service)
    const other = tokenAt(service, K1, { claims: { sub: 'U2eve' } })
    const forged = other.slice(0, other.lastIndexOf('.')) + good.slice(good.lastIndexOf('.'))
    for (let count = 0; count < 3; count += 1) {
      expect(await statusOf(service, forged)).toBe('invalid')
    }
    const first = await service.sessions.authenticate({ sessionJwt: good })
    expect(service.sessions.authenticate({ sessionJwt: good })).not.toBe(first)
  })

  test('the view of a token is kept from its second use on, and not before', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    await service.sessions.warmUp()
    const show = (sessionJwt: string) => service.sessions.authenticate({ sessionJwt })
    const tokens = Array.from({ length: 50 }, (_, n) =>
      tokenAt(service, K1, { claims: { sub: `U${n}` } }),
    )
    const views = tokens.map((jwt) => new WeakRef(show(jwt)))
    const again = tokens.map((jwt) => new WeakRef(show(jwt)))
    const isAlive = (view: WeakRef<object>) => view.deref() !== undefined
    await flush()
    collectGarbage()
    // The last may still lie on the stack.
    expect(views.filter(isAlive).length).toBeLessThan(2)
    expect(again.every(isAlive)).toBe(true)
  })

  test('a token in use is not verified again before it expires', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    const sessionJwt = tokenAt(service, K1)
    const known = await makeKnown(service, sessionJwt)
    for (let second = 30; second < 600; second += 30) {
      service.clock.advance(30_000)
      await flush()
      expect(service.sessions.authenticate({ sessionJwt })).toBe(known)
    }
  })
})

describe('T-28 two projects', () => {
  test('a token of one is rejected by the other, though their keys have the same id', async () => {
    const one = createTestService({ keySet: endpoint(K1).keySet })
    const other = createTestService({ keySet: endpoint(otherKey).keySet })
    const jwt = tokenAt(one)
    expect(await statusOf(one, jwt)).toBe('signed-in')
    expect(await statusOf(other, jwt)).toBe('invalid')
  })
})

describe('R-03 a rotation under traffic', () => {
  test('ten thousand mixed requests: no valid one rejected, and few fetches', async () => {
    const { state, keySet } = endpoint(K1)
    const service = createTestService({ keySet })
    const old = Array.from({ length: 20 }, (_, n) =>
      tokenAt(service, K1, { claims: { sub: `U${n}`, exp: startTime / 1000 + 7200 } }),
    )
    const fresh = Array.from({ length: 20 }, (_, n) =>
      tokenAt(service, K2, { claims: { sub: `U${n}`, exp: startTime / 1000 + 7200 } }),
    )
    for (let index = 0; index < 10_000; index += 1) {
      service.clock.advance(1)
      if (index === 5000) state.keys = [K1, K2]
      const tokens = index >= 5000 && index % 2 === 0 ? fresh : old
      expect(await statusOf(service, tokens[index % 20]!)).toBe('signed-in')
    }
    expect(service.calls.keys).toBeLessThanOrEqual(4)
    state.keys = [K2]
    let refusedAfter = 0
    while ((await statusOf(service, old[0]!)) === 'signed-in') {
      service.clock.advance(10 * second)
      refusedAfter += 10 * second
    }
    expect(refusedAfter).toBeLessThanOrEqual(10 * minute)
    expect(await statusOf(service, fresh[0]!)).toBe('signed-in')
  })
})

describe('R-05 a slow start', () => {
  test('a thousand requests before the first response: one fetch, all accepted', async () => {
    const response = deferred<unknown>()
    const service = createTestService({ keySet: () => response.promise })
    const statuses = Array.from({ length: 1000 }, (_, n) =>
      statusOf(service, tokenAt(service, K1, { claims: { sub: `U${n % 40}` } })),
    )
    await flush()
    response.resolve({ keys: [K1.jwk] })
    expect(new Set(await Promise.all(statuses))).toEqual(new Set(['signed-in']))
    expect(service.calls.keys).toBe(1)
  })
})

describe('R-11 a wall clock that jumps', () => {
  const day = 24 * hour
  const until = (year: number) => Date.UTC(year, 0, 20) - startTime
  test.each([hour, -hour, day, -day, until(2038), until(2100)])('by %d ms', async (jump) => {
    const clock = createTestClock()
    const service = createTestService({ keySet: endpoint(K1).keySet, clock })
    const before = tokenAt(service)
    expect(await statusOf(service, before)).toBe('signed-in')
    clock.jump(jump)
    expect(await statusOf(service, before)).toBe(jump > 0 ? 'expired' : 'not-yet-valid')
    expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
    clock.jump(-jump)
    expect(await statusOf(service, before)).toBe('signed-in')
    expect(service.calls.keys).toBe(1)
  })
})

describe('R-10 a day', () => {
  test('with a rotation every six hours and an outage every four: no false decision', async () => {
    const { state, keySet } = endpoint(K1, K2)
    const service = createTestService({ keySet })
    await service.sessions.warmUp()
    for (let time = 0; time < 24 * 60; time += 1) {
      service.clock.advance(minute)
      const isRotation = time % 360 === 0
      if (isRotation) state.keys = [state.keys[1]!, makeKey(`R${time}`, 'ES256')]
      // An hour each, and never across a rotation, when the new key could not be known.
      state.isDown = time % 240 >= 120 && time % 240 < 180
      const signer = state.isDown ? state.keys[0]! : state.keys[time % 2]!
      expect(await statusOf(service, tokenAt(service, signer))).toBe('signed-in')
      expect(await statusOf(service, tokenAt(service, { ...otherKey, kid: signer.kid }))).toBe(
        'invalid',
      )
      const old = tokenAt(service, signer, { claims: { iat: 1, exp: 2 } })
      expect(await statusOf(service, old)).toBe('expired')
    }
    await flush()
    expect(service.clock.sleepers).toBe(0)
    expect(service.calls.keys).toBeLessThan(24 * 12 + 6 * 130)
  })
})

describe('the publicKey option', () => {
  test.each([
    ['a JWK', K1.jwk],
    ['a JWKS', { keys: [K1.jwk] }],
    ['the JSON of one', JSON.stringify(K1.jwk)],
    ['the JSON of a set', JSON.stringify({ keys: [K2.jwk, K1.jwk] })],
  ])('%s: nothing is fetched, and the first result is synchronous', async (_what, publicKey) => {
    const service = createTestService({ publicKey })
    await service.sessions.warmUp()
    expect(service.sessions.authenticate({ sessionJwt: tokenAt(service) })).toMatchObject({
      status: 'signed-in',
    })
    const unknown = tokenAt(service, { ...otherKey, kid: 'x' })
    expect(await statusOf(service, unknown)).toBe('invalid')
    expect(service.calls.keys).toBe(0)
    service.sessions.close()
  })

  test.each(['', '{', 'null', '7', '{}', '{"keys":[]}', JSON.stringify({ ...K1.jwk, use: 'enc' })])(
    '%j is rejected at creation',
    (publicKey) => {
      expect(() => createTestService({ publicKey })).toThrow(/publicKey must be/)
    },
  )
})

describe('the events of an outage', () => {
  test('report every failed attempt and the end, despite a broken logger', async () => {
    const { state, keySet } = endpoint(K1)
    const events: unknown[] = []
    const listen = (message: unknown) => void events.push(message)
    subscribe('linkpass:keys:stale', listen)
    subscribe('linkpass:keys:fresh', listen)
    const fail = () => {
      throw new Error('broken')
    }
    const service = createTestService({ keySet, logger: { debug: fail, warn: fail } })
    state.isDown = true
    await statusOf(service, tokenAt(service))
    state.isDown = false
    service.clock.advance(second)
    await statusOf(service, tokenAt(service))
    state.isDown = true
    service.clock.advance(11 * minute)
    expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
    unsubscribe('linkpass:keys:stale', listen)
    unsubscribe('linkpass:keys:fresh', listen)
    expect(events).toEqual([{ failures: 1 }, { failures: 1 }, { failures: 1, ageMs: 11 * minute }])
  })
})

describe('warming up and closing', () => {
  test('a client that was warmed up decides its first request at once', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    await service.sessions.warmUp()
    await service.sessions.warmUp()
    expect(service.calls.keys).toBe(1)
    expect(service.sessions.authenticate({ sessionJwt: tokenAt(service) })).toMatchObject({
      status: 'signed-in',
    })
    service.clock.advance(6 * minute)
    await service.sessions.warmUp()
    expect(service.calls.keys).toBe(2)
  })

  test('after closing, known keys stay in use and none are fetched', async () => {
    const service = createTestService({ keySet: endpoint(K1).keySet })
    await service.sessions.warmUp()
    service.sessions.close()
    service.clock.advance(hour)
    expect(await statusOf(service, tokenAt(service))).toBe('signed-in')
    expect(await statusOf(service, tokenAt(service, K2))).toBe('unavailable')
    expect(service.calls.keys).toBe(1)
  })

  test('closing ends a wait for keys', async () => {
    const service = createTestService({ keySet: () => new Promise(() => {}) })
    const status = statusOf(service, tokenAt(service))
    await flush()
    service.sessions.close()
    expect(await status).toBe('unavailable')
    expect(service.clock.sleepers).toBe(0)
  })
})
