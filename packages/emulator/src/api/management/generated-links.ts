import { z } from 'zod'
import type { LinkRequest } from '../../world/links/link-store.ts'
import { isChannel } from '../links/addresses.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { loginIntent } from '../links/login-intent.ts'
import { resolveRedirect } from '../links/redirect.ts'
import { ServiceError } from '../service-error.ts'
import { loginOptions, text } from '../schemas.ts'
import { defaultRedirect } from '../links/send-link.ts'
import { embeddedFactor } from './embedded-links.ts'
import { requireTestUser } from './users.ts'

const generateRequest = z.object({
  loginId: z.string().min(1),
  deliveryMethod: text,
  URI: text,
  redirectUrl: text,
  loginOptions,
})

/** `POST /v1/mgmt/tests/generate/magiclink`: a link of a test user, without a message. */
export async function generateMagicLink(call: Call): Promise<EndpointResponse> {
  const { world } = call
  const body = readBody(call, generateRequest)
  const { profile } = requireTestUser(world, body.loginId)
  const method = body.deliveryMethod?.toLowerCase() ?? 'email'
  if (!isChannel(method) && method !== 'embedded') {
    throw new ServiceError('invalidRequest', 'The deliveryMethod field is invalid')
  }
  const address = method === 'email' ? profile.email : profile.phone
  const { url } = world.state.links.issue({
    redirectUrl: resolveRedirect(world, body, defaultRedirect(world, 'magic-link')),
    method,
    intent: await loginIntent(call, {
      loginId: body.loginId,
      verifies: method === 'embedded' ? [] : [address ?? body.loginId],
      factor: method === 'embedded' ? embeddedFactor : method,
      signUp: undefined,
      options: body.loginOptions,
    }),
    expiresAt: world.clock.now() + world.settings.linkLifetimeSeconds * 1000,
  })
  return { body: { loginId: body.loginId, link: url } }
}

/** `POST /v1/mgmt/tests/generate/enchantedlink`: the right one of the three links. */
export async function generateEnchantedLink(call: Call): Promise<EndpointResponse> {
  const { world } = call
  const body = readBody(call, generateRequest)
  const { profile } = requireTestUser(world, body.loginId)
  const request: LinkRequest = {
    redirectUrl: resolveRedirect(world, body, defaultRedirect(world, 'enchanted-link')),
    method: 'email',
    intent: await loginIntent(call, {
      loginId: body.loginId,
      verifies: [profile.email ?? body.loginId],
      factor: 'email',
      signUp: undefined,
      options: body.loginOptions,
    }),
    expiresAt: world.clock.now() + world.settings.linkLifetimeSeconds * 1000,
  }
  const { group, links } = world.state.links.issueEnchanted(
    request,
    body.loginOptions?.pkceChallenge,
  )
  const right = links.find((link) => link.enchanted?.number === group.linkId)
  return { body: { loginId: body.loginId, link: right?.url, pendingRef: group.pendingRef } }
}
