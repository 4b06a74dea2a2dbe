import { startSession } from '../../world/links/apply-intent.ts'
import { type Channel, isChannel, maskedAnswer } from './addresses.ts'
import { sessionAnswer } from '../responses.ts'
import { type Answer, type Call, readBody } from '../call.ts'
import { Refusal } from '../service-error.ts'
import { verifyRequest } from '../schemas.ts'
import { spend, spendable } from './redeem-link.ts'
import { type StartMode, readLogin, sendMagicLink } from './send-link.ts'
import { readUpdate } from './update-request.ts'

/** `POST /v1/auth/magiclink/{signup,signin,signup-in}/:method`: sends one link. */
export function startMagicLink(mode: StartMode): (call: Call) => Promise<Answer> {
  return async (call) => {
    const start = await readLogin(call, 'magic-link', channelParam(call), mode)
    sendMagicLink(call.world, start)
    return { body: maskedAnswer(start.channel, start.to) }
  }
}

/** `POST /v1/auth/magiclink/update/email` and `…/update/phone/:method`: one link, to the new address. */
export function updateByMagicLink(field: 'email' | 'phone'): (call: Call) => Promise<Answer> {
  return async (call) => {
    const channel = field === 'email' ? 'email' : phoneChannel(call)
    const start = await readUpdate(call, 'magic-link', channel)
    sendMagicLink(call.world, start)
    return { body: maskedAnswer(channel, start.to) }
  }
}

/** `POST /v1/auth/magiclink/verify`: spends the link and answers a session. */
export async function verifyMagicLink(call: Call): Promise<Answer> {
  const { world, ip } = call
  const { token } = readBody(call, verifyRequest)
  const link = spendable(world, world.state.links.byToken(token))
  if (link.enchanted !== undefined) {
    throw new Refusal(
      'linkNotFound',
      'Failed to load magic link token',
      'This is the token of an enchanted link: verify it at /v1/auth/enchantedlink/verify.',
    )
  }
  // From the check to here nothing awaits, so of two parallel clicks one comes too late.
  const user = spend(world, link)
  const { session, firstSeen } = startSession(world, user, link.intent, ip)
  return sessionAnswer(world, user, session, { firstSeen, withRefreshToken: true })
}

function channelParam(call: Call): Channel {
  const { method } = call.params
  if (isChannel(method)) return method
  throw new Refusal('notFound', 'There is no such delivery method')
}

// Python and Ruby leave the method out; JavaScript has an undocumented `im`. Both arrive as SMS.
function phoneChannel(call: Call): Channel {
  return call.params['method'] === 'whatsapp' ? 'whatsapp' : 'sms'
}
