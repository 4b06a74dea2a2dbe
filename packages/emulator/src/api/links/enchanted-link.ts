import { startSession } from '../../world/links/apply-intent.ts'
import type { EnchantedGroup } from '../../world/links/link-store.ts'
import { maskEmail } from './masking.ts'
import { sessionAnswer } from '../responses.ts'
import { type Answer, type Call, readBody } from '../call.ts'
import { matchesChallenge } from './pkce.ts'
import { Refusal } from '../service-error.ts'
import { pendingSessionRequest, verifyRequest } from '../schemas.ts'
import { spend, spendable } from './redeem-link.ts'
import { type Start, type StartMode, readLogin, sendEnchantedLinks } from './send-link.ts'
import { readUpdate } from './update-request.ts'

/** How long an approved session waits to be fetched. No source says; our choice. */
const approvedForMs = 5 * 60 * 1000

/** `POST /v1/auth/enchantedlink/{signup,signin,signup-in}/email`: mails three links. */
export function startEnchantedLink(mode: StartMode): (call: Call) => Promise<Answer> {
  return async (call) => send(call, await readLogin(call, 'enchanted-link', 'email', mode))
}

/** `POST /v1/auth/enchantedlink/update/email`: mails three links to the new address. */
export async function updateByEnchantedLink(call: Call): Promise<Answer> {
  return send(call, await readUpdate(call, 'enchanted-link', 'email'))
}

function send(call: Call, start: Start): Answer {
  const { pendingRef, linkId } = sendEnchantedLinks(call.world, start)
  return { body: { pendingRef, linkId, maskedEmail: maskEmail(start.to) } }
}

/**
 * `POST /v1/auth/enchantedlink/verify`: approves the sign-in when the right link of the three was
 * pressed. The session goes to whoever holds the pending reference, never to this caller.
 */
export function verifyEnchantedLink(call: Call): Answer {
  const { world } = call
  const { token, pkceVerifier } = readBody(call, verifyRequest)
  const link = spendable(world, world.state.links.byToken(token))
  if (link.enchanted === undefined) {
    throw new Refusal(
      'linkNotFound',
      'Failed to load enchanted link token',
      'This is the token of a magic link: verify it at /v1/auth/magiclink/verify.',
    )
  }
  const { group, number } = link.enchanted
  if (number !== group.linkId) {
    // The wrong number proves nothing and costs nothing: the right link still works.
    throw new Refusal(
      'tokenExpired',
      'Failed to load enchanted link token',
      `Link ${number} is a wrong one: the right one has the number that the screen shows.`,
    )
  }
  const { pkceChallenge } = group
  if (pkceChallenge !== undefined && !matchesChallenge(pkceChallenge, pkceVerifier ?? '')) {
    throw new Refusal('unauthorized', 'The PKCE verifier does not match the challenge')
  }
  const user = spend(world, link)
  group.approvedAt = world.clock.now()
  group.approved = { userId: user.userId, intent: link.intent }
  return { body: {} }
}

/** `POST /v1/auth/enchantedlink/pending-session`: the session, once, after the right link. */
export async function pendingSession(call: Call): Promise<Answer> {
  const { world, ip } = call
  const { pendingRef } = readBody(call, pendingSessionRequest)
  const group = world.state.links.byPendingRef(pendingRef)
  const { userId, intent } = takeApproved(group, world.clock.now())
  const user = world.state.users.byId(userId)
  if (user === undefined) throw new Refusal('userNotFound', 'Cannot find user')
  const { session, firstSeen } = startSession(world, user, intent, ip)
  return sessionAnswer(world, user, session, { firstSeen, withRefreshToken: true })
}

function takeApproved(
  group: EnchantedGroup | undefined,
  now: number,
): NonNullable<EnchantedGroup['approved']> {
  if (group === undefined) {
    // Never the pending code: some SDKs would poll on until their timeout.
    throw new Refusal('tokenExpired', 'Failed to load pending session', 'No such pendingRef.')
  }
  const { approved, approvedAt } = group
  if (approvedAt === undefined) {
    if (group.expiresAt > now) {
      throw new Refusal('enchantedLinkPending', 'The enchanted link was not verified yet')
    }
    throw new Refusal('tokenExpired', 'Failed to load pending session', 'Its links expired.')
  }
  group.approved = undefined
  if (approved === undefined || approvedAt + approvedForMs <= now) {
    throw new Refusal(
      'tokenExpired',
      'Failed to load pending session',
      'The session was fetched before, or waited more than five minutes.',
    )
  }
  return approved
}
