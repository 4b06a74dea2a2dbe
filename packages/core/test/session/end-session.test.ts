import { flush, makeKey, refreshToken, sessionToken, startTime, wrapStore } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { RequestError, ServiceError, StoreError } from '../../src/errors.ts'
import type { Call } from '../../src/http/service.ts'
import type { EndScope } from '../../src/session/decide.ts'
import { countUnverified, createEndSession } from '../../src/session/end-session.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import { createTestService } from './service.ts'

const key = makeKey('K1', 'ES256')
const rejection = { status: 401, errorCode: 'E064001', errorDescription: '', errorMessage: '' }
const responses = {
  confirms: { ok: true, code: 200, data: {} },
  rejects: { ok: false, code: 401, error: new ServiceError(rejection) },
  'is silent': { ok: false, code: 0, error: new RequestError('ERR_TIMEOUT', 'Too late.') },
} as const

interface World {
  service?: keyof typeof responses
  /** Whether records can be written. */
  store?: 'works' | 'fails'
  revocation?: 'on' | 'off'
  keySet?: () => unknown
  /** Whether both take a turn of the event loop, and are noted when they end. */
  isSlow?: boolean
}

/** Sessions with a service and a store as given, and what they were told in order. */
function create({
  service = 'confirms',
  store = 'works',
  revocation = 'off',
  isSlow = false,
  ...rest
}: World = {}) {
  const told: string[] = []
  async function tell(name: string): Promise<void> {
    told.push(name)
    if (!isSlow) return
    await flush()
    told.push(`${name} ended`)
  }
  const tokens: (string | undefined)[] = []
  const { clock, sessions } = createTestService({
    keySet: () => ({ keys: [key.jwk] }),
    ...(revocation === 'on' && { revocation: { onStoreError: 'deny' } }),
    store: wrapStore(memoryStore(), async (operation, name, at) => {
      if (name === 'set' || name === 'setIfAbsent') {
        await tell(at.slice(0, at.indexOf(':')))
        if (store === 'fails') throw new Error('down')
      }
      return operation()
    }),
    ...rest,
  })
  const call = (async (name, { token }) => {
    tokens.push(token)
    await tell(name)
    return responses[service]
  }) as Call
  const deps = {
    call,
    records: sessions,
    maySend: countUnverified(clock),
    revokesSessions: revocation === 'on',
  }
  return { clock, sessions, told, tokens, endSession: createEndSession(deps) }
}

const here = refreshToken(key)
const elsewhere = refreshToken(key, { claims: { jti: 'elsewhere' } })
const codesOf = (errors: readonly { errorCode: string }[]) => errors.map((error) => error.errorCode)

describe.each<[scope: EndScope, call: string, reason: string]>([
  ['this-session', 'logout', 'revoked'],
  ['everywhere', 'logoutAll', 'revoked'],
  ['replaced', 'logout', 'refresh-rotated'],
])('%s of two refresh tokens', (scope, callName, reason) => {
  const [no, lost, late] = ['E064001', 'ERR_LOGOUT_NOT_RECORDED', 'ERR_TIMEOUT']

  test.each<[keyof typeof responses, 'works' | 'fails', 'on' | 'off', boolean, string[]]>([
    ['confirms', 'works', 'off', true, []],
    ['confirms', 'works', 'on', true, []],
    ['confirms', 'fails', 'off', true, [lost]],
    ['confirms', 'fails', 'on', false, [lost]],
    ['rejects', 'works', 'off', true, [no]],
    ['rejects', 'works', 'on', true, [no]],
    ['rejects', 'fails', 'off', false, [no, lost]],
    ['rejects', 'fails', 'on', false, [no, lost]],
    ['is silent', 'works', 'off', true, [late]],
    ['is silent', 'works', 'on', true, [late]],
    ['is silent', 'fails', 'off', false, [late, lost]],
    ['is silent', 'fails', 'on', false, [late, lost]],
  ])(
    'where the service %s and the store %s, revocation %s: ended is %s',
    async (service, store, revocation, ended, errors) => {
      const { sessions, tokens, told, endSession } = create({ service, store, revocation })
      const refreshJwts = [here, elsewhere]
      const result = await endSession({ sessionJwts: [], refreshJwts }, scope)
      expect(result.ended).toBe(ended)
      expect(codesOf(result.errors)).toEqual([...errors, ...errors])
      expect(tokens).toEqual(refreshJwts)
      expect(told.filter((name) => name.startsWith('logout'))).toEqual([callName, callName])
      if (store === 'fails') return
      for (const refreshJwt of refreshJwts) {
        expect(await sessions.authenticate({ refreshJwt })).toEqual({
          status: 'signed-out',
          reason,
        })
      }
    },
  )
})

test.each<[EndScope, string[]]>([
  ['this-session', ['logout', 'revoked', 'logout ended', 'revoked ended']],
  ['everywhere', ['logoutAll', 'logoutAll ended', 'revoked-all', 'revoked-all ended']],
  ['replaced', ['revoked', 'revoked ended', 'logout', 'logout ended']],
])('%s asks the service and writes the record in its order', async (scope, order) => {
  const { sessions, told, endSession } = create({ isSlow: true })
  await sessions.warmUp()
  await endSession({ sessionJwts: [], refreshJwts: [here] }, scope)
  expect(told).toEqual(order)
})

test('the error of a record that fails has its cause', async () => {
  const { endSession } = create({ store: 'fails' })
  const { errors } = await endSession({ sessionJwts: [], refreshJwts: [here] }, 'this-session')
  expect(errors[0]).toMatchObject({ code: 'ERR_LOGOUT_NOT_RECORDED' })
  expect(errors[0]?.cause).toBeInstanceOf(StoreError)
})

test('one of two tokens that is not ended is enough', async () => {
  const { endSession } = create({ service: 'is silent' })
  const early = refreshToken(key, { claims: { iat: startTime / 1000 + 600, jti: 'early' } })
  for (const refreshJwts of [
    [here, early],
    [early, here],
  ]) {
    const { ended } = await endSession({ sessionJwts: [], refreshJwts }, 'this-session')
    expect(ended).toBe(false)
  }
})

describe('tokens that are not acceptable', () => {
  test.each<EndScope>(['this-session', 'everywhere', 'replaced'])(
    '%s: there is nothing to end, so no one is told',
    async (scope) => {
      const { told, endSession } = create({ revocation: 'on' })
      const refreshJwts = ['', 'garbage', refreshToken(makeKey('K1', 'ES256')), sessionToken(key)]
      const result = await endSession({ sessionJwts: ['', 'garbage', here], refreshJwts }, scope)
      expect(result).toMatchObject({ ended: true, errors: [] })
      expect(told).toEqual([])
    },
  )

  test('no tokens at all are ended', async () => {
    const { told, endSession } = create({ revocation: 'on' })
    const none = { sessionJwts: [], refreshJwts: [] }
    expect(await endSession(none, 'everywhere')).toMatchObject({ ended: true, errors: [] })
    expect(told).toEqual([])
  })

  test('one that is not valid yet is sent, since the service accepts it', async () => {
    const { tokens, endSession } = create()
    const early = refreshToken(key, { claims: { iat: startTime / 1000 + 600 } })
    const result = await endSession({ sessionJwts: [], refreshJwts: [early] }, 'this-session')
    expect(tokens).toEqual([early])
    expect(result.ended).toBe(true)
    expect(codesOf(result.errors)).toEqual(['ERR_LOGOUT_NOT_RECORDED'])
  })
})

describe('a flood of made-up refresh tokens', () => {
  const forger = makeKey('K1', 'ES256')
  const ids = Array.from({ length: 6 }, (_, index) => `${index}`)
  const made = ids.map((jti) => refreshToken(forger, { claims: { jti } }))
  const live = ids.map((jti) => refreshToken(key, { claims: { jti } }))
  const noKeys = () => Promise.reject(new Error('503'))

  test('sends the service four at most while the keys are unavailable, and ends no other', async () => {
    const { tokens, endSession } = create({ keySet: noKeys })
    const four = made.slice(0, 4)
    expect((await endSession({ sessionJwts: [], refreshJwts: four }, 'everywhere')).ended).toBe(
      true,
    )
    const six = await endSession({ sessionJwts: [], refreshJwts: made }, 'everywhere')
    expect(six.ended).toBe(false)
    expect(codesOf(six.errors)).toEqual(made.map(() => 'ERR_LOGOUT_NOT_RECORDED'))
    expect(tokens).toEqual([...four, ...four])
  })

  test('sends the service ten a second at most, of all requests together', async () => {
    const { clock, tokens, endSession } = create({ keySet: noKeys })
    for (let request = 0; request < 20; request += 1) {
      await endSession({ sessionJwts: [], refreshJwts: made.slice(0, 1) }, 'this-session')
    }
    expect(tokens).toHaveLength(10)
    clock.advance(1000)
    const last = { sessionJwts: [], refreshJwts: made.slice(0, 1) }
    expect((await endSession(last, 'this-session')).ended).toBe(true)
    expect(tokens).toHaveLength(11)
  })

  test('sends the service none of them while the keys are known, and every live one', async () => {
    const { tokens, endSession } = create()
    const all = { sessionJwts: [], refreshJwts: [...made, ...live] }
    expect(await endSession(all, 'this-session')).toMatchObject({ ended: true, errors: [] })
    expect(tokens).toEqual(live)
  })
})

describe('session tokens', () => {
  const ada = sessionToken(key)
  const other = sessionToken(key, { claims: { jti: 'other' } })
  const eve = sessionToken(key, { claims: { sub: 'U2eve' } })
  const evesRefresh = refreshToken(key, { claims: { sub: 'U2eve' } })

  test.each<EndScope>(['this-session', 'replaced'])(
    '%s with revocation: each is rejected from now on, and no other of its user',
    async (scope) => {
      const { sessions, endSession } = create({ revocation: 'on' })
      const result = await endSession({ sessionJwts: [ada, eve], refreshJwts: [] }, scope)
      expect(result).toMatchObject({ ended: true, errors: [] })
      for (const sessionJwt of [ada, eve]) {
        expect(await sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
      }
      expect(await sessions.authenticate({ sessionJwt: other })).toMatchObject({
        status: 'signed-in',
      })
    },
  )

  test('everywhere with revocation: every token of their users is rejected from now on', async () => {
    const { sessions, endSession } = create({ revocation: 'on' })
    const tokens = { sessionJwts: [ada], refreshJwts: [evesRefresh] }
    expect(await endSession(tokens, 'everywhere')).toMatchObject({ ended: true, errors: [] })
    for (const sessionJwt of [ada, other, eve]) {
      expect(await sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    }
  })

  test.each<EndScope>(['this-session', 'replaced'])(
    '%s without revocation: nothing is recorded, since no check would look for it',
    async (scope) => {
      const { told, endSession } = create()
      const result = await endSession({ sessionJwts: [ada], refreshJwts: [] }, scope)
      expect(result).toMatchObject({ ended: true, errors: [] })
      expect(told).toEqual([])
    },
  )

  test('everywhere without revocation, alone: no refresh of their user is accepted any more', async () => {
    const { sessions, told, endSession } = create()
    await endSession({ sessionJwts: [ada], refreshJwts: [] }, 'everywhere')
    expect(told).toEqual(['revoked-all'])
    expect(await sessions.authenticate({ refreshJwt: here })).toMatchObject({ reason: 'revoked' })
  })

  test('everywhere without revocation, beside a refresh token: that names the user', async () => {
    const { told, endSession } = create()
    await endSession({ sessionJwts: [ada], refreshJwts: [here] }, 'everywhere')
    expect(told).toEqual(['logoutAll', 'revoked-all'])
  })

  test('everywhere while the keys are unavailable: ended by a refresh token that the service ended', async () => {
    const keySet = () => Promise.reject(new Error('503'))
    const tokens = { sessionJwts: [ada], refreshJwts: [here] }
    const [confirmed, silent] = [create({ keySet }), create({ keySet, service: 'is silent' })]
    expect((await confirmed.endSession(tokens, 'everywhere')).ended).toBe(true)
    expect((await silent.endSession(tokens, 'everywhere')).ended).toBe(false)
  })

  test.each<EndScope>(['this-session', 'everywhere', 'replaced'])(
    '%s: a record that fails leaves them not ended',
    async (scope) => {
      const { endSession } = create({ revocation: 'on', store: 'fails' })
      const result = await endSession({ sessionJwts: [ada, other], refreshJwts: [] }, scope)
      expect(result.ended).toBe(false)
      expect(codesOf(result.errors)).toEqual(Array(2).fill('ERR_LOGOUT_NOT_RECORDED'))
    },
  )
})

test('tells whose sessions ended: of tokens that are valid, and of one user', async () => {
  const { endSession } = create()
  const eves = refreshToken(key, { claims: { sub: 'U2eve' } })
  const userOf = async (...refreshJwts: string[]): Promise<string | undefined> =>
    (await endSession({ sessionJwts: [], refreshJwts }, 'this-session')).userId
  expect(await userOf(eves, 'garbage')).toBe('U2eve')
  expect(await userOf('garbage')).toBe(undefined)
  expect(await userOf(eves, here)).toBe(undefined)
})
