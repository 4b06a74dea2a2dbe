import { BoundedMap } from '../bounded-map.ts'
import { randomId } from '../random.ts'
import { canonicalLoginId, loginIdKey } from './login-id.ts'

/** The roles and permissions of a user in one tenant. */
export interface Membership {
  roles: string[]
  permissions: string[]
}

/** One sign-in, for `/v1/auth/me/history`. */
interface SignInRecord {
  /** Milliseconds since the epoch. */
  at: number
  ip: string
  selectedTenant: string
}

/** `invited` until the first sign-in. A user who is `disabled` or `expired` cannot sign in. */
export const userStatuses = ['enabled', 'disabled', 'invited', 'expired'] as const

/** The status of a user. */
export type UserStatus = (typeof userStatuses)[number]

/** A user of a world. */
export interface UserRecord {
  readonly userId: string
  loginIds: string[]
  status: UserStatus
  profile: Profile
  verifiedEmail: boolean
  verifiedPhone: boolean
  verifiedRecoveryEmail: boolean
  verifiedRecoveryPhone: boolean
  roles: string[]
  permissions: string[]
  /** By tenant id. */
  tenants: Map<string, Membership>
  customAttributes: Record<string, unknown>
  ssoAppIds: string[]
  test: boolean
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Newest first, at most 20. Empty until the first sign-in. */
  history: SignInRecord[]
}

/** The profile of a user. */
export interface Profile {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  givenName?: string | undefined
  middleName?: string | undefined
  familyName?: string | undefined
  picture?: string | undefined
  recoveryEmail?: string | undefined
  recoveryPhone?: string | undefined
}

/** The users of a world, by user id or by any of their login ids. */
export interface UserDirectory {
  create(loginIds: readonly string[], profile: Profile, now: number): UserRecord
  byId(userId: string): UserRecord | undefined
  byLoginId(loginId: string): UserRecord | undefined
  addLoginId(user: UserRecord, loginId: string): void
  removeLoginId(user: UserRecord, loginId: string): void
  /** Puts a login ID in the place of another; at the end, if the user does not have that. */
  replaceLoginId(user: UserRecord, old: string, loginId: string): void
  remove(user: UserRecord): void
  all(): IterableIterator<UserRecord>
}

/** An empty directory that keeps the `maxUsers` newest users. */
export function createUserDirectory(maxUsers: number): UserDirectory {
  const byId = new BoundedMap<string, UserRecord>(maxUsers)
  // A login id maps to a user id, not to a record, so that dropping a user drops all login ids.
  const userIds = new BoundedMap<string, string>(maxUsers * 4)

  const addLoginId = (user: UserRecord, loginId: string): void => {
    const key = loginIdKey(loginId)
    userIds.set(key, user.userId)
    if (!user.loginIds.some((known) => loginIdKey(known) === key))
      user.loginIds.push(canonicalLoginId(loginId))
  }

  const removeLoginId = (user: UserRecord, loginId: string): void => {
    const key = loginIdKey(loginId)
    user.loginIds = user.loginIds.filter((known) => loginIdKey(known) !== key)
    if (userIds.get(key) === user.userId) userIds.delete(key)
  }

  return {
    create: (loginIds, profile, now) => {
      const user: UserRecord = {
        userId: randomId('U2'),
        loginIds: [],
        status: 'enabled',
        profile: withE164(profile),
        verifiedEmail: false,
        verifiedPhone: false,
        verifiedRecoveryEmail: false,
        verifiedRecoveryPhone: false,
        roles: [],
        permissions: [],
        tenants: new Map(),
        customAttributes: {},
        ssoAppIds: [],
        test: false,
        createdAt: now,
        history: [],
      }
      byId.set(user.userId, user)
      for (const loginId of loginIds) addLoginId(user, loginId)
      return user
    },
    byId: (userId) => byId.get(userId),
    byLoginId: (loginId) => {
      const userId = userIds.get(loginIdKey(loginId))
      return userId === undefined ? undefined : byId.get(userId)
    },
    addLoginId,
    removeLoginId,
    replaceLoginId: (user, old, loginId) => {
      const isOld = (known: string): boolean => loginIdKey(known) === loginIdKey(old)
      const changed = user.loginIds.map((known) => (isOld(known) ? loginId : known))
      for (const known of user.loginIds) removeLoginId(user, known)
      for (const known of [...changed, loginId]) addLoginId(user, known)
    },
    remove: (user) => {
      for (const loginId of [...user.loginIds]) removeLoginId(user, loginId)
      byId.delete(user.userId)
    },
    all: () => byId.values(),
  }
}

/** The profile with its phone numbers as `+15553331234`. */
export function withE164(profile: Profile): Profile {
  const { phone, recoveryPhone } = profile
  return {
    ...profile,
    ...(phone !== undefined && { phone: canonicalLoginId(phone) }),
    ...(recoveryPhone !== undefined && { recoveryPhone: canonicalLoginId(recoveryPhone) }),
  }
}
