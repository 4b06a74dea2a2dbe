import { z } from 'zod'
import { randomId } from '../../world/random.ts'
import type { Membership } from '../../world/users/user-directory.ts'
import { type Answer, type Call, readBody } from '../call.ts'
import { claims, names, text } from '../schemas.ts'

const createAccessKeyRequest = z.object({
  name: z.string().min(1),
  expireTime: z.number().nullish(),
  roleNames: names,
  keyTenants: z.array(z.object({ tenantId: z.string(), roleNames: names })).nullish(),
  customClaims: claims,
})

/** `POST /v1/mgmt/accesskey/create`: the one way to an access key. `expireTime` 0 never ends. */
export function createAccessKey(call: Call): Answer {
  const { world } = call
  const body = readBody(call, createAccessKeyRequest)
  const tenants = new Map<string, Membership>()
  for (const { tenantId, roleNames } of body.keyTenants ?? []) {
    tenants.set(tenantId, { roles: roleNames, permissions: [] })
  }
  const { record, cleartext } = world.state.accessKeys.create({
    name: body.name,
    roles: body.roleNames,
    tenants,
    customClaims: body.customClaims ?? {},
    endsAt: body.expireTime ? body.expireTime * 1000 : undefined,
    createdAt: world.clock.now(),
  })
  const key = {
    id: record.keyId,
    name: record.name,
    roleNames: record.roles,
    keyTenants: Array.from(tenants, ([tenantId, { roles }]) => ({ tenantId, roleNames: roles })),
    status: 'active',
    createdTime: Math.floor(record.createdAt / 1000),
    expireTime: body.expireTime ?? 0,
    createdBy: '',
    clientId: record.keyId,
  }
  return { body: { key, cleartext } }
}

const createTenantRequest = z.object({ id: text, name: z.string().min(1) })

/** `POST /v1/mgmt/tenant/create`: gives a tenant the name that answers show. */
export function createTenant(call: Call): Answer {
  const { id, name } = readBody(call, createTenantRequest)
  const tenantId = id ?? randomId('T2')
  call.world.state.tenantNames.set(tenantId, name)
  return { body: { id: tenantId } }
}
