import { startSession } from '../../world/sessions/start-session.ts'
import type { EnchantedGroup } from '../../world/links/link-store.ts'
import { maskEmail } from './masking.ts'
import { sessionResponse } from '../responses.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { matchesChallenge } from './pkce.ts'
import { ServiceError } from '../service-error.ts'
import { pendingSessionRequest, verifyRequest } from '../schemas.ts'
import { redeemLink, requireUnusedLink } from './redeem-link.ts'
import { type OutgoingLink, sendEnchantedLinks } from './send-link.ts'
import { type SignInMode, readSignInRequest } from './sign-in-request.ts'
import { readUpdateRequest } from './update-request.ts'

/** How long an approved session can be fetched. No source states it; our choice. */
const approvedForMs = 5 * 60 * 1000

/** `POST /v1/auth/enchantedlink/{signup,signin,signup-in}/email`: sends three links in one email. */
export function requestEnchantedLink(mode: SignInMode): (call: Call) => Promise<EndpointResponse> {
  return async (call) => send(call, await readSignInRequest(call, 'enchanted-link', 'email', mode))
}

/** `POST /v1/auth/enchantedlink/update/email`: sends three links to the new address. */
export async function updateByEnchantedLink(call: Call): Promise<EndpointResponse> {
  return send(call, await readUpdateRequest(call, 'enchanted-link', 'email'))
}

function send(call: Call, outgoing: OutgoingLink): EndpointResponse {
  const { pendingRef, linkId } = sendEnchantedLinks(call.world, outgoing)
  return { body: { pendingRef, linkId, maskedEmail: maskEmail(outgoing.to) } }
}

/**
 * `POST /v1/auth/enchantedlink/verify`: approves the sign-in if the token is that of the right link.
 * The session goes to the client that has the pending reference, never to this caller.
 */
export function verifyEnchantedLink(call: Call): EndpointResponse {
  const { world } = call
  const { token, pkceVerifier } = readBody(call, verifyRequest)
  const link = requireUnusedLink(world, world.state.links.byToken(token))
  if (link.enchanted === undefined) {
    throw new ServiceError(
      'linkNotFound',
      'Failed to load enchanted link token',
      'This is the token of a magic link: verify it at /v1/auth/magiclink/verify.',
    )
  }
  const { group, number } = link.enchanted
  if (number !== group.linkId) {
    // A wrong link redeems nothing: the right link still works.
    throw new ServiceError(
      'tokenExpired',
      'Failed to load enchanted link token',
      `Link ${number} is not the right one: open the link with the number that the screen shows.`,
    )
  }
  const { pkceChallenge } = group
  if (pkceChallenge !== undefined && !matchesChallenge(pkceChallenge, pkceVerifier ?? '')) {
    throw new ServiceError('unauthorized', 'The PKCE verifier does not match the challenge')
  }
  const user = redeemLink(world, link)
  group.approvedAt = world.clock.now()
  group.approved = { userId: user.userId, intent: link.intent }
  return { body: {} }
}

/** `POST /v1/auth/enchantedlink/pending-session`: the session, once, after the approval. */
export async function pendingSession(call: Call): Promise<EndpointResponse> {
  const { world, ip } = call
  const { pendingRef } = readBody(call, pendingSessionRequest)
  const group = world.state.links.byPendingRef(pendingRef)
  const { userId, intent } = takeApproved(group, world.clock.now())
  const user = world.state.users.byId(userId)
  if (user === undefined) throw new ServiceError('userNotFound', 'Cannot find user')
  const { session, firstSeen } = startSession(world, user, intent, ip)
  return sessionResponse(world, user, session, { firstSeen, withRefreshToken: true })
}

function takeApproved(
  group: EnchantedGroup | undefined,
  now: number,
): NonNullable<EnchantedGroup['approved']> {
  if (group === undefined) {
    // Not the pending code: some SDKs would continue to poll until their timeout.
    throw new ServiceError(
      'tokenExpired',
      'Failed to load pending session',
      'The pendingRef is unknown.',
    )
  }
  const { approved, approvedAt } = group
  if (approvedAt === undefined) {
    if (group.expiresAt > now) {
      throw new ServiceError('enchantedLinkPending', 'The enchanted link was not verified yet')
    }
    throw new ServiceError(
      'tokenExpired',
      'Failed to load pending session',
      'The links of this pendingRef have expired.',
    )
  }
  group.approved = undefined
  if (approved === undefined || approvedAt + approvedForMs <= now) {
    throw new ServiceError(
      'tokenExpired',
      'Failed to load pending session',
      'The session was fetched before, or was approved more than five minutes ago.',
    )
  }
  return approved
}
