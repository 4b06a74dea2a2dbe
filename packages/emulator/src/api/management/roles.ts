import { z } from 'zod'
import { randomId } from '../../world/random.ts'
import type { Catalogue, RoleRecord } from '../../world/users/catalogue.ts'
import type { World } from '../../world/world.ts'
import { type Call, type EndpointResponse, readBody } from '../call.ts'
import { flag, listOf, names, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'

const newRole = z.object({
  name: z.string().min(1),
  description: text,
  permissionNames: names,
  tenantId: text,
  default: flag,
})

/** `POST /v1/mgmt/role/create`. */
export function createRole(call: Call): EndpointResponse {
  create(call.world, readBody(call, newRole))
  return { body: {} }
}

/** `POST /v1/mgmt/role/create/batch`: all of them, or none if one exists. */
export function createRoles(call: Call): EndpointResponse {
  const { roles } = readBody(call, z.object({ roles: listOf(newRole) }))
  const wanted = roles.map(({ name, tenantId }) => JSON.stringify([tenantId, name]))
  if (new Set(wanted).size < roles.length) throw exists()
  for (const { name, tenantId } of roles) requireFree(call, name, tenantId)
  return { body: { roles: roles.map((role) => view(create(call.world, role))) } }
}

const changedRole = newRole.extend({ id: text, name: text, newName: text })

/** `POST /v1/mgmt/role/update`, by id or name: sets every field. */
export function updateRole(call: Call): EndpointResponse {
  update(call, readBody(call, changedRole))
  return { body: {} }
}

/** `POST /v1/mgmt/role/update/batch`. */
export function updateRoles(call: Call): EndpointResponse {
  const { roles } = readBody(call, z.object({ roles: listOf(changedRole) }))
  return { body: { roles: roles.map((role) => view(update(call, role))) } }
}

/** `POST /v1/mgmt/role/delete`, by id or name: also takes it from its users. */
export function deleteRole(call: Call): EndpointResponse {
  const wanted = readBody(call, z.object({ id: text, name: text, tenantId: text }))
  remove(call, find(call, wanted))
  return { body: {} }
}

const batchDelete = z.object({ roleNames: names, roleIds: names, tenantId: text })

/** `POST /v1/mgmt/role/delete/batch`. */
export function deleteRoles(call: Call): EndpointResponse {
  const { roleNames, roleIds, tenantId } = readBody(call, batchDelete)
  const found = [
    ...roleIds.map((id) => find(call, { id, tenantId })),
    ...roleNames.map((name) => find(call, { name, tenantId })),
  ]
  for (const role of found) remove(call, role)
  return { body: {} }
}

/** `GET /v1/mgmt/role/all`: the roles of the project and of every tenant. */
export function loadRoles(call: Call): EndpointResponse {
  return { body: { roles: all(call).map(view) } }
}

const searchRequest = z.object({
  tenantIds: names,
  roleNames: names,
  roleNameLike: text,
  permissionNames: names,
  includeProjectRoles: flag,
})

/** `POST /v1/mgmt/role/search`: the roles that match every filter. */
export function searchRoles(call: Call): EndpointResponse {
  const wanted = readBody(call, searchRequest)
  const like = wanted.roleNameLike?.toLowerCase() ?? ''
  const found = all(call).filter(
    ({ name, tenantId, permissionNames }) =>
      (wanted.tenantIds.length === 0 ||
        (tenantId === undefined
          ? wanted.includeProjectRoles
          : wanted.tenantIds.includes(tenantId))) &&
      (wanted.roleNames.length === 0 || wanted.roleNames.includes(name)) &&
      name.toLowerCase().includes(like) &&
      wanted.permissionNames.every((permission) => permissionNames.includes(permission)),
  )
  return { body: { roles: found.map(view) } }
}

function create({ state, clock }: World, given: z.output<typeof newRole>): RoleRecord {
  const { name, description = '', permissionNames, tenantId } = given
  requireFree({ world: { state } }, name, tenantId)
  const role: RoleRecord = {
    id: randomId('RL2'),
    name,
    description,
    permissionNames,
    tenantId,
    isDefault: given.default,
    createdAt: clock.now(),
  }
  state.catalogue.roles.set(role.id, role)
  return role
}

function update(call: Call, given: z.output<typeof changedRole>): RoleRecord {
  const role = find(call, given)
  const { newName = role.name, description = '', permissionNames } = given
  if (newName !== role.name) {
    requireFree(call, newName, role.tenantId)
    renameEverywhere(call, role, newName)
  }
  return Object.assign(role, {
    name: newName,
    description,
    permissionNames,
    isDefault: given.default,
  })
}

function remove(call: Call, role: RoleRecord): void {
  renameEverywhere(call, role, undefined)
  call.world.state.catalogue.roles.delete(role.id)
}

// Users and access keys have their roles by name. Undefined takes the role away.
function renameEverywhere(call: Call, role: RoleRecord, name: string | undefined): void {
  const { users, accessKeys } = call.world.state
  const renamed = (roles: readonly string[]): string[] =>
    roles.flatMap((one) => (one === role.name ? (name ?? []) : one))
  for (const holder of [...users.all(), ...accessKeys.all()]) {
    if (role.tenantId === undefined) holder.roles = renamed(holder.roles)
    const membership = role.tenantId === undefined ? undefined : holder.tenants.get(role.tenantId)
    if (membership !== undefined) membership.roles = renamed(membership.roles)
  }
}

function all(call: Call): RoleRecord[] {
  return [...call.world.state.catalogue.roles.values()]
}

interface WantedRole {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly tenantId?: string | undefined
}

function find(call: Call, { id, name, tenantId }: WantedRole): RoleRecord {
  const found = all(call).find((role) =>
    id === undefined ? role.name === name && role.tenantId === tenantId : role.id === id,
  )
  if (found === undefined) throw new ServiceError('invalidArguments', 'There is no such role')
  return found
}

function requireFree(
  { world }: { world: { state: { catalogue: Catalogue } } },
  name: string,
  tenantId: string | undefined,
): void {
  const roles = [...world.state.catalogue.roles.values()]
  if (roles.some((role) => role.name === name && role.tenantId === tenantId)) {
    throw exists()
  }
}

function exists(): ServiceError {
  return new ServiceError('invalidArguments', 'A role with this name exists')
}

function view({ createdAt, isDefault, tenantId, ...role }: RoleRecord): Record<string, unknown> {
  return {
    ...role,
    tenantId: tenantId ?? '',
    default: isDefault,
    private: false,
    createdTime: Math.floor(createdAt / 1000),
  }
}
