import { expect, test } from 'vitest'
import type { Session } from '@linkpass/core'
import { type AccessRule, checkAccess } from '../../src/guard/access.ts'

function sessionOf(more: Record<string, unknown> = {}): Session {
  const claims = { sub: 'U1', iss: 'P', exp: 2, iat: 1, drn: 'DS', ...more }
  const views = { roles: [], permissions: [], tenants: {}, amr: [] }
  return { userId: 'U1', claims, ...views, expiresAt: 2000, jwt: 'x' }
}

const member = sessionOf({
  roles: ['admin'],
  permissions: ['read'],
  tenants: { T1: { roles: ['editor'], permissions: ['write'] } },
})
const current = sessionOf({ roles: ['editor'], dct: 'T1', su: true })
const odd = sessionOf({ roles: ['admin', 7] })
const formerMember = sessionOf({ roles: ['editor'], dct: 'T1', tenants: {} })

test.each<[string, Session, AccessRule, string | undefined, string | undefined]>([
  ['nothing asked', member, {}, undefined, undefined],
  ['a role held', member, { roles: ['admin'] }, undefined, undefined],
  ['one of two roles held', member, { roles: ['admin', 'x'] }, undefined, 'role'],
  ['any of two roles held', member, { roles: { any: ['x', 'admin'] } }, undefined, undefined],
  ['none of two roles held', member, { roles: { any: ['x', 'y'] } }, undefined, 'role'],
  ['any of two permissions', member, { permissions: { any: ['read', 'x'] } }, undefined, undefined],
  ['a permission missing', member, { permissions: ['write'] }, undefined, 'permission'],
  ['a role held in the tenant', member, { roles: ['editor'] }, 'T1', undefined],
  ['a role held outside the tenant', member, { roles: ['admin'] }, 'T1', 'role'],
  ['a tenant of somebody else', member, {}, 'T2', 'tenant'],
  ['a tenant named like a prototype', member, {}, 'constructor', 'tenant'],
  [
    'the current tenant (dct) of a token without tenants',
    current,
    { roles: ['editor'] },
    'T1',
    undefined,
  ],
  ['a current tenant that is not among the tenants', formerMember, {}, 'T1', 'tenant'],
  ['a list of roles that is not one of names', odd, { roles: ['admin'] }, undefined, 'role'],
  ['another tenant than the current one', current, {}, 'T2', 'tenant'],
])('%s', (_, session, rule, tenant, missing) => {
  const failure = missing === undefined ? undefined : { kind: 'forbidden', missing }
  expect(checkAccess(session, rule, tenant)).toEqual(failure)
})

test.each([
  [undefined, false],
  [59, true],
  [60, true],
  [61, false],
])('a step-up of at most 60 seconds, with one %s seconds ago: %s', (age, passes) => {
  const failure = passes ? undefined : { kind: 'step-up-needed' }
  expect(checkAccess(current, { stepUp: { maxAgeSeconds: 60 } }, undefined, age)).toEqual(failure)
  expect(checkAccess(current, { stepUp: true }, undefined, age)).toBeUndefined()
})

test('a step-up is asked for last, and held by the claim su alone', () => {
  expect(checkAccess(member, { stepUp: true })).toEqual({ kind: 'step-up-needed' })
  expect(checkAccess(current, { stepUp: true })).toBeUndefined()
  const said = sessionOf({ su: 'true' })
  expect(checkAccess(said, { stepUp: true })).toEqual({ kind: 'step-up-needed' })
  expect(checkAccess(member, { stepUp: true, roles: ['x'] })).toMatchObject({ missing: 'role' })
})
