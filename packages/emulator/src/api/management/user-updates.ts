import { z } from 'zod'
import { changeAddress } from '../../world/users/change-address.ts'
import { type UserRecord, userStatuses, withE164 } from '../../world/users/user-directory.ts'
import { type Call, type EndpointResponse, readBody, readFields } from '../call.ts'
import { userResponse } from '../responses.ts'
import { flag, listOf, names, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'
import { allFieldsCleared, applyFields, conflict, setStatus, userFields } from './user-fields.ts'
import { findUser, inBatch, requireUser } from './users.ts'

type Handle = (call: Call) => EndpointResponse

const changeRequest = z.object({ ...userFields, loginId: text, userId: text })

/** `POST /v1/mgmt/user/update`: sets every field; what the request does not name is removed. */
export function updateUser(call: Call): EndpointResponse {
  const user = requireUser(call)
  const given = Object.entries(readBody(call, changeRequest)).filter(
    ([, value]) => value !== undefined,
  )
  applyFields(call.world, user, { ...allFieldsCleared, ...Object.fromEntries(given) })
  return { body: { user: userResponse(call.world, user) } }
}

/** `PATCH /v1/mgmt/user/patch`: sets the fields that the request names. */
export function patchUser(call: Call): EndpointResponse {
  const user = requireUser(call)
  applyFields(call.world, user, readBody(call, changeRequest))
  return { body: { user: userResponse(call.world, user) } }
}

/** `PATCH /v1/mgmt/user/patch/batch`: patches what it can, and reports each user it cannot. */
export function patchUsers(call: Call): EndpointResponse {
  const { world } = call
  const { users } = readBody(call, z.object({ users: listOf(z.unknown()) }))
  const { done, failed } = inBatch(world, users, (entry) => {
    const fields = readFields(entry, changeRequest)
    const user = findUser(world, fields)
    applyFields(world, user, fields)
    return user
  })
  return { body: { patchedUsers: done, failedUsers: failed, additionalErrors: {} } }
}

/** `POST /v1/mgmt/user/update/status`. */
export const updateStatus: Handle = change(
  z.object({ status: z.enum(userStatuses) }),
  ({ world }, user, { status }) => setStatus(world, user, status),
)

/** `POST /v1/mgmt/user/update/loginid`: replaces one login ID; without a new one it is removed. */
export const updateLoginId: Handle = change(
  z.object({ loginId: z.string().min(1), newLoginId: text }),
  ({ world }, user, { loginId, newLoginId }) => {
    const { users } = world.state
    if (newLoginId === undefined && user.loginIds.length < 2) {
      throw new ServiceError('invalidArguments', 'The only login ID of a user cannot be removed')
    }
    if (newLoginId !== undefined && (users.byLoginId(newLoginId) ?? user) !== user) throw conflict()
    if (newLoginId === undefined) users.removeLoginId(user, loginId)
    else users.replaceLoginId(user, loginId, newLoginId)
  },
)

/** `POST /v1/mgmt/user/update/email` and `…/phone`. */
export function updateAddress(field: 'email' | 'phone'): Handle {
  return change(z.object({ email: text, phone: text, verified: flag }), ({ world }, user, body) => {
    if (!changeAddress(world.state.users, user, field, body[field])) throw conflict()
    if (field === 'email') user.verifiedEmail = body.verified && body.email !== undefined
    else user.verifiedPhone = body.verified && body.phone !== undefined
  })
}

/** `POST /v1/mgmt/user/update/recovery/email` and `…/phone`. */
export const updateRecovery: Handle = change(
  z.object({ recoveryEmail: text, recoveryPhone: text, verified: flag }),
  (_call, user, { recoveryEmail, recoveryPhone, verified }) => {
    if (recoveryEmail !== undefined) {
      user.profile = { ...user.profile, recoveryEmail }
      user.verifiedRecoveryEmail = verified
    }
    if (recoveryPhone !== undefined) {
      user.profile = withE164({ ...user.profile, recoveryPhone })
      user.verifiedRecoveryPhone = verified
    }
  },
)

/** `POST /v1/mgmt/user/update/name` and `…/picture`: sets the fields that the request names. */
export const updateProfile: Handle = change(
  z.object({
    displayName: userFields.displayName,
    givenName: userFields.givenName,
    middleName: userFields.middleName,
    familyName: userFields.familyName,
    picture: userFields.picture,
  }),
  ({ world }, user, fields) => applyFields(world, user, fields),
)

/** `POST /v1/mgmt/user/update/customAttribute`. */
export const updateCustomAttribute: Handle = change(
  z.object({ attributeKey: z.string().min(1), attributeValue: z.unknown() }),
  (_call, user, { attributeKey, attributeValue }) => {
    user.customAttributes = { ...user.customAttributes, [attributeKey]: attributeValue }
  },
)

/** How a list of names changes another list. */
export type ListChange = 'set' | 'add' | 'remove'

/** `POST /v1/mgmt/user/update/role/{set,add,remove}`, of the project or of one tenant. */
export function updateRoles(how: ListChange): Handle {
  return change(z.object({ tenantId: text, roleNames: names }), (_call, user, body) => {
    const { tenantId, roleNames } = body
    if (tenantId === undefined) {
      user.roles = changeList(user.roles, how, roleNames)
      return
    }
    const membership = user.tenants.get(tenantId)
    if (membership === undefined) {
      throw new ServiceError('invalidArguments', 'The user is not associated with the tenant')
    }
    user.tenants.set(tenantId, {
      ...membership,
      roles: changeList(membership.roles, how, roleNames),
    })
  })
}

/** `POST /v1/mgmt/user/update/ssoapp/{set,add,remove}`. */
export function updateSsoApps(how: ListChange): Handle {
  return change(z.object({ ssoAppIds: names }), (_call, user, { ssoAppIds }) => {
    user.ssoAppIds = changeList(user.ssoAppIds, how, ssoAppIds)
  })
}

const tenantRequest = z.object({ tenantId: z.string().min(1) })

/** `POST /v1/mgmt/user/update/tenant/add`. */
export const addToTenant: Handle = change(tenantRequest, (_call, user, { tenantId }) => {
  if (!user.tenants.has(tenantId)) user.tenants.set(tenantId, { roles: [], permissions: [] })
})

/** `POST /v1/mgmt/user/update/tenant/remove`. */
export const removeFromTenant: Handle = change(tenantRequest, (_call, user, { tenantId }) => {
  user.tenants.delete(tenantId)
})

function changeList(list: readonly string[], how: ListChange, given: readonly string[]): string[] {
  if (how === 'remove') return list.filter((name) => !given.includes(name))
  return [...new Set(how === 'set' ? given : [...list, ...given])]
}

/** An endpoint that changes one user and returns the user. */
function change<T>(
  schema: z.ZodType<T>,
  apply: (call: Call, user: UserRecord, body: T) => void,
): Handle {
  return (call) => {
    const user = requireUser(call)
    apply(call, user, readBody(call, schema))
    return { body: { user: userResponse(call.world, user) } }
  }
}
