import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { collectGarbage, deferred, startStub } from '@linkpass/testing'
import { createDescopeClient } from '../../src/client.ts'
import { Exchange } from '../../src/http/exchange.ts'
import { projectId, refreshJwt } from '../fixtures.ts'

const verifyPath = '/v1/auth/magiclink/verify'

describe('made-up tokens of links, while the service is slow', () => {
  test.each([
    ['the pool of the client', undefined],
    ['a dispatcher of the caller', new Agent()],
  ])('keep no refresh waiting, through %s', async (_what, dispatcher) => {
    const isSlow = deferred<void>()
    const isFull = deferred<void>()
    let verifying = 0
    await using stub = await startStub(async ({ path }) => {
      if (path !== verifyPath) return { body: { sessionJwt: 'a-session' } }
      verifying += 1
      if (verifying === 32) isFull.resolve()
      await isSlow.promise
      return { status: 401, body: { errorCode: 'E063010' } }
    })
    const client = createDescopeClient({
      projectId,
      baseUrl: stub.url,
      ...(dispatcher && { dispatcher }),
    })
    const attack = Array.from({ length: 200 }, (_, index) =>
      client.magicLink.verify(`made-up-token-${index}`),
    )
    await isFull.promise
    const refreshes = Array.from({ length: 10 }, () => client.refresh(refreshJwt))
    expect((await Promise.all(refreshes)).every(({ ok }) => ok)).toBe(true)
    expect(await client.logout(refreshJwt)).toMatchObject({ ok: true })
    expect(await client.selectTenant('acme', refreshJwt)).toMatchObject({ ok: true })
    expect(verifying).toBe(32)
    isSlow.resolve()
    const codes = (await Promise.all(attack)).map(({ error }) => error?.errorCode)
    expect(new Set(codes)).toEqual(new Set(['E063010']))
    expect(verifying).toBe(200)
    await client.close()
    await dispatcher?.close()
  })

  test('calls of users who are signed in keep no refresh and no sign-in waiting either', async () => {
    const isSlow = deferred<void>()
    const isFull = deferred<void>()
    let asking = 0
    await using stub = await startStub(async ({ path }) => {
      if (path !== '/v1/auth/me') return { body: { sessionJwt: 'a-session' } }
      asking += 1
      if (asking === 8) isFull.resolve()
      await isSlow.promise
      return { body: { userId: 'U2' } }
    })
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const calls = Array.from({ length: 100 }, () => client.me(refreshJwt))
    await isFull.promise
    expect(await client.refresh(refreshJwt)).toMatchObject({ ok: true })
    expect(await client.magicLink.verify('a-token-of-some-link')).toMatchObject({ ok: true })
    expect(asking).toBe(8)
    isSlow.resolve()
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true)
  })

  test('a call that ends while it waits for its turn is not sent', async () => {
    const isSlow = deferred<void>()
    await using stub = await startStub(async () => {
      await isSlow.promise
      return {}
    })
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const first = Array.from({ length: 32 }, () => client.magicLink.verify('a-token-of-some-link'))
    const abort = new AbortController()
    const hurried = client.with({ signal: abort.signal }).magicLink.verify('another-token-of-one')
    abort.abort()
    const result = await hurried
    expect(result.error).toMatchObject({ code: 'ERR_ABORTED', mayHaveBeenProcessed: false })
    isSlow.resolve()
    await Promise.all(first)
    // Its turn is free for the next call.
    await client.magicLink.verify('one-more-token-of-one')
    expect(stub.seen).toHaveLength(33)
  })
})

test('a response in chunks of one byte takes a small multiple of its length in memory', () => {
  const exchange = new Exchange({ timeoutMs: 60_000, signal: undefined })
  exchange.response.catch(() => {})
  const controller = { abort: () => {} } as never
  const used = (): number => {
    collectGarbage()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = used()
  exchange.onResponseStart(controller, 200, {})
  for (let bytes = 0; bytes < 500_000; bytes += 1) {
    exchange.onResponseData(controller, Buffer.from('x'))
  }
  expect(used() - before).toBeLessThan(8 * 1024 * 1024)
  exchange.onResponseEnd()
})
