import { z } from 'zod'
import { changeAddress } from '../../world/users/change-address.ts'
import {
  type Membership,
  type UserRecord,
  type UserStatus,
  userStatuses,
  withE164,
} from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { ServiceError } from '../service-error.ts'

/** The roles in one tenant. */
export interface TenantRoles {
  tenantId: string
  roleNames: readonly string[]
}

const text = z.string().nullish().transform(absent)
const flag = z.boolean().nullish().transform(absent)
const list = z.array(z.string()).nullish().transform(absent)

/** A schema of {@link TenantRoles} in a list. */
export const tenantRoles: z.ZodType<TenantRoles[] | undefined> = z
  .array(
    z.object({
      tenantId: z.string().min(1),
      roleNames: z
        .array(z.string())
        .nullish()
        .transform((names) => names ?? []),
    }),
  )
  .nullish()
  .transform(absent)

/** The shape of {@link UserFields}, to be part of a schema. */
export const userFields = {
  email: text,
  phone: text,
  name: text,
  displayName: text,
  givenName: text,
  middleName: text,
  familyName: text,
  picture: text,
  recoveryEmail: text,
  recoveryPhone: text,
  verifiedEmail: flag,
  verifiedPhone: flag,
  roleNames: list,
  userTenants: tenantRoles,
  customAttributes: z.record(z.string(), z.unknown()).nullish().transform(absent),
  // Two names of one field: SDKs send the first, the docs list the second.
  additionalLoginIds: list,
  additionalIdentifiers: list,
  ssoAppIds: list,
  // SDKs with zero values send the empty string for none.
  status: z
    .enum([...userStatuses, ''])
    .nullish()
    .transform((status) => status || undefined),
}

/** The fields of a user in a request of the management API. Undefined: not in the request. */
export type UserFields = Partial<z.output<z.ZodObject<typeof userFields>>>

/** A request that leaves nothing as it is: an update sets every field, also those it does not name. */
export const allFieldsCleared: UserFields = {
  email: '',
  phone: '',
  name: '',
  givenName: '',
  middleName: '',
  familyName: '',
  picture: '',
  verifiedEmail: false,
  verifiedPhone: false,
  roleNames: [],
  userTenants: [],
  customAttributes: {},
}

/**
 * Sets the fields that a request names; the empty string removes an address, a name or a picture.
 *
 * @throws {ServiceError} a login ID or an address that is one belongs to another user
 */
export function applyFields(world: World, user: UserRecord, fields: UserFields): void {
  const additional = fields.additionalIdentifiers ?? fields.additionalLoginIds
  if (additional !== undefined) setAdditionalLoginIds(world, user, additional)
  for (const field of ['email', 'phone'] as const) {
    const value = fields[field]
    if (value === undefined) continue
    if (!changeAddress(world.state.users, user, field, value || undefined)) throw conflict()
  }
  const name = fields.name || fields.displayName || (fields.name ?? fields.displayName)
  const { givenName, middleName, familyName, picture, recoveryEmail, recoveryPhone } = fields
  const given = { name, givenName, middleName, familyName, picture, recoveryEmail, recoveryPhone }
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue
    user.profile = withE164({ ...user.profile, [field]: value || undefined })
  }
  user.verifiedEmail = fields.verifiedEmail ?? user.verifiedEmail
  user.verifiedPhone = fields.verifiedPhone ?? user.verifiedPhone
  if (fields.roleNames) user.roles = [...fields.roleNames]
  if (fields.userTenants) user.tenants = membershipsOf(fields.userTenants)
  user.customAttributes = fields.customAttributes ?? user.customAttributes
  if (fields.ssoAppIds) user.ssoAppIds = [...fields.ssoAppIds]
  if (fields.status) setStatus(world, user, fields.status)
}

/** Sets the status of a user; the sessions of a user who may not sign in any more end. */
export function setStatus(world: World, user: UserRecord, status: UserStatus): void {
  user.status = status
  if (status === 'disabled' || status === 'expired') world.state.sessions.endAll(user.userId)
}

/** The memberships of a list of tenants with roles, by tenant id. */
export function membershipsOf(tenants: readonly TenantRoles[]): Map<string, Membership> {
  return new Map(
    tenants.map(({ tenantId, roleNames }) => [
      tenantId,
      { roles: [...roleNames], permissions: [] },
    ]),
  )
}

/** The error of an update that would give a user another user's login ID. */
export function conflict(): ServiceError {
  return new ServiceError('managedUpdateConflict', 'Another user has this login ID')
}

// The first login ID is the user's own; an update replaces the others.
function setAdditionalLoginIds(world: World, user: UserRecord, ids: readonly string[]): void {
  const { users } = world.state
  const taken = ids.some((id) => (users.byLoginId(id) ?? user) !== user)
  if (taken) throw conflict()
  for (const id of user.loginIds.slice(1)) users.removeLoginId(user, id)
  for (const id of ids) users.addLoginId(user, id)
}

function absent<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined
}
