import { describe, expect, it } from 'vitest'
import { authorization } from '../../src/model/authorization.ts'
import type { TokenClaims } from '../../src/model/claims.ts'

const {
  getMatchedPermissions,
  getMatchedRoles,
  getMatchedTenantPermissions,
  getMatchedTenantRoles,
  validatePermissions,
  validateRoles,
  validateTenantPermissions,
  validateTenantRoles,
} = authorization

function session(claims: Record<string, unknown>): { token: TokenClaims } {
  return { token: { sub: 'U2', iss: 'P2', exp: 2, iat: 1, drn: 'DS', ...claims } }
}

const ada = session({
  roles: ['author', 'editor'],
  permissions: ['read', 'write'],
  tenants: { acme: { roles: ['owner'], permissions: ['bill'] }, empty: {} },
})

describe('roles and permissions outside of tenants', () => {
  it('are all held, or not', () => {
    expect(validateRoles(ada, ['editor', 'author'])).toBe(true)
    expect(validateRoles(ada, ['editor', 'owner'])).toBe(false)
    expect(validatePermissions(ada, ['read'])).toBe(true)
    expect(validatePermissions(ada, ['bill'])).toBe(false)
  })

  it('are read from the session of a request as well', () => {
    const ofRequest = { claims: ada.token }
    expect(validateRoles(ofRequest, ['editor'])).toBe(true)
    expect(validatePermissions(ofRequest, ['bill'])).toBe(false)
    expect(validateTenantRoles(ofRequest, 'acme', ['owner'])).toBe(true)
  })

  it('are matched in the requested order', () => {
    expect(getMatchedRoles(ada, ['editor', 'owner', 'author'])).toEqual(['editor', 'author'])
    expect(getMatchedPermissions(ada, ['bill'])).toEqual([])
  })

  it('are all granted when none is requested', () => {
    expect(validateRoles(session({}), [])).toBe(true)
  })

  it.each([
    ['a string', 'admin'],
    ['an object', { 0: 'admin', length: 1 }],
    ['null', null],
  ])('are none when the claim is %s', (_what, claim) => {
    expect(validateRoles(session({ roles: claim }), ['admin'])).toBe(false)
    expect(getMatchedPermissions(session({ permissions: claim }), ['admin'])).toEqual([])
  })
})

describe('what is no session, or no list', () => {
  it.each<[string, unknown]>([
    ['a token', 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl'],
    ['the result of a call', { sessionJwt: 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl' }],
    ['a string in place of the claims', { token: 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl' }],
    ['nothing', undefined],
    ['null', null],
  ])('throws for %s, and shows no token', (_what, given) => {
    const expected = 'Roles are read from a session, or from what validateSession() resolved to.'
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as JavaScript may call it
    const wrong = given as { token: TokenClaims }
    expect(() => validateRoles(wrong, ['admin'])).toThrow(new TypeError(expected))
    expect(() => getMatchedTenantPermissions(wrong, 'acme', [])).toThrow(new TypeError(expected))
  })

  it.each<unknown>(['editor', undefined, { any: ['editor'] }])(
    'throws for the roles %j',
    (given) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as JavaScript may call it
      const wrong = given as string[]
      expect(() => validateRoles(ada, wrong)).toThrow('as a list, such as ["admin"]')
      expect(() => getMatchedRoles(ada, wrong)).toThrow('as a list, such as ["admin"]')
      expect(() => validateTenantRoles(ada, 'none', wrong)).toThrow('as a list')
    },
  )
})

describe('roles and permissions in a tenant', () => {
  it('are those of that tenant alone', () => {
    expect(validateTenantRoles(ada, 'acme', ['owner'])).toBe(true)
    expect(validateTenantRoles(ada, 'acme', ['author'])).toBe(false)
    expect(validateTenantPermissions(ada, 'acme', ['bill'])).toBe(true)
    expect(getMatchedTenantRoles(ada, 'acme', ['author', 'owner'])).toEqual(['owner'])
    expect(getMatchedTenantPermissions(ada, 'umbrella', ['bill'])).toEqual([])
  })

  it('distinguish a member without grants from a user of another tenant', () => {
    expect(validateTenantRoles(ada, 'empty', [])).toBe(true)
    expect(validateTenantRoles(ada, 'umbrella', [])).toBe(false)
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', ''])(
    'do not exist for a tenant called %j',
    (tenant) => {
      expect(validateTenantRoles(ada, tenant, [])).toBe(false)
      expect(validateTenantPermissions(ada, tenant, [])).toBe(false)
      expect(getMatchedTenantRoles(ada, tenant, ['author'])).toEqual([])
    },
  )

  it.each([undefined, null, 5, ['acme'], {}])(
    'P21: do not exist for a tenant of another type: %j',
    (tenant) => {
      for (const claims of [ada.token, { dct: tenant, roles: ['author'], permissions: ['read'] }]) {
        const some = session(claims)
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as code without types passes it
        const none = tenant as string
        expect(validateTenantRoles(some, none, ['author'])).toBe(false)
        expect(validateTenantRoles(some, none, [])).toBe(false)
        expect(validateTenantPermissions(some, none, ['read'])).toBe(false)
        expect(getMatchedTenantRoles(some, none, ['author'])).toEqual([])
        expect(getMatchedTenantPermissions(some, none, ['read'])).toEqual([])
      }
    },
  )

  it('are at the top level of a token without tenants whose current tenant this is', () => {
    const single = session({ dct: 'acme', roles: ['owner'], permissions: ['bill'] })
    expect(validateTenantRoles(single, 'acme', ['owner'])).toBe(true)
    expect(validateTenantPermissions(single, 'acme', ['bill'])).toBe(true)
    expect(validateTenantRoles(single, 'umbrella', [])).toBe(false)
  })

  it('are not at the top level of a token that has tenants', () => {
    const both = session({ dct: 'acme', roles: ['owner'], tenants: { acme: {} } })
    expect(validateTenantRoles(both, 'acme', ['owner'])).toBe(false)
    expect(validateTenantRoles(session({ dct: 'b', tenants: { a: {} } }), 'b', [])).toBe(false)
  })

  it.each([[[]], ['acme'], [null], [1]])('are none when the claim is %j', (tenants) => {
    const odd = session({ tenants, dct: 'acme', roles: ['owner'] })
    expect(validateTenantRoles(odd, 'acme', [])).toBe(false)
  })
})
