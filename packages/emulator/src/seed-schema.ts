import { z } from 'zod'
import { mustBe } from './schema-error.ts'
import type { Seed } from './world/seed.ts'
import { loginIdKey } from './world/users/login-id.ts'
import { userStatuses } from './world/users/user-directory.ts'

const text = z.string(mustBe('text')).min(1, mustBe('text'))
const names = z.array(text, mustBe('a list of names')).optional()
const flag = z.boolean(mustBe('true or false')).optional()
const grants = z.strictObject({ roles: names, permissions: names })

const shape = z.strictObject({
  tenants: z.array(z.strictObject({ id: text, name: text }), mustBe('a list')).optional(),
  roles: z
    .array(
      z.strictObject({ name: text, permissions: names, tenantId: text.optional() }),
      mustBe('a list'),
    )
    .optional(),
  users: z
    .array(
      z.strictObject({
        loginId: text,
        name: text.optional(),
        email: text.optional(),
        phone: text.optional(),
        status: z.enum(userStatuses, mustBe(`one of ${userStatuses.join(', ')}`)).optional(),
        test: flag,
        roles: names,
        permissions: names,
        tenants: z.record(z.string(), grants, mustBe('an object of tenants by id')).optional(),
        customAttributes: z.record(z.string(), z.unknown()).optional(),
      }),
      mustBe('a list'),
    )
    .optional(),
})

/**
 * A seed whose users are in tenants and have roles that it names, so that a misspelt one is found at
 * the start and not in a test.
 */
export const seedSchema: z.ZodType<Seed> = shape.superRefine((seed, context) => {
  const tenants = new Set(seed.tenants?.map(({ id }) => id))
  const taken = new Set<string>()
  const report = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message })
  }
  const checkRoles = (path: (string | number)[], roles: string[] = [], tenantId?: string): void => {
    for (const name of roles) {
      const known = seed.roles?.some(
        (role) => role.name === name && (role.tenantId === undefined || role.tenantId === tenantId),
      )
      if (known !== true) report(path, `must be roles of this seed, which has no "${name}"`)
    }
  }
  for (const [index, { tenantId }] of (seed.roles ?? []).entries()) {
    if (tenantId !== undefined && !tenants.has(tenantId)) {
      report(['roles', index, 'tenantId'], 'must be a tenant of this seed')
    }
  }
  for (const [index, { loginId, roles, tenants: memberships = {} }] of (
    seed.users ?? []
  ).entries()) {
    const key = loginIdKey(loginId)
    if (taken.has(key)) report(['users', index, 'loginId'], 'must be of one user only')
    taken.add(key)
    checkRoles(['users', index, 'roles'], roles)
    for (const [tenantId, membership] of Object.entries(memberships)) {
      const path = ['users', index, 'tenants', tenantId]
      if (!tenants.has(tenantId)) report(path, 'must be a tenant of this seed')
      checkRoles([...path, 'roles'], membership.roles, tenantId)
    }
  }
})
