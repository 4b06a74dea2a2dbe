import { createTestClock, flush, makeKey, refreshToken } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { type Logout, limitedLogout } from '../../src/session/logout.ts'
import { createTestService } from './service.ts'

const key = makeKey('K1', 'ES256')

const records: Readonly<Record<keyof Logout, (logout: Logout, jwt: string) => Promise<unknown>>> = {
  record: (logout, jwt) => logout.record(jwt, 'refresh', 'this-session'),
  findLive: (logout, jwt) => logout.findLive(jwt, 'refresh'),
}

describe.each(Object.entries(records))('%s within limits', (_name, record) => {
  const reason = new Error('the caller has left')

  test('rejects with its reason when it aborts while the keys do not arrive', async () => {
    const clock = createTestClock()
    const { sessions } = createTestService({ clock, keySet: () => new Promise(() => {}) })
    const abort = new AbortController()
    const failed = record(
      limitedLogout(sessions, { signal: abort.signal, timeoutMs: 60_000 }),
      refreshToken(key),
    )
    await flush()
    abort.abort(reason)
    await expect(failed).rejects.toBe(reason)
    sessions.close()
  })

  test('P34: rejects at its deadline while the keys do not arrive', async () => {
    const clock = createTestClock()
    const { sessions } = createTestService({ clock, keySet: () => new Promise(() => {}) })
    const limits = { signal: undefined, timeoutMs: 10 }
    await expect(record(limitedLogout(sessions, limits), refreshToken(key))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    sessions.close()
  })

  test('is the same as without one while it does not abort', async () => {
    const [plain, signalled] = [undefined, new AbortController().signal].map((signal) => {
      const { sessions } = createTestService({ keySet: () => ({ keys: [key.jwk] }) })
      return record(limitedLogout(sessions, { signal, timeoutMs: 60_000 }), refreshToken(key))
    })
    expect(await signalled).toEqual(await plain)
  })
})

test.each([
  ['a live token', refreshToken(key), { userId: 'U2ada' }],
  ['an expired one', refreshToken(key, { claims: { exp: 1, iat: 0 } }), 'none'],
  ['one of another project', refreshToken(key, { claims: { iss: 'P2other' } }), 'none'],
  ['a made-up one', refreshToken(makeKey('K1', 'ES256')), 'none'],
])('findLive: %s', async (_what, jwt, found) => {
  const { sessions } = createTestService({ keySet: () => ({ keys: [key.jwk] }) })
  expect(await sessions.findLive(jwt, 'refresh')).toEqual(found)
})
