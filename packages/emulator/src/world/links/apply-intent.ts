import type { Intent, Link, LoginIntent, UpdateIntent } from './link-store.ts'
import type { SessionRecord } from '../sessions/session-registry.ts'
import { type UserRecord, loginIdKey } from '../users/user-directory.ts'
import type { World } from '../world.ts'

// So many sign-ins of one person are remembered.
const maxHistory = 20

/** Why a verified link could not do what it was for. */
export type CompletionProblem = 'user-gone' | 'conflict'

/**
 * Does what the link was for, up to knowing the person: creates who signs up, applies an update,
 * marks the address as verified. Call it once, in the same turn that spends the link.
 */
export function completeLink(world: World, link: Link): UserRecord | CompletionProblem {
  const { intent } = link
  return intent.type === 'login' ? completeLogin(world, intent) : completeUpdate(world, intent)
}

function completeLogin(world: World, intent: LoginIntent): UserRecord | CompletionProblem {
  const { users } = world.state
  // Several sign-ups may be under way for one address: the first link makes the person.
  let user = users.byLoginId(intent.loginId)
  if (user === undefined) {
    if (intent.signUp === undefined) return 'user-gone'
    user = users.create([intent.loginId], { ...intent.signUp }, world.clock.now())
    if (intent.tenant !== undefined) user.tenants.set(intent.tenant, { roles: [], permissions: [] })
  }
  const { email, phone } = user.profile
  const verified = new Set(intent.verifies.map(loginIdKey))
  if (email !== undefined && verified.has(loginIdKey(email))) user.verifiedEmail = true
  if (phone !== undefined && verified.has(loginIdKey(phone))) user.verifiedPhone = true
  return user
}

function completeUpdate(world: World, intent: UpdateIntent): UserRecord | CompletionProblem {
  const { users } = world.state
  const asking = users.byId(intent.userId)
  if (asking === undefined) return 'user-gone'
  let user = asking
  const old = user.profile[intent.field]
  const ownsOld =
    old !== undefined && user.loginIds.some((id) => loginIdKey(id) === loginIdKey(old))

  if (intent.addToLoginIds || ownsOld) {
    const other = users.byLoginId(intent.value)
    if (other !== undefined && other !== user) {
      if (intent.failOnConflict) return 'conflict'
      user = intent.onMergeUseExisting ? merge(world, other, user) : merge(world, user, other)
    }
    // An address that is also a login id takes the login id along.
    if (!intent.addToLoginIds && old !== undefined) users.removeLoginId(user, old)
    users.addLoginId(user, intent.value)
  }
  user.profile = { ...user.profile, [intent.field]: intent.value }
  if (intent.field === 'email') user.verifiedEmail = true
  else user.verifiedPhone = true
  return user
}

/** `kept` takes over the login ids and memberships of `merged`, whose sessions end. */
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

/** Starts the session a completed link was for, and answers whether it is the person's first. */
export function startSession(
  world: World,
  user: UserRecord,
  intent: Intent,
  ip: string,
): { session: SessionRecord; firstSeen: boolean } {
  const now = world.clock.now()
  const { settings, state } = world
  const firstSeen = user.history.length === 0
  const login = intent.type === 'login' ? intent : undefined
  if (login?.revokeOtherSessions === true) state.sessions.endAll(user.userId)
  user.history.unshift({ at: now, ip, selectedTenant: intent.tenant ?? '' })
  user.history.length = Math.min(user.history.length, maxHistory)
  const session = state.sessions.start({
    userId: user.userId,
    amr: intent.amr,
    customClaims: intent.customClaims,
    tenant: intent.tenant,
    stepUpUntil: login?.stepUp === true ? now + settings.stepUpLifetimeSeconds * 1000 : undefined,
    endsAt: now + settings.refreshLifetimeSeconds * 1000,
  })
  return { session, firstSeen }
}
