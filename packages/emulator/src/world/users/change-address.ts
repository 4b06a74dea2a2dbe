import { loginIdKey } from './login-id.ts'
import { type UserDirectory, type UserRecord, withE164 } from './user-directory.ts'

/**
 * Sets the e-mail address or phone number of a user; undefined removes it. An address that is also a login ID
 * replaces that login ID. A new one is unverified. False if another user has the new address as a login ID.
 */
export function changeAddress(
  users: UserDirectory,
  user: UserRecord,
  field: 'email' | 'phone',
  value: string | undefined,
): boolean {
  const old = user.profile[field]
  if (value !== undefined && old !== undefined && hasLoginId(user, old)) {
    const other = users.byLoginId(value)
    if (other !== undefined && other !== user) return false
    users.replaceLoginId(user, old, value)
  }
  if (loginIdKey(value ?? '') !== loginIdKey(old ?? '')) {
    if (field === 'email') user.verifiedEmail = false
    else user.verifiedPhone = false
  }
  user.profile = withE164({ ...user.profile, [field]: value })
  return true
}

/** Whether the value is one of the login IDs of a user. */
export function hasLoginId(user: UserRecord, value: string): boolean {
  return user.loginIds.some((known) => loginIdKey(known) === loginIdKey(value))
}
