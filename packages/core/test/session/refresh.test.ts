import { expect, test } from 'vitest'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { SessionTokens } from '../../src/model/session-tokens.ts'
import type { Result } from '../../src/result.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import {
  createTestClock,
  createTestService,
  deferred,
  flush,
  makeKey,
  refreshToken,
  sessionToken,
  type TestClock,
  type TestService,
} from './service.ts'

const key = makeKey('K1', 'ES256')
const refreshJwt = refreshToken(key)
const keySet = (): object => ({ keys: [key.jwk] })

interface Watched {
  readonly store: StateStore
  readonly clock: TestClock
  readonly instances: readonly [TestService, TestService]
  /** What the store was asked to do, such as `setIfAbsent refresh-lock`. */
  readonly asked: string[]
  /** Ends the refresh that is under way. */
  readonly answer: () => void
}

/** Two instances over a store that says what it was asked, and a service that is slow to answer. */
function watched(): Watched {
  const clock = createTestClock()
  // Times are those of a process that has run for a while.
  clock.advance(3_600_000)
  const inner = memoryStore({ clock })
  const asked: string[] = []
  function told<T>(what: string, name: string, result: T): T {
    asked.push(`${what} ${name.slice(0, name.indexOf(':'))}`)
    return result
  }
  const store: StateStore = {
    ...inner,
    get: (name) => told('get', name, inner.get(name)),
    setIfAbsent: (name, value, ttlMs) =>
      told('setIfAbsent', name, inner.setIfAbsent(name, value, ttlMs)),
  }
  const gate = deferred<void>()
  const refresh = async (): Promise<Result<SessionTokens>> => {
    await gate.promise
    return { ok: true, code: 200, data: { sessionJwt: sessionToken(key, {}, clock.now()) } }
  }
  const make = (): TestService =>
    createTestService({ keySet, clock, store, refresh, timeoutMs: 1000 })
  return { clock, store, asked, instances: [make(), make()], answer: () => gate.resolve() }
}

test('an instance that waits for another asks the store twenty times a second', async () => {
  const { clock, asked, instances, answer } = watched()
  const [first, second] = instances
  const refreshed = first.sessions.refreshSession(refreshJwt)
  await flush()
  const waiting = second.sessions.refreshSession(refreshJwt)
  await flush()
  const questions = (): number => asked.filter((what) => what === 'get refresh-lock').length
  for (const expected of [1, 2, 3]) {
    clock.advance(49)
    await flush()
    expect(questions()).toBe(expected - 1)
    clock.advance(1)
    await flush()
    expect(questions()).toBe(expected)
  }
  answer()
  await refreshed
  clock.advance(50)
  expect(await waiting).toEqual(await refreshed)
})

test('it gives up when the lock of the other would have ended, and not before', async () => {
  const { clock, instances } = watched()
  const [first, second] = instances
  void first.sessions.refreshSession(refreshJwt)
  await flush()
  const failed: unknown[] = []
  void second.sessions.refreshSession(refreshJwt).catch((error: unknown) => failed.push(error))
  await flush()
  // A second for the call, and five more.
  for (let waited = 0; waited < 6000; waited += 50) {
    expect(failed).toEqual([])
    clock.advance(50)
    await flush()
  }
  expect(failed).toMatchObject([{ code: 'ERR_NETWORK', mayHaveBeenProcessed: true }])
  expect(clock.sleepers).toBe(0)
})

test('a lock that never ends holds nobody up for longer than that', async () => {
  const { clock, store } = watched()
  const locked: StateStore = {
    ...store,
    setIfAbsent: async () => false,
    get: async (name) => (name.startsWith('refresh-lock:') ? '1' : store.get(name)),
  }
  const { sessions } = createTestService({ keySet, clock, store: locked, timeoutMs: 1000 })
  const failed: unknown[] = []
  void sessions.refreshSession(refreshJwt).catch((error: unknown) => failed.push(error))
  await flush()
  for (let waited = 0; waited < 6000; waited += 50) {
    expect(failed).toEqual([])
    clock.advance(50)
    await flush()
  }
  expect(failed).toMatchObject([{ code: 'ERR_NETWORK' }])
})

test('the lock goes only after the outcome was left, however long that takes', async () => {
  const { clock, store } = watched()
  const left = deferred<void>()
  const done: string[] = []
  const slow: StateStore = {
    ...store,
    set: async (name, value, ttlMs) => {
      await left.promise
      done.push('left')
      return store.set(name, value, ttlMs)
    },
    delete: async (name) => {
      done.push('unlocked')
      return store.delete(name)
    },
  }
  const service = createTestService({
    keySet,
    clock,
    store: slow,
    refresh: async () => ({
      ...{ ok: true, code: 200 },
      data: { sessionJwt: sessionToken(key, {}, clock.now()) },
    }),
  })
  const refreshed = service.sessions.refreshSession(refreshJwt)
  await flush()
  expect(done).toEqual([])
  left.resolve()
  await refreshed
  expect(done).toEqual(['left', 'unlocked'])
})

test('whoever comes late is handed the successor without a lock', async () => {
  const { asked, instances, answer } = watched()
  answer()
  const [first, second] = instances
  const refreshed = await first.sessions.refreshSession(refreshJwt)
  expect(asked.filter((what) => what.startsWith('setIfAbsent'))).toHaveLength(1)
  expect(await second.sessions.refreshSession(refreshJwt)).toEqual(refreshed)
  expect(asked.filter((what) => what.startsWith('setIfAbsent'))).toHaveLength(1)
  expect(second.calls.refresh).toBe(0)
})

test('a refresh token that has ended is refused before anything is asked', async () => {
  const { asked, instances } = watched()
  const over = refreshToken(key, { claims: { iat: 1, exp: 2 } })
  await expect(instances[0].sessions.refreshSession(over)).rejects.toMatchObject({
    ...{ code: 'ERR_TOKEN_EXPIRED', claim: 'exp' },
  })
  expect(asked).toEqual([])
})

test('tokens whose signatures are checked on another thread are waited for', async () => {
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
