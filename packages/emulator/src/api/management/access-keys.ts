import { z } from 'zod'
import type { Membership } from '../../world/users/user-directory.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { claims, names } from '../schemas.ts'

const createAccessKeyRequest = z.object({
  name: z.string().min(1),
  expireTime: z.number().nullish(),
  roleNames: names,
  keyTenants: z.array(z.object({ tenantId: z.string(), roleNames: names })).nullish(),
  customClaims: claims,
})

/**
 * `POST /v1/mgmt/accesskey/create`: the only way to create an access key. With `expireTime` 0 the
 * key never expires.
 */
export function createAccessKey(call: Call): EndpointResponse {
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
