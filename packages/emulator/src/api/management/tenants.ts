import { z } from 'zod'
import { type TenantRecord, addTenant } from '../../world/users/catalogue.ts'
import { type Call, type EndpointResponse, readBody, readFields } from '../call.ts'
import { claims, flag, names, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'

const tenantFields = {
  name: z.string().min(1),
  selfProvisioningDomains: names,
  customAttributes: claims,
  enforceSSO: flag,
  disabled: flag,
}

const createTenantRequest = z.object({ ...tenantFields, id: text, parent: text })

/** `POST /v1/mgmt/tenant/create`. */
export function createTenant(call: Call): EndpointResponse {
  const { world } = call
  const { id, customAttributes = {}, ...fields } = readBody(call, createTenantRequest)
  const { catalogue } = world.state
  if (id !== undefined && catalogue.tenants.has(id)) {
    throw new ServiceError('invalidArguments', 'A tenant with this id exists')
  }
  const given = { ...fields, customAttributes, createdAt: world.clock.now() }
  return { body: { id: addTenant(catalogue, id === undefined ? given : { ...given, id }).id } }
}

const idRequest = z.object({ id: z.string().min(1) })
const updateTenantRequest = idRequest.extend(tenantFields)

/** `POST /v1/mgmt/tenant/update`: sets every field. */
export function updateTenant(call: Call): EndpointResponse {
  const { id, customAttributes = {}, ...fields } = readBody(call, updateTenantRequest)
  Object.assign(find(call, id), { ...fields, customAttributes })
  return { body: {} }
}

/** `POST /v1/mgmt/tenant/updateDefaultRoles`: they are stored and returned, and given to no user. */
export function updateDefaultRoles(call: Call): EndpointResponse {
  const { id, defaultRoles } = readBody(call, idRequest.extend({ defaultRoles: names }))
  find(call, id).defaultRoles = defaultRoles
  return { body: {} }
}

/** `POST /v1/mgmt/tenant/delete`: also takes users and access keys out of it, and deletes its roles. */
export function deleteTenant(call: Call): EndpointResponse {
  const { state } = call.world
  const { id } = readBody(call, idRequest)
  find(call, id)
  state.catalogue.tenants.delete(id)
  for (const holder of [...state.users.all(), ...state.accessKeys.all()]) holder.tenants.delete(id)
  for (const role of state.catalogue.roles.values()) {
    if (role.tenantId === id) state.catalogue.roles.delete(role.id)
  }
  return { body: {} }
}

/** `GET /v1/mgmt/tenant?id=`. */
export function loadTenant(call: Call): EndpointResponse {
  return { body: view(find(call, readFields(call.query, idRequest).id)) }
}

/** `GET /v1/mgmt/tenant/all`. */
export function loadTenants(call: Call): EndpointResponse {
  return { body: { tenants: all(call).map(view) } }
}

const searchRequest = z.object({
  tenantIds: names,
  tenantNames: names,
  tenantSelfProvisioningDomains: names,
  parentTenantId: text,
})

/** `POST /v1/mgmt/tenant/search`: the tenants that match every filter. */
export function searchTenants(call: Call): EndpointResponse {
  const wanted = readBody(call, searchRequest)
  const domains = wanted.tenantSelfProvisioningDomains
  const found = all(call).filter(
    ({ id, name, selfProvisioningDomains, parent }) =>
      (wanted.tenantIds.length === 0 || wanted.tenantIds.includes(id)) &&
      (wanted.tenantNames.length === 0 || wanted.tenantNames.includes(name)) &&
      (domains.length === 0 || selfProvisioningDomains.some((one) => domains.includes(one))) &&
      (wanted.parentTenantId ?? parent) === parent,
  )
  return { body: { tenants: found.map(view) } }
}

function all(call: Call): TenantRecord[] {
  return [...call.world.state.catalogue.tenants.values()]
}

function find(call: Call, id: string): TenantRecord {
  const tenant = call.world.state.catalogue.tenants.get(id)
  if (tenant === undefined) throw new ServiceError('invalidArguments', 'There is no such tenant')
  return tenant
}

function view({ createdAt, parent, ...tenant }: TenantRecord): Record<string, unknown> {
  return {
    ...tenant,
    ...(parent !== undefined && { parent }),
    domains: tenant.selfProvisioningDomains,
    authType: 'none',
    createdTime: Math.floor(createdAt / 1000),
  }
}
