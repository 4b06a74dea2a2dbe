import { z } from 'zod'
import type { LinkRequest } from '../../world/links.ts'
import { maskEmail, maskPhone } from '../../world/masking.ts'
import type { Profile } from '../../world/users.ts'
import { isChannel, isEmail } from '../addresses.ts'
import { type Answer, type Call, readBody } from '../call.ts'
import { loginIntent } from '../login-intent.ts'
import { resolveRedirect } from '../redirect.ts'
import { Refusal } from '../refusal.ts'
import { type LoginOptions, claims, loginOptions, optionalProfile, text } from '../schemas.ts'
import { defaultRedirect } from '../start-link.ts'
import { requireTestUser } from './users.ts'

/** How long an embedded link works when the caller does not say; no source says. */
const embeddedLinkSeconds = 180

const generateRequest = z.object({
  loginId: z.string().min(1),
  deliveryMethod: text,
  URI: text,
  redirectUrl: text,
  loginOptions,
})

/** `POST /v1/mgmt/tests/generate/magiclink`: a test user's link, without a message. */
export async function generateMagicLink(call: Call): Promise<Answer> {
  const { world } = call
  const body = readBody(call, generateRequest)
  const { profile } = requireTestUser(world, body.loginId)
  const method = body.deliveryMethod?.toLowerCase() ?? 'email'
  if (!isChannel(method) && method !== 'embedded') {
    throw new Refusal('invalidRequest', 'The deliveryMethod field is invalid')
  }
  const address = (method === 'email' ? profile.email : profile.phone) ?? body.loginId
  const { url } = world.state.links.issue({
    redirectUrl: resolveRedirect(world, body, defaultRedirect(world, 'magic-link')),
    method,
    intent: await testIntent(call, body, address, method),
    expiresAt: world.clock.now() + world.settings.linkLifetimeSeconds * 1000,
  })
  return { body: { loginId: body.loginId, link: url } }
}

/** `POST /v1/mgmt/tests/generate/enchantedlink`: the right one of the three links. */
export async function generateEnchantedLink(call: Call): Promise<Answer> {
  const { world } = call
  const body = readBody(call, generateRequest)
  const { profile } = requireTestUser(world, body.loginId)
  const request: LinkRequest = {
    redirectUrl: resolveRedirect(world, body, defaultRedirect(world, 'enchanted-link')),
    method: 'email',
    intent: await testIntent(call, body, profile.email ?? body.loginId, 'email'),
    expiresAt: world.clock.now() + world.settings.linkLifetimeSeconds * 1000,
  }
  const { group, links } = world.state.links.issueEnchanted(
    request,
    body.loginOptions?.pkceChallenge,
  )
  const right = links.find((link) => link.enchanted?.number === group.linkId)
  return { body: { loginId: body.loginId, link: right?.url, pendingRef: group.pendingRef } }
}

function testIntent(
  call: Call,
  { loginId, loginOptions: options }: { loginId: string; loginOptions: LoginOptions | undefined },
  address: string,
  factor: string,
): ReturnType<typeof loginIntent> {
  return loginIntent(call, { loginId, address, factor, signUp: undefined, options })
}

const embeddedSignInRequest = z.object({
  loginId: z.string().min(1),
  customClaims: claims,
  timeout: z.int().nullish(),
})

/** `POST /v1/mgmt/user/signin/embeddedlink`: a token for magic-link verify, for a known person. */
export function embedSignIn(call: Call): Answer {
  const { loginId, customClaims, timeout } = readBody(call, embeddedSignInRequest)
  const user = call.world.state.users.byLoginId(loginId)
  if (user === undefined) throw new Refusal('managedUserNotFound', 'User not found')
  return embed(call, loginId, user.profile, timeout, {
    signUp: undefined,
    customClaims,
  })
}

const embeddedSignUpRequest = z.object({
  loginId: z.string().min(1),
  user: optionalProfile,
  loginOptions,
  timeout: z.int().nullish(),
})

/** `POST /v1/mgmt/user/signup/embeddedlink`: the same for a person who is to be created. */
export function embedSignUp(call: Call): Answer {
  const body = readBody(call, embeddedSignUpRequest)
  if (call.world.state.users.byLoginId(body.loginId) !== undefined) {
    throw new Refusal('userExists', 'User already exists')
  }
  const email = isEmail(body.loginId) ? body.loginId : undefined
  const profile = { ...body.user, email: body.user?.email ?? email }
  return embed(call, body.loginId, profile, body.timeout, {
    signUp: profile,
    customClaims: body.loginOptions?.customClaims,
  })
}

function embed(
  call: Call,
  loginId: string,
  { email, phone }: Profile,
  timeout: number | null | undefined,
  what: { signUp: Profile | undefined; customClaims: Record<string, unknown> | undefined },
): Answer {
  const { token } = call.world.state.links.issue({
    redirectUrl: '',
    method: 'embedded',
    intent: {
      type: 'login',
      loginId,
      // Nothing was sent anywhere, so nothing is verified.
      address: '',
      amr: ['embeddedlink'],
      stepUp: false,
      tenant: undefined,
      revokeOtherSessions: false,
      ...what,
    },
    expiresAt: call.world.clock.now() + (timeout || embeddedLinkSeconds) * 1000,
  })
  return {
    body: {
      token,
      maskedEmail: email === undefined ? '' : maskEmail(email),
      maskedPhone: phone === undefined ? '' : maskPhone(phone),
    },
  }
}
