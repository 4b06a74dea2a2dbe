import { loginIdKey } from '../users/login-id.ts'
import type { UserRecord } from '../users/user-directory.ts'
import type { World } from '../world.ts'
import type { Intent, LoginIntent, UpdateIntent } from './link-store.ts'

/** Why an intent could not be applied. */
export type IntentFailure = 'user-not-found' | 'conflict'

/**
 * Applies the intent of a redeemed link and returns its user: creates a user who signs up, applies
 * an update, marks the address as verified. Call it once, synchronously after the link is marked as
 * used.
 */
export function applyIntent(world: World, intent: Intent): UserRecord | IntentFailure {
  return intent.type === 'login' ? applyLogin(world, intent) : applyUpdate(world, intent)
}

function applyLogin(world: World, intent: LoginIntent): UserRecord | IntentFailure {
  const { users } = world.state
  // Several sign-ups can be pending for one address: the first redeemed link creates the user.
  let user = users.byLoginId(intent.loginId)
  if (user === undefined) {
    if (intent.signUp === undefined) return 'user-not-found'
    user = users.create([intent.loginId], { ...intent.signUp }, world.clock.now())
    if (intent.tenant !== undefined) user.tenants.set(intent.tenant, { roles: [], permissions: [] })
  }
  const { email, phone } = user.profile
  const verified = new Set(intent.verifies.map(loginIdKey))
  if (email !== undefined && verified.has(loginIdKey(email))) user.verifiedEmail = true
  if (phone !== undefined && verified.has(loginIdKey(phone))) user.verifiedPhone = true
  return user
}

function applyUpdate(world: World, intent: UpdateIntent): UserRecord | IntentFailure {
  const { users } = world.state
  const requester = users.byId(intent.userId)
  if (requester === undefined) return 'user-not-found'
  let user = requester
  const old = user.profile[intent.field]
  const ownsOld =
    old !== undefined && user.loginIds.some((id) => loginIdKey(id) === loginIdKey(old))

  if (intent.addToLoginIds || ownsOld) {
    const other = users.byLoginId(intent.value)
    if (other !== undefined && other !== user) {
      if (intent.failOnConflict) return 'conflict'
      user = intent.onMergeUseExisting ? merge(world, other, user) : merge(world, user, other)
    }
    // An address that is also a login id replaces that login id.
    if (intent.addToLoginIds || old === undefined) users.addLoginId(user, intent.value)
    else users.replaceLoginId(user, old, intent.value)
  }
  user.profile = { ...user.profile, [intent.field]: intent.value }
  if (intent.field === 'email') user.verifiedEmail = true
  else user.verifiedPhone = true
  return user
}

/** Moves the login ids and memberships of `merged` to `kept`, and ends the sessions of `merged`. */
function merge(world: World, kept: UserRecord, merged: UserRecord): UserRecord {
  const { users, sessions } = world.state
  const loginIds = [...merged.loginIds]
  const tenants = [...merged.tenants]
  users.remove(merged)
  sessions.endAll(merged.userId)
  for (const loginId of loginIds) users.addLoginId(kept, loginId)
  for (const [tenantId, membership] of tenants) {
    if (!kept.tenants.has(tenantId)) kept.tenants.set(tenantId, membership)
  }
  return kept
}
