import { describe, expect, test } from 'vitest'
import type { TokenClaims } from '../../src/model/claims.ts'
import { grantsIn } from '../../src/model/grants.ts'

function token(claims: Record<string, unknown>): TokenClaims {
  return { sub: 'U2', iss: 'P2', iat: 0, exp: 1, drn: 'DS', ...claims }
}

const grants = { roles: ['admin'], permissions: ['read'] }
const nothing = { roles: [], permissions: [] }

describe('what a token grants in a tenant', () => {
  test.each([
    ['its entry in tenants', { tenants: { T1: grants } }, 'T1', grants],
    ['nothing, for an empty entry', { tenants: { T1: {} } }, 'T1', nothing],
    ['nothing in another tenant', { tenants: { T1: grants } }, 'T2', undefined],
    ['the top, for the current tenant without tenants', { dct: 'T1', ...grants }, 'T1', grants],
    [
      'not the top, where there are tenants',
      { dct: 'T1', tenants: {}, ...grants },
      'T1',
      undefined,
    ],
    ['not the top, in another tenant', { dct: 'T1', ...grants }, 'T2', undefined],
    ['nothing in a tenant that is no object', { tenants: { T1: 'admin' } }, 'T1', undefined],
    ['nothing where tenants is a list', { tenants: [grants] }, '0', undefined],
    ['nothing in "", the current tenant', { dct: '', ...grants }, '', undefined],
    ['nothing in "", which is among the tenants', { tenants: { '': grants } }, '', undefined],
    ['nothing of a prototype', { tenants: {} }, 'constructor', undefined],
  ])('%s', (_title, claims, tenant, expected) => {
    expect(grantsIn(token(claims), tenant)).toEqual(expected)
  })
})

describe('what a token grants outside of any tenant', () => {
  test.each([
    ['its own lists', grants, grants],
    ['nothing without lists', {}, nothing],
    ['nothing of a list that holds more than strings', { roles: ['admin', 7] }, nothing],
    ['nothing of a string', { roles: 'admin' }, nothing],
  ])('%s', (_title, claims, expected) => {
    expect(grantsIn(token(claims))).toEqual(expected)
  })
})
