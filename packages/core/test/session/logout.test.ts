import { describe, expect, test } from 'vitest'
import {
  createTestClock,
  deferred,
  flush,
  makeKey,
  refreshToken,
  sessionToken,
  startTime,
  wrapStore,
} from '@linkpass/testing'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { createTestService, makeKnown, type TestServiceOptions } from './service.ts'

const key = makeKey('K1', 'ES256')
const second = 1000
const deny = { revocation: { onStoreError: 'deny' } } as const
const allow = { revocation: { onStoreError: 'allow' } } as const

function create(options: TestServiceOptions = {}) {
  const clock = options.clock ?? createTestClock()
  const fresh = () => sessionToken(key, {}, clock.now())
  return createTestService({
    keySet: () => ({ keys: [key.jwk] }),
    refresh: async () => ({ ok: true, code: 200, data: { sessionJwt: fresh() } }),
    clock,
    ...options,
  })
}

/** A store that can be cut off. */
function breakable(clock = createTestClock()) {
  const inner = memoryStore({ clock })
  const state = { how: 'works' as 'works' | 'rejects' | 'throws' | 'hangs', operations: 0 }
  function run<T>(operation: () => Promise<T>, name: string): Promise<T> {
    // Reading the log is no part of a request.
    if (name !== 'readFrom' && name !== 'append') state.operations += 1
    if (state.how === 'throws') throw new Error('down')
    if (state.how === 'rejects') return Promise.reject(new Error('down'))
    return state.how === 'hangs' ? new Promise(() => {}) : operation()
  }
  return { clock, store: wrapStore(inner, run), state }
}

describe('T-61 a session that comes back after logout', () => {
  test('recordOf says what ended a refresh token, and nothing of one that is not acceptable', async () => {
    const { store, state } = breakable()
    const { sessions } = create({ store })
    const [live, out, replaced, old] = ['1', '2', '3', '4'].map((jti) =>
      refreshToken(key, { claims: { jti, ...(jti === '4' && { sub: 'U2eve' }) } }),
    )
    await sessions.recordLogout(out)
    await sessions.recordReplaced(replaced ?? '')
    await sessions.revokeUser('U2eve')
    const found = [live, out, replaced, old, sessionToken(key), 'no token'].map((jwt) =>
      sessions.recordOf(jwt ?? ''),
    )
    expect(await Promise.all(found)).toEqual([
      ...['nothing', 'logout', 'replaced', 'logout', 'nothing', 'nothing'],
    ])
    state.how = 'rejects'
    await expect(sessions.recordOf(live ?? '')).rejects.toMatchObject({ name: 'StoreError' })
  })

  test('recordOf says that a refresh has rotated a token, unless it has ended as well', async () => {
    const clock = createTestClock()
    const next = refreshToken(key, { claims: { jti: 'next' } })
    const data = { sessionJwt: sessionToken(key, {}, clock.now()), refreshJwt: next }
    const { sessions } = create({ clock, refresh: async () => ({ ok: true, code: 200, data }) })
    const [one, other] = ['1', '2'].map((jti) => refreshToken(key, { claims: { jti } }))
    for (const jwt of [one, other]) await sessions.refreshSession(jwt ?? '')
    await sessions.recordLogout(other)
    const found = [one, other].map((jwt) => sessions.recordOf(jwt ?? ''))
    expect(await Promise.all(found)).toEqual(['rotated', 'logout'])
  })

  test('a refresh that is running during the logout returns no session to any request', async () => {
    const gate = deferred<void>()
    const service = create({
      refresh: async () => {
        await gate.promise
        return { ok: true, code: 200, data: { sessionJwt: sessionToken(key) } }
      },
    })
    const refreshJwt = refreshToken(key)
    const waiting = Array.from({ length: 3 }, async () =>
      service.sessions.authenticate({ refreshJwt }),
    )
    await flush()
    await service.sessions.recordLogout(refreshJwt)
    gate.resolve()
    for (const outcome of await Promise.all(waiting)) {
      expect(outcome).toEqual({ status: 'signed-out', reason: 'revoked' })
    }
  })

  test.each(['the old', 'the new'])(
    'the result is not returned again once %s refresh token was logged out',
    async (which) => {
      const old = refreshToken(key, { claims: { jti: '1' } })
      const next = refreshToken(key, { claims: { jti: '2' } })
      const service = create({
        refresh: async () => ({
          ok: true,
          code: 200,
          data: { sessionJwt: sessionToken(key), refreshJwt: next },
        }),
      })
      await service.sessions.refreshSession(old)
      await service.sessions.recordLogout(which === 'the old' ? old : next)
      await expect(service.sessions.refreshSession(old)).rejects.toMatchObject({
        code: 'ERR_TOKEN_REVOKED',
      })
      expect(service.calls.refresh).toBe(1)
    },
  )

  test.each(['the old', 'the new'])(
    'a running refresh returns no session when %s of its tokens is logged out',
    async (which) => {
      const old = refreshToken(key, { claims: { jti: '1' } })
      const next = refreshToken(key, { claims: { jti: '2' } })
      const gate = deferred<void>()
      const refresh: TestServiceOptions['refresh'] = async () => {
        await gate.promise
        const data = { sessionJwt: sessionToken(key, {}, service.clock.now()), refreshJwt: next }
        return { ok: true, code: 200, data }
      }
      const service = create({ refresh })
      const waiting = service.sessions.authenticate({ refreshJwt: old })
      await flush()
      // The lock ends before the response, so that another instance may have the new tokens already.
      service.clock.advance(which === 'the old' ? 0 : 11 * second)
      await service.sessions.recordLogout(which === 'the old' ? old : next)
      gate.resolve()
      expect(await waiting).toEqual({ status: 'signed-out', reason: 'revoked' })
    },
  )

  test('another signature of a logged-out token is the same token', async () => {
    const service = create()
    const refreshJwt = refreshToken(key)
    await service.sessions.recordLogout(refreshJwt)
    const twin = otherSignature(refreshJwt)
    expect(twin).not.toBe(refreshJwt)
    expect(await service.sessions.authenticate({ refreshJwt: twin })).toMatchObject({
      reason: 'revoked',
    })
  })

  test('a logout everywhere ends refreshes with other tokens too', async () => {
    const service = create()
    const refreshJwt = refreshToken(key)
    await service.sessions.recordLogoutAll(refreshToken(key, { claims: { jti: 'elsewhere' } }))
    expect(await service.sessions.authenticate({ refreshJwt })).toMatchObject({ reason: 'revoked' })
  })

  test('a logout whose token cannot be verified fails, and is not ignored', async () => {
    const service = create({ keySet: () => Promise.reject(new Error('503')) })
    for (const record of [
      service.sessions.recordLogout(refreshToken(key)),
      service.sessions.recordLogoutAll(refreshToken(key)),
    ]) {
      await expect(record).rejects.toMatchObject({ code: 'ERR_KEY_SET_UNAVAILABLE' })
    }
  })

  test('a logout whose token is not valid yet fails, since the service accepts it', async () => {
    const service = create()
    const early = refreshToken(key, { claims: { iat: startTime / 1000 + 600 } })
    for (const record of [
      service.sessions.recordLogout(early),
      service.sessions.recordLogoutAll(early),
    ]) {
      await expect(record).rejects.toMatchObject({ code: 'ERR_TOKEN_TOO_EARLY' })
    }
  })

  test('unacceptable tokens are not recorded before the keys are known either', async () => {
    const otherKey = makeKey('K1', 'ES256')
    const over = refreshToken(key, {}, startTime - 60 * 86_400_000)
    for (const jwt of [refreshToken(otherKey), over]) {
      const { clock, store, state } = breakable()
      const { sessions } = create({ clock, store, ...deny })
      await sessions.recordLogout(jwt)
      expect(state.operations).toBe(0)
    }
  })

  test('unacceptable tokens are not recorded', async () => {
    const { clock, store, state } = breakable()
    const service = create({ clock, store, ...deny })
    await service.sessions.warmUp()
    state.operations = 0
    const otherKey = makeKey('K1', 'ES256')
    for (const jwt of ['', 'garbage', refreshToken(otherKey), sessionToken(key)]) {
      await service.sessions.recordLogout(jwt, jwt)
      await service.sessions.recordLogoutAll(jwt)
    }
    // Only the valid session token that was given as a session token.
    expect(state.operations).toBe(1)
    await service.sessions.recordLogout(refreshToken(key, {}, startTime - 60 * 86_400_000))
    expect(state.operations).toBe(1)
  })
})

describe('how long a logout is remembered', () => {
  async function recorded(options: TestServiceOptions) {
    const clock = createTestClock()
    const written: [kind: string, ttlMs: number][] = []
    const inner = memoryStore({ clock })
    const store: StateStore = {
      ...inner,
      set: (name, value, ttlMs) => {
        written.push([name.slice(0, name.indexOf(':')), ttlMs])
        return inner.set(name, value, ttlMs)
      },
      setIfAbsent: (name, value, ttlMs) => {
        written.push([name.slice(0, name.indexOf(':')), ttlMs])
        return inner.setIfAbsent(name, value, ttlMs)
      },
    }
    const { sessions } = create({ clock, store, ...options })
    const claims = { iat: startTime / 1000 - 100 }
    const refreshJwt = refreshToken(key, { claims })
    await sessions.recordLogout(refreshJwt, sessionToken(key, { claims }))
    await sessions.recordLogoutAll(refreshJwt)
    return written
  }
  const month = 28 * 86_400 * second
  // Another refresh token of the user may live longer than the one that was presented.
  const longest = (400 * 86_400 + 300) * second

  test('off: the refresh token until it expires, and all for the longest lifetime', async () => {
    expect(await recorded({ clockToleranceSeconds: 7 })).toEqual([
      ['revoked', month + 7 * second],
      ['revoked-all', longest],
    ])
  })

  test('on: each token until it expires, and all for the longest lifetime, with the tolerance', async () => {
    expect(await recorded({ ...deny, clockToleranceSeconds: 7 })).toEqual([
      ['revoked', month + 7 * second],
      ['revoked', 607 * second],
      ['revoked-all', longest],
    ])
  })
})

describe('revocation, off unless configured', () => {
  test('off: a session token stays valid after logout, and the store is not read', async () => {
    const { clock, store, state } = breakable()
    const service = create({ clock, store })
    const sessionJwt = sessionToken(key)
    await service.sessions.recordLogout(refreshToken(key), sessionJwt)
    const before = state.operations
    await expect(service.sessions.validateSession(sessionJwt)).resolves.toBeDefined()
    expect(state.operations).toBe(before)
  })

  test('a logged-out session token is rejected until it expires, cached or not, on every instance', async () => {
    const clock = createTestClock()
    const store = memoryStore({ clock })
    const here = create({ clock, store, ...deny })
    const there = create({ clock, store, ...deny })
    const claims = { exp: startTime / 1000 + 600 }
    const sessionJwt = sessionToken(key, { claims })
    const untouched = sessionToken(key, { claims: { ...claims, sub: 'U2eve' } })
    for (const service of [here, there]) await makeKnown(service, sessionJwt)
    await here.sessions.recordLogout(refreshToken(key), sessionJwt)
    for (let minute = 0; minute < 10; minute += 1) {
      for (const { sessions } of [here, there]) {
        await expect(sessions.validateSession(sessionJwt)).rejects.toMatchObject({
          code: 'ERR_TOKEN_REVOKED',
        })
        expect(await sessions.authenticate({ sessionJwt })).toEqual({
          status: 'signed-out',
          reason: 'revoked',
        })
        await expect(sessions.validateSession(untouched)).resolves.toBeDefined()
      }
      clock.advance(59 * second)
    }
    clock.advance(30 * second)
    await expect(here.sessions.validateSession(sessionJwt)).rejects.toMatchObject({
      code: 'ERR_TOKEN_EXPIRED',
    })
  })

  test('a revoked session is not refreshed', async () => {
    const service = create(deny)
    const presented = { sessionJwt: sessionToken(key), refreshJwt: refreshToken(key) }
    await service.sessions.recordLogout(
      refreshToken(key, { claims: { jti: '7' } }),
      presented.sessionJwt,
    )
    expect(await service.sessions.authenticate(presented)).toMatchObject({ reason: 'revoked' })
    expect(service.calls.refresh).toBe(0)
  })

  test('a logout everywhere revokes tokens issued until then, and none issued later', async () => {
    const service = create(deny)
    const { clock, sessions } = service
    const earlier = [
      sessionToken(key),
      sessionToken(key, { claims: { iat: startTime / 1000, exp: startTime / 1000 + 600 } }),
    ]
    await sessions.recordLogoutAll(refreshToken(key))
    for (const sessionJwt of earlier) {
      expect(await sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    }
    const refreshJwt = refreshToken(key)
    expect(await sessions.authenticate({ refreshJwt })).toMatchObject({ reason: 'revoked' })
    clock.advance(second)
    const iat = clock.now() / 1000
    const later = sessionToken(key, { claims: { iat, exp: iat + 600 } })
    expect(await sessions.authenticate({ sessionJwt: later })).toMatchObject({
      status: 'signed-in',
    })
    const someoneElse = sessionToken(key, { claims: { sub: 'U2eve' } })
    expect(await sessions.authenticate({ sessionJwt: someoneElse })).toMatchObject({
      status: 'signed-in',
    })
    // A month later a refresh token of that time is still rejected.
    clock.advance(27 * 86_400 * second)
    expect(await sessions.authenticate({ refreshJwt })).toMatchObject({ reason: 'revoked' })
  })

  test('in the middle of a second, tokens of that second are revoked, and none of the next', async () => {
    const { clock, sessions } = create(deny)
    clock.advance(500)
    await sessions.recordLogoutAll(refreshToken(key))
    clock.advance(500)
    const issuedAt = (iat: number) => ({
      sessionJwt: sessionToken(key, { claims: { iat, exp: iat + 600 } }),
    })
    expect(await sessions.authenticate(issuedAt(startTime / 1000))).toMatchObject({
      reason: 'revoked',
    })
    expect(await sessions.authenticate(issuedAt(startTime / 1000 + 1))).toMatchObject({
      status: 'signed-in',
    })
  })

  test('an expired session does not read the store', async () => {
    const { clock, store, state } = breakable()
    const service = create({ clock, store, ...deny })
    const sessionJwt = sessionToken(key, {}, startTime - 3_600_000)
    expect(await service.sessions.authenticate({ sessionJwt })).toMatchObject({
      reason: 'expired',
    })
    expect(state.operations).toBe(0)
  })

  test('another signature of a revoked session token is the same token', async () => {
    const service = create(deny)
    const sessionJwt = sessionToken(key)
    await service.sessions.recordLogout(refreshToken(key), sessionJwt)
    expect(
      await service.sessions.authenticate({ sessionJwt: otherSignature(sessionJwt) }),
    ).toMatchObject({ reason: 'revoked' })
  })
})

describe('an unavailable store', () => {
  test.each(['rejects', 'throws', 'hangs'] as const)(
    'it %s: with "deny" sessions are unavailable, with "allow" they are valid',
    async (how) => {
      for (const policy of [deny, allow]) {
        const { clock, store, state } = breakable()
        const service = create({ clock, store, ...policy })
        await service.sessions.warmUp()
        state.how = how
        // What the log said is too old then.
        clock.advance(1001)
        const sessionJwt = sessionToken(key)
        const outcome = Promise.resolve(service.sessions.authenticate({ sessionJwt }))
        const validated = service.sessions.validateSession(sessionJwt).catch((e: unknown) => e)
        await flush()
        clock.advance(2 * second)
        if (policy === deny) {
          expect(await outcome).toMatchObject({ status: 'unavailable', what: 'store' })
          expect(await validated).toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
        } else {
          expect(await outcome).toMatchObject({ status: 'signed-in' })
          expect(await validated).toMatchObject({ jwt: sessionJwt })
        }
        service.sessions.close()
        await flush()
        expect(clock.sleepers).toBe(0)
      }
    },
  )

  test.each(['rejects', 'throws', 'hangs'] as const)(
    'it %s: a refresh is unavailable before its request, and a logout fails',
    async (how) => {
      const { clock, store, state } = breakable()
      const service = create({ clock, store })
      await service.sessions.warmUp()
      state.how = how
      const outcome = Promise.resolve(
        service.sessions.authenticate({ refreshJwt: refreshToken(key) }),
      )
      const logout = service.sessions.recordLogout(refreshToken(key)).catch((e: unknown) => e)
      const all = service.sessions.recordLogoutAll(refreshToken(key)).catch((e: unknown) => e)
      await flush()
      clock.advance(2 * second)
      expect(await outcome).toMatchObject({ status: 'unavailable', what: 'store' })
      expect(await logout).toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
      expect(await all).toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
      expect(service.calls.refresh).toBe(0)
    },
  )

  test('a failure between the two tokens of a logout is reported', async () => {
    const { clock, store, state } = breakable()
    const goes: StateStore = {
      ...store,
      set: async (name, value, ttlMs) => {
        await store.set(name, value, ttlMs)
        state.how = 'rejects'
      },
    }
    const { sessions } = create({ clock, store: goes, ...deny })
    await expect(sessions.recordLogout(refreshToken(key), sessionToken(key))).rejects.toMatchObject(
      { code: 'ERR_STORE_UNAVAILABLE' },
    )
  })

  test('a failure during a refresh does not lose its tokens', async () => {
    const { clock, store, state } = breakable()
    const service = create({
      clock,
      store,
      refresh: async () => {
        state.how = 'rejects'
        return { ok: true, code: 200, data: { sessionJwt: sessionToken(key) } }
      },
    })
    expect(await service.sessions.authenticate({ refreshJwt: refreshToken(key) })).toMatchObject({
      status: 'signed-in',
    })
  })
})

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** The same token with the other signature that ECDSA has for it: S negated. */
function otherSignature(jwt: string): string {
  const at = jwt.lastIndexOf('.') + 1
  const bytes = Buffer.from(jwt.slice(at), 'base64url')
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const negated = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')
  return jwt.slice(0, at) + Buffer.concat([bytes.subarray(0, 32), negated]).toString('base64url')
}
