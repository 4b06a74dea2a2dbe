import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { encode } from '@linkpass/testing'
import { readSignedJson } from '../../src/jwt/json.ts'
import { viewSession } from '../../src/session/token-views.ts'

const base = { sub: 'U2ada', iss: 'P', drn: 'DS', iat: 100, exp: 200 }
/** As it is after validation: claims are read from the payload, and frozen. */
const view = (claims: object = {}) =>
  viewSession({ jwt: 'h.p.s', token: { ...base, ...readSignedJson(encode(claims)) } })

describe('viewSession', () => {
  test('shows the user and what they may do', () => {
    const tenants = { T1: { roles: ['admin'], permissions: ['read'] }, T2: {} }
    expect(view({ roles: ['a'], permissions: ['b'], amr: ['email'], tenants })).toMatchObject({
      userId: 'U2ada',
      roles: ['a'],
      permissions: ['b'],
      amr: ['email'],
      tenants: {
        T1: { roles: ['admin'], permissions: ['read'] },
        T2: { roles: [], permissions: [] },
      },
      expiresAt: 200_000,
      jwt: 'h.p.s',
    })
  })

  test('shows the address and the name, where the token has them', () => {
    expect(view({ email: 'ada@example.test', name: 'Ada' })).toMatchObject({
      email: 'ada@example.test',
      name: 'Ada',
    })
  })

  test.each([undefined, null, '', 7, {}, ['Ada']])(
    'the claim %j is neither an address nor a name',
    (claim) => {
      const { email, name } = view({ email: claim, name: claim })
      expect([email, name]).toEqual([undefined, undefined])
    },
  )

  test.each([
    undefined,
    null,
    'admin',
    7,
    {},
    { 0: 'admin', length: 1 },
    ['admin', 7],
    [['admin']],
  ])('the claim %j grants nothing', (claim) => {
    const session = view({
      roles: claim,
      permissions: claim,
      amr: claim,
      tenants: { T: claim ?? null },
    })
    expect(session.roles).toEqual([])
    expect(session.permissions).toEqual([])
    expect(session.amr).toEqual([])
    expect(session.tenants['T']).toEqual({ roles: [], permissions: [] })
  })

  test.each([undefined, null, 'x', 7, ['T1']])(
    'the claim %j is not a list of tenants',
    (tenants) => {
      expect(Object.keys(view({ tenants }).tenants)).toEqual([])
    },
  )

  test('an inherited property is not a tenant', () => {
    for (const tenants of [undefined, {}, { T1: {} }]) {
      for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
        expect(view({ tenants }).tenants[name]).toBeUndefined()
      }
    }
  })

  test('is deeply frozen', () => {
    const session = view({ roles: ['a'], tenants: { T1: { roles: ['x'] } } })
    const tenant = session.tenants['T1']!
    for (const part of [session, session.roles, session.tenants, tenant, tenant.roles]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  test('does not print its token', () => {
    expect(JSON.stringify(view())).not.toContain('h.p.s')
    expect(inspect(view())).not.toContain('h.p.s')
  })
})
