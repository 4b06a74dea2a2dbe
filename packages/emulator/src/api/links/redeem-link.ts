import { completeLink } from '../../world/links/apply-intent.ts'
import { type Link, linkState } from '../../world/links/link-store.ts'
import type { UserRecord } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { Refusal } from '../service-error.ts'

/**
 * The link, if it can be used now.
 *
 * @throws {Refusal} unknown, used or expired
 */
export function spendable(world: World, link: Link | undefined): Link {
  if (link === undefined) {
    throw new Refusal(
      'linkNotFound',
      'Failed to load magic link token',
      'No link of this project has this token: it is mistyped, of another project, or long gone.',
    )
  }
  const state = linkState(link, world.clock.now())
  if (state === 'unused') return link
  const why = {
    used: 'The link was used before; each works once.',
    expired: 'The link expired on the clock of this world.',
    void: 'Another link of the same mail was used.',
  }
  throw new Refusal('tokenExpired', 'Failed to load magic link token', why[state])
}

/**
 * Marks the link as used and does what it was for.
 *
 * @throws {Refusal} what it was for cannot be done any more
 */
export function spend(world: World, link: Link): UserRecord {
  link.used = true
  world.events.publish({ type: 'messages-changed' })
  const user = completeLink(world, link)
  if (user === 'user-gone') throw new Refusal('userNotFound', 'Cannot find user')
  if (user === 'conflict') {
    throw new Refusal('updateConflict', 'Another user has this login ID')
  }
  return user
}
