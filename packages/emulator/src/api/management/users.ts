import { z } from 'zod'
import type { UserRecord } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { userAnswer } from '../responses.ts'
import { type Answer, type Call, readBody } from '../call.ts'
import { Refusal } from '../service-error.ts'
import { claims, flag, names, text } from '../schemas.ts'

/** What the management API may say of a new person, as far as the emulator uses it. */
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
export function createUser(call: Call): Answer {
  return create(call, false)
}

/** `POST /v1/mgmt/user/create/test`: a person for whom links may be generated. */
export function createTestUser(call: Call): Answer {
  return create(call, true)
}

function create(call: Call, test: boolean): Answer {
  const { world } = call
  const { users } = world.state
  const body = readBody(call, createUserRequest)
  const loginIds = [body.loginId, ...body.additionalLoginIds]
  if (loginIds.some((loginId) => users.byLoginId(loginId) !== undefined)) {
    throw new Refusal('userExists', 'User already exists')
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
  return { body: { user: userAnswer(world, user) } }
}

/** `POST /v1/mgmt/user/delete`. */
export function deleteUser(call: Call): Answer {
  const user = namedUser(call)
  call.world.state.sessions.endAll(user.userId)
  call.world.state.users.remove(user)
  return { body: {} }
}

/** `DELETE /v1/mgmt/user/test/delete/all`. */
export function deleteTestUsers(call: Call): Answer {
  const { users, sessions } = call.world.state
  for (const user of [...users.all()].filter(({ test }) => test)) {
    sessions.endAll(user.userId)
    users.remove(user)
  }
  return { body: {} }
}

/** `POST /v1/mgmt/user/logout`: ends every session of the person. */
export function logoutUser(call: Call): Answer {
  call.world.state.sessions.endAll(namedUser(call).userId)
  return { body: {} }
}

/**
 * The person of a test, by one of their login ids.
 *
 * @throws {Refusal} there is none, or it is no test user
 */
export function requireTestUser(world: World, loginId: string): UserRecord {
  const user = world.state.users.byLoginId(loginId)
  if (user?.test === true) return user
  throw new Refusal(
    'managedUserNotFound',
    'User not found',
    'Links are generated for test users only: create one with /v1/mgmt/user/create/test.',
  )
}

const namedUserRequest = z.object({ loginId: text, userId: text })

function namedUser(call: Call): UserRecord {
  const { users } = call.world.state
  const { loginId, userId } = readBody(call, namedUserRequest)
  const user =
    (loginId === undefined ? undefined : users.byLoginId(loginId)) ??
    (userId === undefined ? undefined : users.byId(userId))
  if (user === undefined) throw new Refusal('managedUserNotFound', 'User not found')
  return user
}

function profileOf(body: z.output<typeof createUserRequest>): UserRecord['profile'] {
  const { email, phone, givenName, middleName, familyName } = body
  const name = body.name ?? body.displayName
  return { name, email, phone, givenName, middleName, familyName }
}
