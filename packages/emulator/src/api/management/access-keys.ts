import { z } from 'zod'
import type { AccessKeyRecord } from '../../world/users/access-keys.ts'
import { type Call, type EndpointResponse, readBody, readFields } from '../call.ts'
import { mustBe } from '../../schema-error.ts'
import { isNetwork } from '../../world/users/networks.ts'
import { claims, listOf, names, seconds, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'
import { membershipsOf, tenantRoles } from './user-fields.ts'

const keyFields = {
  name: z.string().min(1),
  description: text,
  roleNames: names,
  keyTenants: tenantRoles,
  customClaims: claims,
  customAttributes: claims,
  permittedIps: listOf(z.string().refine(isNetwork, mustBe('IP addresses or networks'))),
}

const createAccessKeyRequest = z.object({
  ...keyFields,
  expireTime: seconds,
  userId: text,
})

/** `POST /v1/mgmt/accesskey/create`. With `expireTime` 0 the key never expires. */
export function createAccessKey(call: Call): EndpointResponse {
  const { world } = call
  const { expireTime, userId, ...body } = readBody(call, createAccessKeyRequest)
  const { record, cleartext } = world.state.accessKeys.create({
    ...detailsOf(body),
    boundUserId: userId,
    active: true,
    endsAt: expireTime ? expireTime * 1000 : undefined,
    createdAt: world.clock.now(),
  })
  return { body: { key: view(record, world.clock.now()), cleartext } }
}

const idRequest = z.object({ id: z.string().min(1) })

/** `GET /v1/mgmt/accesskey?id=`. */
export function loadAccessKey(call: Call): EndpointResponse {
  const record = find(call, readFields(call.query, idRequest).id)
  return { body: { key: view(record, call.world.clock.now()) } }
}

const searchRequest = z.object({
  tenantIds: names,
  boundUserId: text,
  creatingUser: text,
  customAttributes: claims,
})

/** `POST /v1/mgmt/accesskey/search`: the keys that match every filter. */
export function searchAccessKeys(call: Call): EndpointResponse {
  const { world } = call
  const wanted = readBody(call, searchRequest)
  const attributes = Object.entries(wanted.customAttributes ?? {})
  const found = world.state.accessKeys
    .all()
    .filter(
      (key) =>
        (wanted.tenantIds.length === 0 || wanted.tenantIds.some((id) => key.tenants.has(id))) &&
        (wanted.boundUserId ?? key.boundUserId) === key.boundUserId &&
        (wanted.creatingUser ?? creator) === creator &&
        attributes.every(([name, value]) => key.customAttributes[name] === value),
    )
  return { body: { keys: found.map((key) => view(key, world.clock.now())) } }
}

/** `POST /v1/mgmt/accesskey/update`: sets every field. */
export function updateAccessKey(call: Call): EndpointResponse {
  const { id, ...body } = readBody(call, idRequest.extend(keyFields))
  const record = Object.assign(find(call, id), detailsOf(body))
  return { body: { key: view(record, call.world.clock.now()) } }
}

/** `POST /v1/mgmt/accesskey/activate` and `…/deactivate`, of one key or, at `…/batch`, of several. */
export function setActive(active: boolean): (call: Call) => EndpointResponse {
  return (call) => {
    for (const record of findAll(call)) record.active = active
    return { body: {} }
  }
}

/** `POST /v1/mgmt/accesskey/delete`, of one key or, at `…/batch`, of several. */
export function deleteAccessKeys(call: Call): EndpointResponse {
  for (const record of findAll(call)) call.world.state.accessKeys.remove(record)
  return { body: {} }
}

/** `POST /v1/mgmt/accesskey/rotate`: a new secret for the key; the old one is invalid at once. */
export function rotateAccessKey(call: Call): EndpointResponse {
  const record = find(call, readBody(call, idRequest).id)
  const cleartext = call.world.state.accessKeys.rotate(record)
  return { body: { key: view(record, call.world.clock.now()), cleartext } }
}

function findAll(call: Call): AccessKeyRecord[] {
  const { id, ids } = readBody(call, z.object({ id: text, ids: names }))
  if (id === undefined && ids.length === 0) {
    throw new ServiceError('invalidRequest', 'The id field is required')
  }
  return [...(id === undefined ? [] : [id]), ...ids].map((one) => find(call, one))
}

function find(call: Call, id: string): AccessKeyRecord {
  const record = call.world.state.accessKeys.byId(id)
  if (record === undefined) {
    throw new ServiceError('invalidArguments', 'There is no such access key')
  }
  return record
}

type KeyDetails = Omit<AccessKeyRecord, 'keyId' | 'boundUserId' | 'active' | 'endsAt' | 'createdAt'>

const keyDetails = z.object(keyFields)

function detailsOf(body: z.output<typeof keyDetails>): KeyDetails {
  return {
    name: body.name,
    description: body.description ?? '',
    roles: body.roleNames,
    tenants: membershipsOf(body.keyTenants ?? []),
    customClaims: body.customClaims ?? {},
    customAttributes: body.customAttributes ?? {},
    permittedIps: body.permittedIps,
  }
}

// Who created a key: every key is created with the one management key of the emulator.
const creator = 'management-key'

function view(record: AccessKeyRecord, now: number): Record<string, unknown> {
  const { keyId, name, description, roles, tenants, endsAt, createdAt } = record
  const expired = endsAt !== undefined && endsAt <= now
  return {
    id: keyId,
    name,
    description,
    roleNames: roles,
    keyTenants: Array.from(tenants, ([tenantId, membership]) => ({
      tenantId,
      roleNames: membership.roles,
    })),
    status: expired ? 'expired' : record.active ? 'active' : 'inactive',
    createdTime: Math.floor(createdAt / 1000),
    expireTime: Math.floor((endsAt ?? 0) / 1000),
    createdBy: creator,
    clientId: keyId,
    boundUserId: record.boundUserId ?? '',
    permittedIps: record.permittedIps,
    customClaims: record.customClaims,
    customAttributes: record.customAttributes,
  }
}
