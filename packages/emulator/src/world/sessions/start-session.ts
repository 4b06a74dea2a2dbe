import type { Intent } from '../links/link-store.ts'
import type { UserRecord } from '../users/user-directory.ts'
import type { World } from '../world.ts'
import type { SessionRecord } from './session-registry.ts'

// The number of sign-ins in the history of a user.
const maxHistory = 20

/** Starts the session of a redeemed link; `firstSeen` is true for the user's first session. */
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
  if (user.status === 'invited') user.status = 'enabled'
  user.history.unshift({ at: now, ip, selectedTenant: intent.tenant ?? '' })
  user.history.length = Math.min(user.history.length, maxHistory)
  const session = state.sessions.start({
    userId: user.userId,
    amr: intent.amr,
    customClaims: intent.customClaims,
    claims: intent.claims,
    tenant: intent.tenant,
    stepUpUntil: login?.stepUp === true ? now + settings.stepUpLifetimeSeconds * 1000 : undefined,
    endsAt: now + settings.refreshLifetimeSeconds * 1000,
    refreshedAt: now,
  })
  return { session, firstSeen }
}
