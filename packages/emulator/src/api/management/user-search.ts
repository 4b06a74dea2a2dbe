import { z } from 'zod'
import { loginIdKey } from '../../world/users/login-id.ts'
import { type UserRecord, userStatuses } from '../../world/users/user-directory.ts'
import { type Call, type EndpointResponse, readBody } from '../call.ts'
import { userResponse } from '../responses.ts'
import { claims, flag, names, text } from '../schemas.ts'

const defaultLimit = 100

const optionalNumber = z.number().nullish()

const searchRequest = z.object({
  page: z.int().min(0).nullish(),
  limit: z.int().min(0).nullish(),
  sort: z.array(z.object({ field: z.string(), desc: flag })).nullish(),
  text,
  emails: names,
  phones: names,
  loginIds: names,
  userIds: names,
  statuses: z.array(z.enum(userStatuses)).nullish(),
  roleNames: names,
  tenantIds: names,
  tenantRoleNames: z.record(z.string(), z.object({ values: names, and: flag })).nullish(),
  ssoAppIds: names,
  customAttributes: claims,
  withTestUser: flag,
  testUsersOnly: flag,
  verifiedEmail: z.boolean().nullish(),
  verifiedPhone: z.boolean().nullish(),
  fromCreatedTime: optionalNumber,
  toCreatedTime: optionalNumber,
})

type SearchRequest = z.output<typeof searchRequest>

/**
 * `POST /v2/mgmt/user/search`, and the same at `/v1`: the users that match every filter, 100 a page
 * unless `limit` says otherwise, and the number of all of them. Filters it does not know are ignored.
 */
export function searchUsers(call: Call): EndpointResponse {
  return search(call, readBody(call, searchRequest))
}

/** `POST /v2/mgmt/user/search/test`: the same among test users. */
export function searchTestUsers(call: Call): EndpointResponse {
  return search(call, { ...readBody(call, searchRequest), testUsersOnly: true })
}

const loadRequest = z.object({ userIds: names, includeInvalidUsers: flag })

/** `POST /v1/mgmt/users/load`: the users of these ids, without those who may not sign in. */
export function loadUsers(call: Call): EndpointResponse {
  const { userIds, includeInvalidUsers } = readBody(call, loadRequest)
  const found = userIds.flatMap((id) => call.world.state.users.byId(id) ?? [])
  const valid = found.filter(
    ({ status }) => includeInvalidUsers || (status !== 'disabled' && status !== 'expired'),
  )
  return { body: { users: valid.map((user) => userResponse(call.world, user)) } }
}

function search({ world }: Call, request: SearchRequest): EndpointResponse {
  const found = [...world.state.users.all()].filter((user) => matches(user, request))
  const sorted = sort(
    found.map((user) => userResponse(world, user)),
    request.sort ?? [],
  )
  const limit = request.limit || defaultLimit
  const from = (request.page ?? 0) * limit
  return { body: { users: sorted.slice(from, from + limit), total: sorted.length } }
}

function matches(user: UserRecord, request: SearchRequest): boolean {
  const { profile, test, status, createdAt } = user
  if (request.testUsersOnly ? !test : test && !request.withTestUser) return false
  const { email = '', phone = '' } = profile
  return (
    isEmptyOr(request.emails, (one) => loginIdKey(one) === loginIdKey(email)) &&
    isEmptyOr(request.phones, (one) => loginIdKey(one) === loginIdKey(phone)) &&
    isEmptyOr(request.loginIds, (one) => user.loginIds.map(loginIdKey).includes(loginIdKey(one))) &&
    isEmptyOr(request.userIds, (one) => one === user.userId) &&
    isEmptyOr(request.statuses ?? [], (one) => one === status) &&
    isEmptyOr(request.roleNames, (one) => rolesOf(user).includes(one)) &&
    isEmptyOr(request.tenantIds, (one) => user.tenants.has(one)) &&
    isEmptyOr(Object.entries(request.tenantRoleNames ?? {}), ([tenantId, { values, and }]) => {
      const roles = user.tenants.get(tenantId)?.roles ?? []
      return and
        ? values.every((one) => roles.includes(one))
        : values.some((one) => roles.includes(one))
    }) &&
    isEmptyOr(request.ssoAppIds, (one) => user.ssoAppIds.includes(one)) &&
    Object.entries(request.customAttributes ?? {}).every(
      ([key, value]) => JSON.stringify(user.customAttributes[key]) === JSON.stringify(value),
    ) &&
    (request.verifiedEmail ?? user.verifiedEmail) === user.verifiedEmail &&
    (request.verifiedPhone ?? user.verifiedPhone) === user.verifiedPhone &&
    createdAt >= (request.fromCreatedTime || 0) &&
    createdAt <= (request.toCreatedTime || Infinity) &&
    hasText(user, request.text)
  )
}

// Among the values of one filter, one that matches is enough.
function isEmptyOr<T>(wanted: readonly T[], isOne: (value: T) => boolean): boolean {
  return wanted.length === 0 || wanted.some(isOne)
}

function rolesOf(user: UserRecord): string[] {
  return [...user.roles, ...[...user.tenants.values()].flatMap(({ roles }) => roles)]
}

function hasText({ profile, loginIds, userId }: UserRecord, wanted = ''): boolean {
  const { name = '', email = '', phone = '' } = profile
  const all = [userId, name, email, phone, ...loginIds].join('\n').toLowerCase()
  return all.includes(wanted.toLowerCase())
}

function sort(
  users: readonly Record<string, unknown>[],
  by: NonNullable<SearchRequest['sort']>,
): Record<string, unknown>[] {
  return users.toSorted((a, b) => {
    for (const { field, desc } of by) {
      const order = String(a[field]).localeCompare(String(b[field]), 'en', { numeric: true })
      if (order !== 0) return desc ? -order : order
    }
    return 0
  })
}
