import { expect, test } from 'vitest'
import {
  createTestClock,
  deferred,
  flush,
  makeKey,
  refreshToken,
  sessionToken,
  type TestClock,
} from '@linkpass/testing'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { SessionTokens } from '../../src/model/session-tokens.ts'
import type { Result } from '../../src/result.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { createTestService, type TestService } from './service.ts'

const key = makeKey('K1', 'ES256')
const refreshJwt = refreshToken(key)
const keySet = (): object => ({ keys: [key.jwk] })

interface Watched {
  readonly store: StateStore
  readonly clock: TestClock
  readonly instances: readonly [TestService, TestService]
  /** The store operations that were called, such as `setIfAbsent refresh-lock`. */
  readonly operations: string[]
  /** Lets the running refresh finish. */
  readonly respond: () => void
}

/** Two instances over a store that records its operations, and a service that responds on demand. */
function watched(): Watched {
  const clock = createTestClock()
  // The process has been running for a while.
  clock.advance(3_600_000)
  const inner = memoryStore({ clock })
  const operations: string[] = []
  function recorded<T>(what: string, name: string, result: T): T {
    operations.push(`${what} ${name.slice(0, name.indexOf(':'))}`)
    return result
  }
  const store: StateStore = {
    ...inner,
    get: (name) => recorded('get', name, inner.get(name)),
    setIfAbsent: (name, value, ttlMs) =>
      recorded('setIfAbsent', name, inner.setIfAbsent(name, value, ttlMs)),
  }
  const gate = deferred<void>()
  const refresh = async (): Promise<Result<SessionTokens>> => {
    await gate.promise
    return { ok: true, code: 200, data: { sessionJwt: sessionToken(key, {}, clock.now()) } }
  }
  const make = (): TestService =>
    createTestService({ keySet, clock, store, refresh, timeoutMs: 1000 })
  return { clock, store, operations, instances: [make(), make()], respond: () => gate.resolve() }
}

test('an instance that waits for another reads the store twenty times a second', async () => {
  const { clock, operations, instances, respond } = watched()
  const [first, second] = instances
  const refreshed = first.sessions.refreshSession(refreshJwt)
  await flush()
  const waiting = second.sessions.refreshSession(refreshJwt)
  await flush()
  const reads = (): number => operations.filter((what) => what === 'get refresh-lock').length
  for (const expected of [1, 2, 3]) {
    clock.advance(49)
    await flush()
    expect(reads()).toBe(expected - 1)
    clock.advance(1)
    await flush()
    expect(reads()).toBe(expected)
  }
  respond()
  await refreshed
  clock.advance(50)
  expect(await waiting).toEqual(await refreshed)
})

test('an instance gives up when the lock of the other instance would have expired, not before', async () => {
  const { clock, instances } = watched()
  const [first, second] = instances
  void first.sessions.refreshSession(refreshJwt)
  await flush()
  const failed: unknown[] = []
  void second.sessions.refreshSession(refreshJwt).catch((error: unknown) => failed.push(error))
  await flush()
  // One second for the call, and five more.
  for (let waited = 0; waited < 6000; waited += 50) {
    expect(failed).toEqual([])
    clock.advance(50)
    await flush()
  }
  expect(failed).toMatchObject([{ code: 'ERR_NETWORK', mayHaveBeenProcessed: true }])
  expect(clock.sleepers).toBe(0)
})

test('a lock that never expires delays a request no longer than that', async () => {
  const { clock, store } = watched()
  const locked: StateStore = {
    ...store,
    setIfAbsent: async () => '1',
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

test('the lock is released only after the result was written, however long that takes', async () => {
  const { clock, store } = watched()
  const canWrite = deferred<void>()
  const done: string[] = []
  const slow: StateStore = {
    ...store,
    set: async (name, value, ttlMs) => {
      await canWrite.promise
      done.push('written')
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
  canWrite.resolve()
  await refreshed
  expect(done).toEqual(['written', 'unlocked'])
})

test('a later request gets the same result without a lock', async () => {
  const { operations, instances, respond } = watched()
  respond()
  const [first, second] = instances
  const refreshed = await first.sessions.refreshSession(refreshJwt)
  expect(operations.filter((what) => what.startsWith('setIfAbsent'))).toHaveLength(1)
  expect(await second.sessions.refreshSession(refreshJwt)).toEqual(refreshed)
  expect(operations.filter((what) => what.startsWith('setIfAbsent'))).toHaveLength(1)
  expect(second.calls.refresh).toBe(0)
})
