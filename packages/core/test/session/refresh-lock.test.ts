import { describe, expect, test } from 'vitest'
import { deferred, flush, sessionToken, makeKey, wrapStore } from '@linkpass/testing'
import type { AuthOutcome } from '../../src/model/outcome.ts'
import { hashToken } from '../../src/crypto/token-hash.ts'
import { ServiceError } from '../../src/errors.ts'
import { entryOf, refreshKey } from '../../src/session/refresh/entry.ts'
import { type Instance, pass, refreshCluster } from './refresh-cluster.ts'

const second = 1000

/** What a request ends in; undefined while it waits. */
function watch(instance: Instance, refreshJwt: string): { outcome: AuthOutcome | undefined } {
  const seen: { outcome: AuthOutcome | undefined } = { outcome: undefined }
  const request = async (): Promise<void> => {
    seen.outcome = await instance.sessions.authenticate({ refreshJwt })
  }
  void request()
  return seen
}

/** Kills an instance as the service responds: from then on it reaches neither store nor browser. */
function kill(instance: Instance): void {
  instance.before = () => new Promise(() => {})
}

describe('what a refresh costs', () => {
  // Four are reads of what ended the token: its own record, then that, its user's and the project's.
  test.each([
    [true, 8],
    [false, 7],
  ])('with rotation %s: at most %i commands', async (rotates, most) => {
    const cluster = refreshCluster({ rotates })
    cluster.respond()
    const instance = cluster.add()
    await instance.sessions.refreshSession(cluster.tokenOf('ada'))
    await flush()
    expect(instance.operations.length).toBeLessThanOrEqual(most)
    expect(instance.operations.filter((name) => name === 'setIfAbsent refresh')).toHaveLength(1)
  })

  test('at most four serial round trips, and three as it is', async () => {
    const cluster = refreshCluster()
    cluster.respond()
    const instance = cluster.add()
    await instance.sessions.warmUp()
    const trip: (() => void)[] = []
    instance.before = () => new Promise((resolve) => trip.push(resolve))
    const seen = watch(instance, cluster.tokenOf('ada'))
    let trips = 0
    for (await flush(); seen.outcome === undefined; await flush()) {
      trips += 1
      for (const arrive of trip.splice(0)) arrive()
    }
    expect(seen.outcome).toMatchObject({ source: 'refreshed' })
    expect(trips).toBe(3)
  })

  test('a later request on another instance costs five reads and no lock', async () => {
    const cluster = refreshCluster()
    cluster.respond()
    const [here, there] = [cluster.add(), cluster.add()]
    const first = await here.sessions.refreshSession(cluster.tokenOf('ada'))
    expect(await there.sessions.refreshSession(cluster.tokenOf('ada'))).toEqual(first)
    expect(there.operations.filter((name) => !name.startsWith('get'))).toEqual([
      'setIfAbsent refresh',
    ])
    expect(cluster.requests).toHaveLength(1)
  })
})

describe('an instance that waits for another', () => {
  test('C10: looks after 50 ms, then half as often each time, down to twice a second', async () => {
    const cluster = refreshCluster({ hints: false })
    const [here, there] = [cluster.add(), cluster.add()]
    watch(here, cluster.tokenOf('ada'))
    await flush()
    watch(there, cluster.tokenOf('ada'))
    await flush()
    const at: number[] = []
    const startedAt = cluster.clock.monotonic()
    there.before = async (name) => {
      if (name === 'get') at.push(cluster.clock.monotonic() - startedAt)
    }
    await pass(cluster.clock, 2500)
    expect(at.slice(0, 7)).toEqual([50, 150, 350, 750, 1250, 1750, 2250])
  })

  test('is woken by the hint, without waiting for its next look', async () => {
    const cluster = refreshCluster()
    const [here, there] = [cluster.add(), cluster.add()]
    watch(here, cluster.tokenOf('ada'))
    await flush()
    const seen = watch(there, cluster.tokenOf('ada'))
    await pass(cluster.clock, 800)
    const now = cluster.clock.monotonic()
    cluster.respond()
    await flush()
    await flush()
    expect(seen.outcome).toMatchObject({ source: 'refreshed' })
    expect(cluster.clock.monotonic()).toBe(now)
    expect(cluster.requests).toHaveLength(1)
  })

  test('does without the hint if it is lost, or the store cannot subscribe', async () => {
    const cluster = refreshCluster()
    const [here, there] = [cluster.add(), cluster.add()]
    here.before = async (name) => {
      if (name === 'publish') throw new Error('lost')
    }
    watch(here, cluster.tokenOf('ada'))
    await flush()
    const seen = watch(there, cluster.tokenOf('ada'))
    await pass(cluster.clock, 100)
    cluster.respond()
    await pass(cluster.clock, 500)
    expect(seen.outcome).toMatchObject({ source: 'refreshed' })
  })

  test('C9: a hundred waits at once cause no warning of a leak', async () => {
    const warnings: Error[] = []
    const warn = (warning: Error): number => warnings.push(warning)
    process.on('warning', warn)
    const cluster = refreshCluster()
    const [here, there] = [cluster.add(), cluster.add()]
    const tokens = Array.from({ length: 100 }, (_, index) => cluster.tokenOf(`user ${index}`))
    for (const token of tokens) watch(here, token)
    await flush()
    const seen = tokens.map((token) => watch(there, token))
    await pass(cluster.clock, 1000, 50)
    cluster.respond()
    await pass(cluster.clock, 1000, 50)
    process.off('warning', warn)
    expect(seen.every(({ outcome }) => outcome?.status === 'signed-in')).toBe(true)
    expect(warnings).toEqual([])
    expect(cluster.requests).toHaveLength(100)
  })

  test('ends when the client is closed', async () => {
    const cluster = refreshCluster()
    const [here, there] = [cluster.add(), cluster.add()]
    watch(here, cluster.tokenOf('ada'))
    await flush()
    const failed = there.sessions.refreshSession(cluster.tokenOf('ada')).catch((e: unknown) => e)
    await pass(cluster.clock, 100)
    there.sessions.close()
    expect(await failed).toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('fails when the request of the other instance has failed, and the next one tries again', async () => {
    const cluster = refreshCluster()
    const details = { status: 502, errorCode: '', errorDescription: '', errorMessage: '' }
    const gate = deferred<void>()
    const failing = cluster.add({
      refresh: async () => {
        await gate.promise
        return { ok: false, code: 502, error: new ServiceError(details) }
      },
    })
    cluster.respond()
    const there = cluster.add()
    watch(failing, cluster.tokenOf('ada'))
    await flush()
    const seen = watch(there, cluster.tokenOf('ada'))
    await pass(cluster.clock, 100)
    gate.resolve()
    await pass(cluster.clock, 100)
    expect(seen.outcome).toMatchObject({ status: 'unavailable', what: 'refresh' })
    expect(cluster.requests).toEqual([])
    expect(await there.sessions.refreshSession(cluster.tokenOf('ada'))).toHaveProperty('jwt')
  })
})

describe('C1: an instance killed between the response of the service and the hand-over', () => {
  test('delays the others by three seconds where the grace is known, and signs no user out', async () => {
    const cluster = refreshCluster()
    const options = { refreshGraceSeconds: 10 }
    const [here, ...others] = Array.from({ length: 4 }, () => cluster.add(options))
    if (here === undefined) throw new Error('an instance')
    watch(here, cluster.tokenOf('ada'))
    await flush()
    const seen = others.map((instance) => watch(instance, cluster.tokenOf('ada')))
    await flush()
    kill(here)
    cluster.respond()
    await pass(cluster.clock, 3500)
    for (const { outcome } of seen) expect(outcome).toMatchObject({ source: 'refreshed' })
    expect(cluster.requests).toHaveLength(2)
  })

  test('blocks the others a second longer than a call may take where it is not known', async () => {
    const cluster = refreshCluster()
    const [here, there] = [cluster.add({ timeoutMs: 4000 }), cluster.add({ timeoutMs: 4000 })]
    watch(here, cluster.tokenOf('ada'))
    await flush()
    const seen = watch(there, cluster.tokenOf('ada'))
    await flush()
    kill(here)
    cluster.respond()
    await pass(cluster.clock, 3990)
    expect(seen.outcome).toBeUndefined()
    await pass(cluster.clock, 10)
    expect(seen.outcome).toMatchObject({ status: 'unavailable', what: 'refresh' })
    expect(cluster.requests).toHaveLength(1)
    await pass(cluster.clock, 1000)
    const next = watch(there, cluster.tokenOf('ada'))
    await flush()
    expect(next.outcome).toMatchObject({ source: 'refreshed' })
  })

  test('is not waited for again when the time that the service allows is over', async () => {
    const cluster = refreshCluster()
    const options = { refreshGraceSeconds: 5 }
    const [here, there] = [cluster.add(options), cluster.add(options)]
    watch(here, cluster.tokenOf('ada'))
    await flush()
    const seen = watch(there, cluster.tokenOf('ada'))
    await pass(cluster.clock, 4000)
    kill(here)
    await pass(cluster.clock, 3500)
    expect(seen.outcome).toMatchObject({ status: 'unavailable', what: 'refresh' })
    expect(cluster.requests).toHaveLength(1)
  })
})

test('a slow request keeps its short lock for as long as it runs, and no timer after that', async () => {
  const cluster = refreshCluster()
  const options = { refreshGraceSeconds: 10 }
  const [here, there] = [cluster.add(options), cluster.add(options)]
  const first = watch(here, cluster.tokenOf('ada'))
  await flush()
  const seen = watch(there, cluster.tokenOf('ada'))
  await pass(cluster.clock, 8000)
  expect(cluster.requests).toHaveLength(1)
  cluster.respond()
  await flush()
  await flush()
  for (const { outcome } of [first, seen]) expect(outcome).toMatchObject({ source: 'refreshed' })
  expect(cluster.clock.sleepers).toBe(0)
})

describe('C2: an instance that was paused for longer than its lock', () => {
  /** Pauses an instance as the service responds, lets its lock end, and another instance take it. */
  async function paused() {
    const cluster = refreshCluster()
    const [first, second_, third] = [cluster.add(), cluster.add(), cluster.add()]
    const token = cluster.tokenOf('ada')
    const resume = deferred<void>()
    const early = watch(first, token)
    await flush()
    first.before = async () => resume.promise
    await pass(cluster.clock, 11_000, 100)
    const late = watch(second_, token)
    await flush()
    expect(cluster.requests).toHaveLength(2)
    return { cluster, token, third, early, late, resume }
  }

  test('does not delete the lock of another: a third does not refresh again', async () => {
    const { cluster, token, third, early, late, resume } = await paused()
    cluster.respond()
    resume.resolve()
    const seen = watch(third, token)
    await pass(cluster.clock, 1000)
    for (const { outcome } of [early, late, seen]) expect(outcome?.status).toBe('signed-in')
    expect(cluster.requests).toHaveLength(2)
  })

  test('hands out the result of the other, if there is one', async () => {
    const { cluster, early, late, resume } = await paused()
    cluster.respond()
    await flush()
    resume.resolve()
    await flush()
    await flush()
    expect(early.outcome).toEqual(late.outcome)
    expect(early.outcome).toMatchObject({ source: 'refreshed' })
  })
})

test('C2: an instance that was paused while it took the lock requests nothing once another has it', async () => {
  const cluster = refreshCluster()
  const token = cluster.tokenOf('ada')
  const key = refreshKey(hashToken(token))
  const store = wrapStore(cluster.store, async (operation, name) => {
    const result = await operation()
    if (name !== 'setIfAbsent' || cluster.clock.monotonic() >= 11_000) return result
    // The response has arrived, and is read when the process runs again.
    cluster.clock.advance(11_000)
    await cluster.store.set(key, entryOf(1, 'running', 'another'), 11_000)
    return result
  })
  const paused = watch(cluster.add({ store }), token)
  await pass(cluster.clock, 1000)
  expect(cluster.requests).toEqual([])
  await cluster.store.delete(key)
  cluster.respond()
  expect(await cluster.add().sessions.authenticate({ refreshJwt: token })).toMatchObject({
    source: 'refreshed',
  })
  await pass(cluster.clock, 1000)
  expect(paused.outcome).toMatchObject({ source: 'refreshed' })
  expect(cluster.requests).toEqual([token])
})

test('a lock that no one took after it ended gets the result all the same', async () => {
  const cluster = refreshCluster()
  const [here, there] = [cluster.add(), cluster.add()]
  const first = watch(here, cluster.tokenOf('ada'))
  await pass(cluster.clock, 11_000, 500)
  cluster.respond()
  await flush()
  expect(first.outcome).toMatchObject({ source: 'refreshed' })
  await there.sessions.refreshSession(cluster.tokenOf('ada'))
  expect(cluster.requests).toHaveLength(1)
})

test('a result is written when the store is back, for the other instances', async () => {
  const cluster = refreshCluster()
  const [here, there] = [cluster.add(), cluster.add()]
  const first = watch(here, cluster.tokenOf('ada'))
  await flush()
  here.before = () => Promise.reject(new Error('down'))
  cluster.respond()
  await flush()
  expect(first.outcome).toMatchObject({ source: 'refreshed' })
  await pass(cluster.clock, 250)
  here.before = async () => {}
  await pass(cluster.clock, 1000)
  await there.sessions.refreshSession(cluster.tokenOf('ada'))
  expect(cluster.requests).toHaveLength(1)
})

test('an entry of a release that is no neighbour is waited for', async () => {
  const cluster = refreshCluster()
  const instance = cluster.add({ timeoutMs: 1000 })
  cluster.store.setIfAbsent = async () => '3:done:something new'
  const inner = { ...cluster.store }
  cluster.store.get = async (name) =>
    name.startsWith('refresh:') ? '3:done:something new' : inner.get(name)
  const seen = watch(instance, cluster.tokenOf('ada'))
  await pass(cluster.clock, 990)
  expect(seen.outcome).toBeUndefined()
  await pass(cluster.clock, 20)
  expect(seen.outcome).toMatchObject({ status: 'unavailable' })
  expect(cluster.requests).toEqual([])
})

describe('P13: a refresh token that was rotated', () => {
  /** Trades a token on one instance; returns what a request with the old token ends in later. */
  async function rotated() {
    const cluster = refreshCluster()
    cluster.respond()
    const [here, there] = [cluster.add(), cluster.add()]
    const token = cluster.tokenOf('ada')
    const next = await here.sessions.refreshSession(token)
    return { cluster, here, there, token, next }
  }

  test('gets its successor again for ten seconds, also when that was seen', async () => {
    const { cluster, here, there, token, next } = await rotated()
    await there.sessions.authenticate({ sessionJwt: next.jwt, refreshJwt: next.refreshJwt })
    cluster.clock.advance(10 * second - 1)
    expect(await here.sessions.refreshSession(token)).toEqual(next)
  })

  test.each(['authenticate', 'validateAndRefreshSession'] as const)(
    'is worth nothing after that once %s has seen its successor, on any instance',
    async (check) => {
      const { cluster, here, there, token, next } = await rotated()
      if (check === 'authenticate') {
        await there.sessions.authenticate({ sessionJwt: next.jwt, refreshJwt: next.refreshJwt })
      } else await there.sessions.validateAndRefreshSession(next.jwt, next.refreshJwt)
      cluster.clock.advance(10 * second)
      expect(await here.sessions.authenticate({ refreshJwt: token })).toMatchObject({
        reason: 'refresh-rotated',
      })
      expect(cluster.requests).toHaveLength(2)
    },
  )

  test('is worth nothing after that once its successor was traded', async () => {
    const { cluster, here, there, token, next } = await rotated()
    await there.sessions.refreshSession(next.refreshJwt)
    cluster.clock.advance(10 * second)
    expect(await here.sessions.authenticate({ refreshJwt: token })).toMatchObject({
      reason: 'refresh-rotated',
    })
  })

  test('is worth nothing after that, also while its record cannot be written again', async () => {
    const { cluster, here, there, token, next } = await rotated()
    await there.sessions.authenticate({ sessionJwt: next.jwt, refreshJwt: next.refreshJwt })
    cluster.clock.advance(10 * second)
    here.before = (operation) =>
      operation === 'set' ? Promise.reject(new Error('down')) : Promise.resolve()
    expect(await here.sessions.authenticate({ refreshJwt: token })).toMatchObject({
      reason: 'refresh-rotated',
    })
    expect(cluster.requests).toHaveLength(2)
  })

  test('U11: gets its successor for two minutes if the response was lost', async () => {
    const { cluster, there, token, next } = await rotated()
    cluster.clock.advance(120 * second - 1)
    expect(await there.sessions.refreshSession(token)).toEqual(next)
    cluster.clock.advance(1)
    expect(await there.sessions.authenticate({ refreshJwt: token })).toMatchObject({
      reason: 'refresh-rotated',
    })
  })

  test('is not asked about for a session that is not young', async () => {
    const { cluster, there, next } = await rotated()
    cluster.clock.advance(121 * second)
    await there.sessions.authenticate({ sessionJwt: next.jwt, refreshJwt: next.refreshJwt })
    expect(there.operations).toEqual([])
  })

  test('the mark is not waited for, and is tried again if the store fails', async () => {
    const { cluster, there, next } = await rotated()
    await there.sessions.warmUp()
    const presented = { sessionJwt: next.jwt, refreshJwt: next.refreshJwt }
    there.before = () => Promise.reject(new Error('down'))
    expect(there.sessions.authenticate(presented)).toMatchObject({ status: 'signed-in' })
    await flush()
    there.before = async () => {}
    await there.sessions.authenticate(presented)
    await flush()
    expect(there.operations.filter((name) => name !== 'get health')).toEqual(['setIfAbsent seen'])
    expect(cluster.requests).toHaveLength(1)
  })

  test('without a refresh token beside it, a session token costs no operation', async () => {
    const { there, next } = await rotated()
    await there.sessions.authenticate({ sessionJwt: next.jwt })
    await there.sessions.authenticate({ sessionJwt: sessionToken(makeKey('K9', 'ES256')) })
    expect(there.operations).toEqual([])
  })
})

test('a lock lasts as long as its request may, also after a slow look at the store', async () => {
  const cluster = refreshCluster()
  const [here, there] = [cluster.add(), cluster.add()]
  const looked = deferred<void>()
  here.before = async (operation) => {
    if (operation === 'get') await looked.promise
  }
  const early = watch(here, cluster.tokenOf('ada'))
  await pass(cluster.clock, 400)
  looked.resolve()
  // The request begins after 400 ms, and may take ten seconds.
  await pass(cluster.clock, 9700, 100)
  const late = watch(there, cluster.tokenOf('ada'))
  await flush()
  cluster.respond()
  await pass(cluster.clock, 1000)
  for (const { outcome } of [early, late]) expect(outcome).toMatchObject({ source: 'refreshed' })
  expect(cluster.requests).toHaveLength(1)
})
