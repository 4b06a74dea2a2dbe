import { deferred, flush, wrapStore } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { hashToken } from '../../../src/crypto/token-hash.ts'
import { ServiceError } from '../../../src/errors.ts'
import { entryOf, refreshKey } from '../../../src/session/refresh/entry.ts'
import { pass, refreshCluster } from '../refresh-cluster.ts'

const noDetails = { errorCode: '', errorDescription: '', errorMessage: '' }

test('a store client that sends each command twice makes one request, and shares its result', async () => {
  const cluster = refreshCluster()
  cluster.respond()
  const store = wrapStore(cluster.store, async (operation) => {
    await operation()
    return operation()
  })
  const [twice, once] = [cluster.add({ store }), cluster.add()]
  const token = cluster.tokenOf('ada')
  const refreshed = await twice.sessions.refreshSession(token)
  expect(await once.sessions.refreshSession(token)).toEqual(refreshed)
  expect(cluster.requests).toEqual([token])
})

test('a result that is too old to share is replaced by one instance, and the other waits for it', async () => {
  const cluster = refreshCluster({ rotates: false })
  cluster.respond()
  const [here, there] = [cluster.add(), cluster.add()]
  const refreshJwt = cluster.tokenOf('ada')
  await here.sessions.refreshSession(refreshJwt)
  // A store whose clock is slow keeps it for longer than the ten seconds.
  const key = refreshKey(hashToken(refreshJwt))
  const old = await cluster.store.get(key)
  await cluster.store.set(key, old ?? '', 60_000)
  cluster.clock.advance(10_000)
  // Both have found it before one of them replaces it.
  const both = deferred<void>()
  let arrived = 0
  const meet = async (operation: string): Promise<void> => {
    if (operation !== 'replaceIf') return
    arrived += 1
    if (arrived === 2) both.resolve()
    await both.promise
  }
  for (const instance of [here, there]) instance.before = meet
  const outcomes = Promise.all(
    [here, there].map(async ({ sessions }) => sessions.authenticate({ refreshJwt })),
  )
  await pass(cluster.clock, 100)
  const [first, second] = await outcomes
  expect(first).toMatchObject({ status: 'signed-in', source: 'refreshed' })
  expect(second).toEqual(first)
  expect(cluster.requests).toHaveLength(2)
})

test('a result that cannot be opened is replaced by one that can', async () => {
  const cluster = refreshCluster()
  cluster.respond()
  const [here, there] = [cluster.add(), cluster.add()]
  const token = cluster.tokenOf('ada')
  const unreadable = entryOf(1, 'done', 'sealed-by-another')
  await cluster.store.set(refreshKey(hashToken(token)), unreadable, 60_000)
  const refreshed = await here.sessions.refreshSession(token)
  expect(await there.sessions.refreshSession(token)).toEqual(refreshed)
  expect(cluster.requests).toEqual([token])
})

test('a lock whose response was lost is released: the next request need not wait for its end', async () => {
  const cluster = refreshCluster()
  cluster.respond()
  let losing = 2
  const store = wrapStore(cluster.store, async (operation, name) => {
    if (name === 'deleteIf' && losing > 0) throw new Error('The connection is closed.')
    const result = await operation()
    if (name !== 'setIfAbsent' || losing === 0) return result
    throw new Error('The connection was cut.')
  })
  const instance = cluster.add({ store })
  const refreshJwt = cluster.tokenOf('ada')
  const outcome = await instance.sessions.authenticate({ refreshJwt })
  expect(outcome).toMatchObject({ status: 'unavailable', what: 'store' })
  losing = 0
  await pass(cluster.clock, 200)
  expect(await instance.sessions.authenticate({ refreshJwt })).toMatchObject({
    source: 'refreshed',
  })
  expect(cluster.requests).toEqual([refreshJwt])
})

describe('a store that fails at', () => {
  test('the lock: nothing is requested, and the session is kept', async () => {
    const cluster = refreshCluster()
    const instance = cluster.add()
    instance.before = async (operation) => {
      if (operation === 'setIfAbsent') throw new Error('down')
    }
    const outcome = await instance.sessions.authenticate({ refreshJwt: cluster.tokenOf('ada') })
    expect(outcome).toMatchObject({ status: 'unavailable', what: 'store' })
    expect(cluster.requests).toEqual([])
  })

  test('every operation: a lock that the store was not asked for is not released', async () => {
    const cluster = refreshCluster()
    const instance = cluster.add()
    instance.before = () => Promise.reject(new Error('down'))
    for (let count = 0; count < 5; count += 1) {
      const outcome = await instance.sessions.authenticate({ refreshJwt: cluster.tokenOf('ada') })
      expect(outcome).toMatchObject({ status: 'unavailable', what: 'store' })
    }
    expect(cluster.requests).toEqual([])
  })

  test('the release of the lock of a token that was logged out: the logout counts', async () => {
    const cluster = refreshCluster()
    const instance = cluster.add()
    const refreshJwt = cluster.tokenOf('ada')
    await instance.sessions.recordLogout(refreshJwt)
    instance.before = async (operation) => {
      if (operation === 'deleteIf') throw new Error('down')
    }
    expect(await instance.sessions.authenticate({ refreshJwt })).toEqual({
      status: 'signed-out',
      reason: 'revoked',
    })
    expect(cluster.requests).toEqual([])
  })

  test('the note of a failed request: the failure of the service is the outcome', async () => {
    const cluster = refreshCluster()
    const error = new ServiceError({ status: 503, ...noDetails, retryAfterSeconds: 7 })
    const instance = cluster.add({ refresh: async () => ({ ok: false, code: 503, error }) })
    instance.before = async (operation) => {
      if (operation === 'replaceIf') throw new Error('down')
    }
    const outcome = instance.sessions.authenticate({ refreshJwt: cluster.tokenOf('ada') })
    await flush()
    expect(await outcome).toEqual({
      status: 'unavailable',
      what: 'refresh',
      retryAfterSeconds: 7,
    })
  })
})
