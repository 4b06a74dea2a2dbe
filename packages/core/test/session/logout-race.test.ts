import { describe, expect, test } from 'vitest'
import { flush } from '@linkpass/testing'
import { pass, refreshCluster } from './refresh-cluster.ts'

const deny = { revocation: { onStoreError: 'deny' } } as const

/** A token that one instance has traded, while the browser logs out with the old one on the other. */
async function traded() {
  const cluster = refreshCluster()
  cluster.respond()
  const [here, there] = [cluster.add(deny), cluster.add(deny)]
  const token = cluster.tokenOf('ada')
  const next = await here.sessions.refreshSession(token)
  return { cluster, here, there, token, next }
}

describe('a logout that overtakes the response of a refresh', () => {
  test('also ends the tokens that another tab got for the same refresh token', async () => {
    const { here, there, token, next } = await traded()
    await there.sessions.recordLogout(token)
    const presented = { sessionJwt: next.jwt, refreshJwt: next.refreshJwt }
    for (const { sessions } of [here, there]) {
      expect(await sessions.authenticate(presented)).toMatchObject({ reason: 'revoked' })
      await expect(sessions.refreshSession(next.refreshJwt)).rejects.toMatchObject({
        code: 'ERR_TOKEN_REVOKED',
      })
    }
  })

  test('also ends the session token of a refresh that rotated nothing', async () => {
    const cluster = refreshCluster({ rotates: false })
    cluster.respond()
    const instance = cluster.add(deny)
    const token = cluster.tokenOf('ada')
    const { jwt } = await instance.sessions.refreshSession(token)
    await instance.sessions.recordLogout(token)
    expect(await instance.sessions.authenticate({ sessionJwt: jwt })).toMatchObject({
      reason: 'revoked',
    })
  })

  test('fails when the store fails before all of them are recorded', async () => {
    const { there, token } = await traded()
    there.before = async (operation) => {
      if (operation === 'get') throw new Error('down')
    }
    await expect(there.sessions.recordLogout(token)).rejects.toMatchObject({ name: 'StoreError' })
  })

  test('leaves no session to a refresh whose last look at the store failed', async () => {
    const cluster = refreshCluster()
    const [here, there] = [cluster.add(deny), cluster.add(deny)]
    const token = cluster.tokenOf('ada')
    const waiting = here.sessions.authenticate({ refreshJwt: token })
    await flush()
    await there.sessions.recordLogout(token)
    here.before = async (operation) => {
      if (operation === 'getMany') throw new Error('down')
    }
    cluster.respond()
    expect(await waiting).toMatchObject({ status: 'unavailable', what: 'store' })
    here.before = async () => {}
    expect(await here.sessions.authenticate({ refreshJwt: token })).toMatchObject({
      reason: 'revoked',
    })
  })
})

test('a sign-in that replaces a session spares the cookies of a tab with its newest token', async () => {
  const { cluster, here, there, token, next } = await traded()
  await there.sessions.recordReplaced(token)
  cluster.clock.advance(60_000)
  expect(await here.sessions.authenticate({ refreshJwt: next.refreshJwt })).toMatchObject({
    reason: 'refresh-rotated',
  })
  expect(cluster.requests).toHaveLength(1)
})

test('a sign-in that replaces a session spares the cookies of a tab with an older token', async () => {
  const { here, there, token, next } = await traded()
  await there.sessions.recordReplaced(next.refreshJwt)
  expect(await here.sessions.authenticate({ refreshJwt: token })).toMatchObject({
    reason: 'refresh-rotated',
  })
})

test('a sign-in that replaces a session finds a token that could not be stored at once', async () => {
  const cluster = refreshCluster()
  cluster.respond()
  const [here, there] = [cluster.add(deny), cluster.add(deny)]
  const token = cluster.tokenOf('ada')
  here.before = async (operation) => {
    if (operation !== 'replaceIf') return
    here.before = async () => {}
    throw new Error('down')
  }
  const next = await here.sessions.refreshSession(token)
  const recorded = there.sessions.recordReplaced(token)
  await pass(cluster.clock, 300)
  await recorded
  expect(await here.sessions.authenticate({ refreshJwt: next.refreshJwt })).toMatchObject({
    reason: 'refresh-rotated',
  })
  expect(cluster.requests).toHaveLength(1)
})

test('a sign-in that replaces a session finds its newest token by a store that fails for a moment', async () => {
  const { cluster, here, there, token, next } = await traded()
  there.before = async (operation) => {
    if (operation !== 'get') return
    there.before = async () => {}
    throw new Error('down')
  }
  const recorded = there.sessions.recordReplaced(token)
  await pass(cluster.clock, 300)
  await recorded
  expect(await here.sessions.authenticate({ refreshJwt: next.refreshJwt })).toMatchObject({
    reason: 'refresh-rotated',
  })
})

test('a sign-in that replaces a session waits a second for a refresh that is under way', async () => {
  const cluster = refreshCluster()
  const [here, there] = [cluster.add(deny), cluster.add(deny)]
  const token = cluster.tokenOf('ada')
  const waiting = here.sessions.authenticate({ refreshJwt: token })
  await flush()
  const recorded = there.sessions.recordReplaced(token)
  await pass(cluster.clock, 1000)
  await recorded
  cluster.respond()
  expect(await waiting).toMatchObject({ reason: 'refresh-rotated' })
})

test('a slow tab does not bring back a token that was traded since', async () => {
  const { cluster, here, there, token, next } = await traded()
  const newest = await there.sessions.refreshSession(next.refreshJwt)
  expect(await here.sessions.refreshSession(token)).toEqual(newest)
  await there.sessions.recordLogout(newest.refreshJwt)
  expect(await here.sessions.authenticate({ refreshJwt: token })).toMatchObject({
    reason: 'revoked',
  })
  expect(cluster.requests).toHaveLength(2)
})

test('a late tab is told of a rotation that its instance could not record before it crashed', async () => {
  const cluster = refreshCluster()
  cluster.respond()
  const [here, there] = [cluster.add(), cluster.add()]
  const token = cluster.tokenOf('ada')
  here.before = async (operation) => {
    if (operation === 'set') throw new Error('down')
  }
  const next = await here.sessions.refreshSession(token)
  here.before = () => new Promise(() => {})
  await there.sessions.authenticate({ sessionJwt: next.jwt, refreshJwt: next.refreshJwt })
  await flush()
  cluster.clock.advance(20_000)
  for (const _ of ['once', 'and again']) {
    expect(await there.sessions.authenticate({ refreshJwt: token })).toMatchObject({
      reason: 'refresh-rotated',
    })
  }
})
