import { startSession } from '../../world/sessions/start-session.ts'
import { type Channel, isChannel, maskedAddress } from './addresses.ts'
import { sessionResponse } from '../responses.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import { verifyRequest } from '../schemas.ts'
import { redeemLink, requireUnusedLink } from './redeem-link.ts'
import { sendMagicLink } from './send-link.ts'
import { type SignInMode, readSignInRequest } from './sign-in-request.ts'
import { readUpdateRequest } from './update-request.ts'

/** `POST /v1/auth/magiclink/{signup,signin,signup-in}/:method`: sends one link. */
export function requestMagicLink(mode: SignInMode): (call: Call) => Promise<EndpointResponse> {
  return async (call) => {
    const outgoing = await readSignInRequest(call, 'magic-link', channelParam(call), mode)
    sendMagicLink(call.world, outgoing)
    return { body: maskedAddress(outgoing.channel, outgoing.to) }
  }
}

/** `POST /v1/auth/magiclink/update/email` and `…/update/phone/:method`: sends one link to the new address. */
export function updateByMagicLink(
  field: 'email' | 'phone',
): (call: Call) => Promise<EndpointResponse> {
  return async (call) => {
    const channel = field === 'email' ? 'email' : phoneChannel(call)
    const outgoing = await readUpdateRequest(call, 'magic-link', channel)
    sendMagicLink(call.world, outgoing)
    return { body: maskedAddress(channel, outgoing.to) }
  }
}

/** `POST /v1/auth/magiclink/verify`: redeems the link and returns a session. */
export async function verifyMagicLink(call: Call): Promise<EndpointResponse> {
  const { world, ip } = call
  const { token } = readBody(call, verifyRequest)
  const link = requireUnusedLink(world, world.state.links.byToken(token))
  if (link.enchanted !== undefined) {
    throw new ServiceError(
      'linkNotFound',
      'Failed to load magic link token',
      'This is the token of an enchanted link: verify it at /v1/auth/enchantedlink/verify.',
    )
  }
  // Nothing is awaited between the check and this call, so only one of two parallel requests succeeds.
  const user = redeemLink(world, link)
  const { session, firstSeen } = startSession(world, user, link.intent, ip)
  return sessionResponse(world, user, session, { firstSeen, withRefreshToken: true })
}

function channelParam(call: Call): Channel {
  const { method } = call.params
  if (isChannel(method)) return method
  throw new ServiceError('notFound', 'There is no such delivery method')
}

// The Python and Ruby SDKs omit the method, the JavaScript SDKs have an undocumented `im`: SMS.
const phoneChannels = new Map<string, Channel>([
  ['', 'sms'],
  ['sms', 'sms'],
  ['im', 'sms'],
  ['whatsapp', 'whatsapp'],
])

function phoneChannel(call: Call): Channel {
  const channel = phoneChannels.get(call.params['method'] ?? '')
  if (channel !== undefined) return channel
  throw new ServiceError('notFound', 'There is no such delivery method')
}
