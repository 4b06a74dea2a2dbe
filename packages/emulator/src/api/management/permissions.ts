import { z } from 'zod'
import { randomId } from '../../world/random.ts'
import type { PermissionRecord } from '../../world/users/catalogue.ts'
import { type Call, type EndpointResponse, readBody } from '../call.ts'
import { listOf, names, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'

const newPermission = z.object({ name: z.string().min(1), description: text })

/** `POST /v1/mgmt/permission/create`. */
export function createPermission(call: Call): EndpointResponse {
  create(call, [readBody(call, newPermission)])
  return { body: {} }
}

/** `POST /v1/mgmt/permission/create/batch`: all of them, or none if one exists. */
export function createPermissions(call: Call): EndpointResponse {
  const { permissions } = readBody(call, z.object({ permissions: listOf(newPermission) }))
  return { body: { permissions: create(call, permissions).map(view) } }
}

const changed = z.object({ id: text, name: text, newName: text, description: text })

/** `POST /v1/mgmt/permission/update`, by id or name: sets every field. */
export function updatePermission(call: Call): EndpointResponse {
  update(call, readBody(call, changed))
  return { body: {} }
}

/** `POST /v1/mgmt/permission/update/batch`. */
export function updatePermissions(call: Call): EndpointResponse {
  const { permissions } = readBody(call, z.object({ permissions: listOf(changed) }))
  return { body: { permissions: permissions.map((one) => view(update(call, one))) } }
}

/** `POST /v1/mgmt/permission/delete`, by id or name: also takes it from its roles. */
export function deletePermission(call: Call): EndpointResponse {
  remove(call, find(call, readBody(call, z.object({ id: text, name: text }))))
  return { body: {} }
}

/** `POST /v1/mgmt/permission/delete/batch`. */
export function deletePermissions(call: Call): EndpointResponse {
  const wanted = readBody(call, z.object({ names, ids: names }))
  const found = [
    ...wanted.names.map((name) => find(call, { name })),
    ...wanted.ids.map((id) => find(call, { id })),
  ]
  for (const permission of found) remove(call, permission)
  return { body: {} }
}

/** `GET /v1/mgmt/permission/all`. */
export function loadPermissions(call: Call): EndpointResponse {
  return { body: { permissions: all(call).map(view) } }
}

function create(call: Call, given: z.output<typeof newPermission>[]): PermissionRecord[] {
  if (new Set(given.map(({ name }) => name)).size < given.length) throw exists()
  for (const { name } of given) requireFree(call, name)
  return given.map(({ name, description = '' }) => {
    const permission = { id: randomId('PM2'), name, description }
    call.world.state.catalogue.permissions.set(permission.id, permission)
    return permission
  })
}

function update(call: Call, given: z.output<typeof changed>): PermissionRecord {
  const permission = find(call, given)
  const { newName = permission.name, description = '' } = given
  if (newName !== permission.name) {
    requireFree(call, newName)
    renameInRoles(call, permission.name, newName)
  }
  return Object.assign(permission, { name: newName, description })
}

function remove(call: Call, { id, name }: PermissionRecord): void {
  renameInRoles(call, name, undefined)
  call.world.state.catalogue.permissions.delete(id)
}

// Roles have their permissions by name. Undefined takes the permission away.
function renameInRoles(call: Call, name: string, newName: string | undefined): void {
  for (const role of call.world.state.catalogue.roles.values()) {
    role.permissionNames = role.permissionNames.flatMap((one) =>
      one === name ? (newName ?? []) : one,
    )
  }
}

function all(call: Call): PermissionRecord[] {
  return [...call.world.state.catalogue.permissions.values()]
}

function find(
  call: Call,
  { id, name }: { id?: string | undefined; name?: string | undefined },
): PermissionRecord {
  const found = all(call).find((one) => (id === undefined ? one.name === name : one.id === id))
  if (found === undefined) throw new ServiceError('invalidArguments', 'There is no such permission')
  return found
}

function requireFree(call: Call, name: string): void {
  if (all(call).some((one) => one.name === name)) {
    throw exists()
  }
}

function exists(): ServiceError {
  return new ServiceError('invalidArguments', 'A permission with this name exists')
}

function view(permission: PermissionRecord): Record<string, unknown> {
  return { ...permission, systemDefault: false }
}
