import { z } from 'zod'
import type { UserRecord } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { userResponse } from '../responses.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import { claims, flag, names, text } from '../schemas.ts'

/** The fields of a new user that the emulator reads. */
const createUserRequest = z.object({
  loginId: z.string().min(1),
  email: text,
  phone: text,
  name: text,
  displayName: text,
  givenName: text,
  middleName: text,
  familyName: text,
  verifiedEmail: flag,
  verifiedPhone: flag,
  roleNames: names,
  userTenants: z.array(z.object({ tenantId: z.string(), roleNames: names })).nullish(),
  customAttributes: claims,
  additionalLoginIds: names,
  test: flag,
})

/** `POST /v1/mgmt/user/create`. */
export function createUser(call: Call): EndpointResponse {
  return create(call, false)
}

/** `POST /v1/mgmt/user/create/test`: creates a user for whom links can be generated. */
export function createTestUser(call: Call): EndpointResponse {
  return create(call, true)
}

function create(call: Call, test: boolean): EndpointResponse {
  const { world } = call
  const { users } = world.state
  const body = readBody(call, createUserRequest)
  const loginIds = [body.loginId, ...body.additionalLoginIds]
  if (loginIds.some((loginId) => users.byLoginId(loginId) !== undefined)) {
    throw new ServiceError('userExists', 'User already exists')
  }
  const user = users.create(loginIds, profileOf(body), world.clock.now())
  user.verifiedEmail = body.verifiedEmail
  user.verifiedPhone = body.verifiedPhone
  user.roles = body.roleNames
  user.customAttributes = body.customAttributes ?? {}
  user.test = test || body.test
  for (const { tenantId, roleNames } of body.userTenants ?? []) {
    user.tenants.set(tenantId, { roles: roleNames, permissions: [] })
  }
  return { body: { user: userResponse(world, user) } }
}

/** `POST /v1/mgmt/user/delete`. */
export function deleteUser(call: Call): EndpointResponse {
  const user = requireUser(call)
  call.world.state.sessions.endAll(user.userId)
  call.world.state.users.remove(user)
  return { body: {} }
}

/** `DELETE /v1/mgmt/user/test/delete/all`. */
export function deleteTestUsers(call: Call): EndpointResponse {
  const { users, sessions } = call.world.state
  for (const user of [...users.all()].filter(({ test }) => test)) {
    sessions.endAll(user.userId)
    users.remove(user)
  }
  return { body: {} }
}

/** `POST /v1/mgmt/user/logout`: ends every session of the user. */
export function logoutUser(call: Call): EndpointResponse {
  call.world.state.sessions.endAll(requireUser(call).userId)
  return { body: {} }
}

/**
 * The test user with a login id.
 *
 * @throws {ServiceError} the user does not exist, or is not a test user
 */
export function requireTestUser(world: World, loginId: string): UserRecord {
  const user = world.state.users.byLoginId(loginId)
  if (user?.test === true) return user
  throw new ServiceError(
    'managedUserNotFound',
    'User not found',
    'Links are generated for test users only. Create one with /v1/mgmt/user/create/test.',
  )
}

const userRequest = z.object({ loginId: text, userId: text })

function requireUser(call: Call): UserRecord {
  const { users } = call.world.state
  const { loginId, userId } = readBody(call, userRequest)
  const user =
    (loginId === undefined ? undefined : users.byLoginId(loginId)) ??
    (userId === undefined ? undefined : users.byId(userId))
  if (user === undefined) throw new ServiceError('managedUserNotFound', 'User not found')
  return user
}

function profileOf(body: z.output<typeof createUserRequest>): UserRecord['profile'] {
  const { email, phone, givenName, middleName, familyName } = body
  const name = body.name ?? body.displayName
  return { name, email, phone, givenName, middleName, familyName }
}
