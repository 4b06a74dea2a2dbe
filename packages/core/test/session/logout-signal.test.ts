import { createTestClock, flush, makeKey, refreshToken } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { abortableLogout, type Logout } from '../../src/session/logout.ts'
import { createTestService } from './service.ts'

const key = makeKey('K1', 'ES256')

const records: Readonly<Record<keyof Logout, (logout: Logout, jwt: string) => Promise<unknown>>> = {
  record: (logout, jwt) => logout.record(jwt, 'refresh', 'this-session'),
  findLive: (logout, jwt) => logout.findLive(jwt, 'refresh'),
}

describe.each(Object.entries(records))('%s with a signal', (_name, record) => {
  const reason = new Error('the caller has left')

  test('rejects with its reason when it aborts while the keys do not arrive', async () => {
    const clock = createTestClock()
    const { sessions } = createTestService({ clock, keySet: () => new Promise(() => {}) })
    const abort = new AbortController()
    const failed = record(abortableLogout(sessions, abort.signal), refreshToken(key))
    await flush()
    abort.abort(reason)
    await expect(failed).rejects.toBe(reason)
    sessions.close()
  })

  test('is the same as without one while it does not abort', async () => {
    const [plain, signalled] = [undefined, new AbortController().signal].map((signal) => {
      const { sessions } = createTestService({ keySet: () => ({ keys: [key.jwk] }) })
      return record(abortableLogout(sessions, signal), refreshToken(key))
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
