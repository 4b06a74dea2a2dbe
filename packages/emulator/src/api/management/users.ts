import { z } from 'zod'
import type { UserRecord } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { type Call, type EndpointResponse, readBody, readFields } from '../call.ts'
import { addressIn } from '../../world/users/login-id.ts'
import { userResponse } from '../responses.ts'
import { flag, listOf, names, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'
import { historyOf } from '../session/account.ts'
import { type InviteOptions, inviteFields, resolveInviteUrl, sendInvitation } from './invitation.ts'
import { type UserFields, applyFields, userFields } from './user-fields.ts'

const newUser = z.object({ ...userFields, loginId: z.string().min(1), test: flag })
const createUserRequest = newUser.extend(inviteFields)

/**
 * `POST /v1/mgmt/user/create`: a user who is invited until the first sign-in. With `invite` or
 * `sendMail` the invitation is sent; with `invite`, also to a user who exists, by login ID or user id.
 */
export function createUser(call: Call): EndpointResponse {
  const body = readBody(call, createUserRequest)
  const user = createOrInvite(call.world, body, body)
  return { body: { user: userResponse(call.world, user) } }
}

/** `POST /v1/mgmt/user/create/test`: creates a user for whom links can be generated. */
export function createTestUser(call: Call): EndpointResponse {
  const user = create(call.world, readBody(call, newUser), true)
  return { body: { user: userResponse(call.world, user) } }
}

const batchRequest = z.object({ users: listOf(z.unknown()), ...inviteFields })

/** `POST /v1/mgmt/user/create/batch`: creates what it can, and reports each user it cannot. */
export function createUsers(call: Call): EndpointResponse {
  const { world } = call
  const { users, ...invite } = readBody(call, batchRequest)
  const { done, failed } = inBatch(world, users, (given) =>
    createOrInvite(world, readFields(given, newUser), invite),
  )
  return { body: { createdUsers: done, failedUsers: failed, additionalErrors: {} } }
}

function createOrInvite(
  world: World,
  body: UserFields & { loginId: string; test: boolean },
  invite: InviteOptions,
): UserRecord {
  const { users } = world.state
  // Before the user is created, so that a request that is refused changes nothing.
  const inviteUrl = resolveInviteUrl(world, invite)
  const known = users.byLoginId(body.loginId) ?? users.byId(body.loginId)
  const user = invite.invite && known !== undefined ? known : create(world, body, false)
  sendInvitation(world, user, { ...invite, inviteUrl })
  return user
}

/** What a batch could do, and why it could not do the rest. */
interface BatchResult {
  readonly done: readonly object[]
  readonly failed: readonly { failure: string; user: unknown }[]
}

/** Applies a change to each entry of a batch; one that is refused does not stop the others. */
export function inBatch(
  world: World,
  entries: readonly unknown[],
  change: (entry: unknown) => UserRecord,
): BatchResult {
  const done: object[] = []
  const failed: { failure: string; user: unknown }[] = []
  for (const entry of entries) {
    try {
      done.push(userResponse(world, change(entry)))
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      failed.push({ failure: error.message, user: entry })
    }
  }
  return { done, failed }
}

function create(
  world: World,
  body: UserFields & { loginId: string; test: boolean },
  test: boolean,
): UserRecord {
  const { users } = world.state
  const { loginId } = body
  const additional = body.additionalIdentifiers ?? body.additionalLoginIds ?? []
  if ([loginId, ...additional].some((id) => users.byLoginId(id) !== undefined)) {
    throw new ServiceError('userExists', 'User already exists')
  }
  const user = users.create([loginId], {}, world.clock.now())
  user.test = test || body.test
  user.status = 'invited'
  const { email, phone } = addressIn(loginId)
  applyFields(world, user, { ...body, email: body.email || email, phone: body.phone || phone })
  return user
}

/** `GET /v1/mgmt/user`, by `loginId` (which may be a user id) or `userId`. */
export function loadUser(call: Call): EndpointResponse {
  const user = findUser(call.world, readFields(call.query, userRequest))
  return { body: { user: userResponse(call.world, user) } }
}

/** `POST /v1/mgmt/user/delete`. */
export function deleteUser(call: Call): EndpointResponse {
  remove(call.world, requireUser(call))
  return { body: {} }
}

/** `POST /v1/mgmt/user/delete/batch`, by user id; ids that no user has are ignored. */
export function deleteUsers(call: Call): EndpointResponse {
  const { userIds } = readBody(call, z.object({ userIds: names }))
  for (const userId of userIds) {
    const user = call.world.state.users.byId(userId)
    if (user !== undefined) remove(call.world, user)
  }
  return { body: {} }
}

/** `DELETE /v1/mgmt/user/test/delete/all`. */
export function deleteTestUsers(call: Call): EndpointResponse {
  const { users } = call.world.state
  for (const user of [...users.all()].filter(({ test }) => test)) remove(call.world, user)
  return { body: {} }
}

function remove({ state }: World, user: UserRecord): void {
  state.sessions.endAll(user.userId)
  state.users.remove(user)
}

/** `POST /v1/mgmt/user/logout`: ends every session of the user. */
export function logoutUser(call: Call): EndpointResponse {
  call.world.state.sessions.endAll(requireUser(call).userId)
  return { body: {} }
}

/** `POST /v1/mgmt/user/history`: the sign-ins of the users of a list of user ids, as an array. */
export function userHistory(call: Call): EndpointResponse {
  const ids = readBody(call, names)
  const users = ids.map((id) => call.world.state.users.byId(id))
  return { body: users.flatMap((user) => (user === undefined ? [] : historyOf(user))) }
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

/** @throws {ServiceError} the body names no user, or one who does not exist */
export function requireUser(call: Call): UserRecord {
  return findUser(call.world, readBody(call, userRequest))
}

/**
 * The user of a login ID or a user id; SDKs send either of them as `loginId`.
 *
 * @throws {ServiceError} neither is given, or there is no such user
 */
export function findUser(
  { state }: World,
  { loginId, userId }: { loginId: string | undefined; userId?: string | undefined },
): UserRecord {
  const { users } = state
  if (loginId === undefined && userId === undefined) {
    throw new ServiceError('invalidRequest', 'The loginId field is required')
  }
  const user =
    (loginId === undefined ? undefined : (users.byLoginId(loginId) ?? users.byId(loginId))) ??
    (userId === undefined ? undefined : users.byId(userId))
  if (user === undefined) throw new ServiceError('managedUserNotFound', 'User not found')
  return user
}
