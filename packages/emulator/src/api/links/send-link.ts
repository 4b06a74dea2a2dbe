import { deliver } from '../../world/messages/deliver.ts'
import type { MessageOptions, MessagePurpose } from '../../world/messages/message.ts'
import type { EnchantedGroup, Intent, LinkRequest } from '../../world/links/link-store.ts'
import { composeMessage } from '../../world/messages/message-text.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import { type Channel, addressField, addressOf, isEmail } from './addresses.ts'
import { type Call, readBody } from '../call.ts'
import { loginIntent } from './login-intent.ts'
import { resolveRedirect } from './redirect.ts'
import { Refusal } from '../service-error.ts'
import { type LoginOptions, type RedirectFields, signInRequest, signUpRequest } from '../schemas.ts'

/** The two kinds of link, which differ in where they lead by default and what a start answers. */
export type LinkKind = 'magic-link' | 'enchanted-link'

/** What the three ways to start share. */
export type StartMode = 'sign-up' | 'sign-in' | 'sign-up-or-in'

/** A link about to be sent. */
export interface Start {
  readonly kind: LinkKind
  readonly channel: Channel
  readonly purpose: MessagePurpose
  readonly to: string
  readonly redirectUrl: string
  readonly intent: Intent
  readonly messageOptions: MessageOptions
  readonly pkceChallenge: string | undefined
}

/**
 * Reads the request of a sign-up, sign-in or sign-up-or-in.
 *
 * @throws {Refusal} the body is not as documented, a sign-up of a known or a sign-in of an unknown
 *   login id, a redirect that is not approved, a step-up without a refresh token
 */
export async function readLogin(
  call: Call,
  kind: LinkKind,
  channel: Channel,
  mode: StartMode,
): Promise<Start> {
  const body = mode === 'sign-up' ? readSignUp(call, channel) : readSignIn(call)
  const { loginId, options } = body
  const known = call.world.state.users.byLoginId(loginId)
  if (mode === 'sign-up' && known !== undefined) {
    throw new Refusal('userExists', 'User already exists', 'Use sign-in, or sign-up-or-in.')
  }
  if (mode === 'sign-in' && known === undefined) {
    throw new Refusal('userNotFound', 'Cannot find user', 'Use sign-up, or sign-up-or-in.')
  }
  const profile = known?.profile ?? body.profile
  const to = addressOf(channel, profile, loginId)
  const intent = await loginIntent(call, {
    loginId,
    verifies: [to],
    factor: channel,
    signUp: mode === 'sign-in' ? undefined : { ...profile, [addressField(channel)]: to },
    options,
  })
  return {
    kind,
    channel,
    purpose: mode,
    to,
    redirectUrl: resolveRedirect(call.world, body, defaultRedirect(call.world, kind)),
    intent,
    messageOptions: { ...body.message, customClaims: options?.customClaims },
    pkceChallenge: options?.pkceChallenge,
  }
}

interface ReadBody extends RedirectFields {
  loginId: string
  profile: Profile
  options: LoginOptions | undefined
  message: MessageOptions
}

function readSignIn(call: Call): ReadBody {
  const body = readBody(call, signInRequest)
  return { ...redirectOf(body), loginId: body.loginId, profile: {}, ...optionsOf(body) }
}

function readSignUp(call: Call, channel: Channel): ReadBody {
  const body = readBody(call, signUpRequest)
  const { loginId: userLoginId, ...user } = body.user ?? {}
  const given: Profile = user
  const profile: Profile = {
    ...given,
    email: given.email ?? body.email,
    phone: given.phone ?? body.phone ?? body.whatsapp,
  }
  const loginId = body.loginId ?? userLoginId ?? profile[addressField(channel)]
  if (loginId === undefined) throw new Refusal('invalidRequest', 'The loginId field is required')
  if (profile.email === undefined && isEmail(loginId)) profile.email = loginId
  return { ...redirectOf(body), loginId, profile, ...optionsOf(body) }
}

function redirectOf({ redirectUrl, URI }: RedirectFields): RedirectFields {
  return { redirectUrl, URI }
}

function optionsOf(body: {
  loginOptions: LoginOptions | undefined
  providerId: string | undefined
  templateId: string | undefined
}): Pick<ReadBody, 'options' | 'message'> {
  const options = body.loginOptions
  return {
    options,
    message: {
      templateId: options?.templateId ?? body.templateId,
      templateOptions: options?.templateOptions,
      locale: options?.locale,
      providerId: body.providerId,
    },
  }
}

/** Where links lead when a call does not say. */
export function defaultRedirect(world: World, kind: LinkKind): string {
  return kind === 'magic-link'
    ? world.settings.magicLinkRedirectUrl
    : world.settings.enchantedLinkRedirectUrl
}

/** The link of a start as the link book wants it. */
export function linkRequest(world: World, start: Start): LinkRequest {
  return {
    redirectUrl: start.redirectUrl,
    method: start.channel,
    intent: start.intent,
    expiresAt: world.clock.now() + world.settings.linkLifetimeSeconds * 1000,
  }
}

/** Makes the one link of a magic-link start and sends it. */
export function sendMagicLink(world: World, start: Start): void {
  const link = world.state.links.issue(linkRequest(world, start))
  send(world, start, { links: [link] })
}

/** Makes the three links of an enchanted start and sends them in one mail. */
export function sendEnchantedLinks(world: World, start: Start): EnchantedGroup {
  const { group, links } = world.state.links.issueEnchanted(
    linkRequest(world, start),
    start.pkceChallenge,
  )
  send(world, start, { links, linkId: group.linkId })
  return group
}

function send(
  world: World,
  start: Start,
  sent: Pick<Parameters<typeof deliver>[1], 'links' | 'linkId'>,
): void {
  const { kind, channel, purpose, to, messageOptions } = start
  deliver(world, {
    projectId: world.projectId,
    channel,
    to,
    kind,
    purpose,
    ...composeMessage(purpose, sent.links, messageOptions),
    options: messageOptions,
    ...sent,
  })
}
