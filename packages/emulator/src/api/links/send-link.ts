import type { EnchantedGroup, Intent, LinkRequest } from '../../world/links/link-store.ts'
import { deliver } from '../../world/messages/deliver.ts'
import type { MessageOptions, MessagePurpose } from '../../world/messages/message.ts'
import { composeMessage } from '../../world/messages/message-text.ts'
import type { World } from '../../world/world.ts'
import type { Channel } from './addresses.ts'

/** The two kinds of link. */
export type LinkKind = 'magic-link' | 'enchanted-link'

/** A link that is about to be sent. */
export interface OutgoingLink {
  readonly kind: LinkKind
  readonly channel: Channel
  readonly purpose: MessagePurpose
  readonly to: string
  readonly redirectUrl: string
  readonly intent: Intent
  readonly messageOptions: MessageOptions
  readonly pkceChallenge: string | undefined
}

/** The URL a link leads to if the request has no redirect. */
export function defaultRedirect(world: World, kind: LinkKind): string {
  return kind === 'magic-link'
    ? world.settings.magicLinkRedirectUrl
    : world.settings.enchantedLinkRedirectUrl
}

/** Creates one magic link and sends it. */
export function sendMagicLink(world: World, outgoing: OutgoingLink): void {
  const link = world.state.links.issue(linkRequest(world, outgoing))
  send(world, outgoing, { links: [link] })
}

/** Creates the three links of an enchanted sign-in and sends them in one email. */
export function sendEnchantedLinks(world: World, outgoing: OutgoingLink): EnchantedGroup {
  const { group, links } = world.state.links.issueEnchanted(
    linkRequest(world, outgoing),
    outgoing.pkceChallenge,
  )
  send(world, outgoing, { links, linkId: group.linkId })
  return group
}

function linkRequest(world: World, outgoing: OutgoingLink): LinkRequest {
  return {
    redirectUrl: outgoing.redirectUrl,
    method: outgoing.channel,
    intent: outgoing.intent,
    expiresAt: world.clock.now() + world.settings.linkLifetimeSeconds * 1000,
  }
}

function send(
  world: World,
  outgoing: OutgoingLink,
  sent: Pick<Parameters<typeof deliver>[1], 'links' | 'linkId'>,
): void {
  const { kind, channel, purpose, to, messageOptions } = outgoing
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
