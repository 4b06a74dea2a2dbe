import { applyIntent } from '../../world/links/apply-intent.ts'
import { type Link, linkState } from '../../world/links/link-store.ts'
import type { UserRecord } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { requireActive } from '../call.ts'
import { ServiceError } from '../service-error.ts'

/**
 * The link, if it can be redeemed now.
 *
 * @throws {ServiceError} the link is unknown, used or expired
 */
export function requireUnusedLink(world: World, link: Link | undefined): Link {
  if (link === undefined) {
    throw new ServiceError(
      'linkNotFound',
      'Failed to load magic link token',
      'No link of this project has this token: it is mistyped, belongs to another project, or is too old.',
    )
  }
  const state = linkState(link, world.clock.now())
  if (state === 'unused') return link
  const hints = {
    used: 'The link was used before; a link works once.',
    expired: 'The link has expired on the clock of this world.',
    void: 'Another link of the same email was used.',
  }
  throw new ServiceError('tokenExpired', 'Failed to load magic link token', hints[state])
}

/**
 * Marks the link as used and applies its intent.
 *
 * @throws {ServiceError} the user was deleted or deactivated, or the new address belongs to another user
 */
export function redeemLink(world: World, link: Link): UserRecord {
  const { users } = world.state
  const { intent } = link
  const known =
    intent.type === 'login' ? users.byLoginId(intent.loginId) : users.byId(intent.userId)
  if (known !== undefined) requireActive(known)
  link.used = true
  world.events.publish({ type: 'messages-changed' })
  const user = applyIntent(world, intent)
  if (user === 'user-not-found') throw new ServiceError('userNotFound', 'Cannot find user')
  if (user === 'conflict') {
    throw new ServiceError('updateConflict', 'Another user has this login ID')
  }
  return user
}
