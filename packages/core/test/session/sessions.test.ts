import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { makeKey, refreshToken, sessionToken, startTime } from '@linkpass/testing'
import { memoryStore } from '../../src/store/memory-store.ts'
import { createTestService } from './service.ts'

const key = makeKey('K1')
const otherKey = makeKey('K1')
const keySet = () => ({ keys: [key.jwk] })

describe('sessions', () => {
  test('a valid session token is accepted, and its keys are fetched once', async () => {
    const { sessions, calls } = createTestService({ keySet })
    const jwt = sessionToken(key)
    const first = await sessions.validateSession(jwt)
    expect(first.token.sub).toBe('U2ada')
    expect(Object.isFrozen(first) && Object.isFrozen(first.token)).toBe(true)
    expect(`${JSON.stringify(first)} ${inspect(first)}`).not.toContain(jwt)
    const second = await sessions.validateSession(jwt)
    expect(second).toEqual(first)
    expect(await sessions.validateSession(jwt)).toBe(second)
    expect(calls.keys).toBe(1)
  })

  test('a token is verified synchronously while the keys are known', async () => {
    const { sessions } = createTestService({ keySet })
    const jwt = sessionToken(key)
    await sessions.authenticate({ sessionJwt: jwt })
    expect(sessions.authenticate({ sessionJwt: jwt })).toMatchObject({ status: 'signed-in' })
  })

  test('equal texts in the claims of cached sessions are kept once, and what only looks equal is not shared', async () => {
    const { sessions } = createTestService({ keySet })
    const tenants = { T1: { roles: ['admin'] } }
    const claimsOf = async (sub: string, claims: object): Promise<Record<string, unknown>> => {
      const jwt = sessionToken(key, { claims: { sub, ...claims } })
      const first = await sessions.validateSession(jwt)
      const kept = await sessions.validateSession(jwt)
      expect(kept.token).toEqual(first.token)
      expect([Object.isFrozen(kept.token), Object.keys(kept.token)]).toEqual([
        true,
        Object.keys(first.token),
      ])
      return kept.token
    }
    const ada = await claimsOf('U2ada', { roles: ['editor'], tenants, limits: [0], left: [] })
    const bob = await claimsOf('U2bob', { roles: ['editor'], tenants, limits: [-0], left: [] })
    expect([bob['sub'], bob['limits']]).toEqual(['U2bob', [0]])
    for (const name of ['roles', 'tenants', 'left']) expect(bob[name]).toBe(ada[name])
    expect(bob['limits']).not.toBe(ada['limits'])
  })

  test('texts in claims are shared as long as there are at most a thousand', async () => {
    const { sessions } = createTestService({ keySet })
    const rolesOf = async (sub: string, role: string): Promise<unknown> => {
      const jwt = sessionToken(key, { claims: { sub, roles: [role], amr: null } })
      await sessions.validateSession(jwt)
      return (await sessions.validateSession(jwt)).token['roles']
    }
    const first = await rolesOf('U2ada', 'editor')
    for (let index = 0; index < 500; index += 1) await rolesOf('U2ada', `role ${index}`)
    expect(await rolesOf('U2bob', 'editor')).toBe(first)
    for (let index = 500; index < 1000; index += 1) await rolesOf('U2ada', `role ${index}`)
    const later = await rolesOf('U2eve', 'editor')
    expect(later).toEqual(first)
    expect(later).not.toBe(first)
  })

  test('tokens with always different headers are verified alike', async () => {
    const { sessions } = createTestService({ keySet })
    await sessions.warmUp()
    for (let index = 0; index < 100; index += 1) {
      const header = { 'x-index': index % 70 }
      const claims = { jti: `${index}` }
      const outcome = sessions.authenticate({ sessionJwt: sessionToken(key, { header, claims }) })
      expect(outcome).toMatchObject({ status: 'signed-in' })
      const forged = sessionToken(otherKey, { header, claims })
      expect(sessions.authenticate({ sessionJwt: forged })).toMatchObject({ reason: 'invalid' })
    }
  })

  test('warmUp asks the store once, and tells of one that is wrong', async () => {
    const warned: string[] = []
    const listen = ({ message }: Error): unknown => warned.push(message)
    process.on('warning', listen)
    const asked: string[] = []
    const get = async (name: string): Promise<string> => {
      asked.push(name)
      return Symbol('wrong') as never
    }
    const service = createTestService({ keySet, store: { ...memoryStore(), get } })
    await service.sessions.warmUp()
    await service.sessions.warmUp()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', listen)
    expect(asked).toEqual(['health'])
    expect(warned).toEqual([
      'The state store resolved get to symbol; expected a string or undefined.',
    ])
  })

  test('an expired session is refreshed, once for fifty requests at once', async () => {
    const service = createTestService({
      keySet,
      refresh: async () => ({ ok: true, code: 200, data: { sessionJwt: sessionToken(key) } }),
    })
    const presented = {
      sessionJwt: sessionToken(key, {}, startTime - 3_600_000),
      refreshJwt: refreshToken(key),
    }
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async () => service.sessions.authenticate(presented)),
    )
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'signed-in', source: 'refreshed' })
    }
    expect(service.calls.refresh).toBe(1)
  })

  test('the tokens of a sign-in are accepted when both are valid and of one user', async () => {
    const { sessions } = createTestService({ keySet })
    const tokens = { sessionJwt: sessionToken(key), refreshJwt: refreshToken(key) }
    const signedIn = await sessions.validateSignIn(tokens)
    expect(signedIn.session.userId).toBe('U2ada')
    expect(signedIn.tokens.refreshJwt).toBe(tokens.refreshJwt)
    const other = { ...tokens, refreshJwt: refreshToken(key, { claims: { sub: 'U2eve' } }) }
    await expect(sessions.validateSignIn(other)).rejects.toMatchObject({ code: 'ERR_TOKEN_CLAIM' })
  })
})
