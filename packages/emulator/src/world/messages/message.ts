import { type Link, type LinkState, linkState } from '../links/link-store.ts'

/** The request that a message was sent for. */
export type MessagePurpose =
  | 'sign-up'
  | 'sign-in'
  | 'sign-up-or-in'
  | 'invite'
  | 'update-email'
  | 'update-phone'

/** The options of the request that affect a real message. */
export interface MessageOptions {
  templateId?: string | undefined
  templateOptions?: Record<string, string> | undefined
  locale?: string | undefined
  providerId?: string | undefined
  customClaims?: Record<string, unknown> | undefined
}

/** A message in the dev inbox. Times are milliseconds since the epoch, on the world's clock. */
export interface Message {
  readonly id: string
  readonly projectId: string
  readonly channel: 'email' | 'sms' | 'whatsapp'
  readonly to: string
  readonly kind: 'magic-link' | 'enchanted-link'
  readonly purpose: MessagePurpose
  readonly subject: string
  readonly text: string
  readonly options: MessageOptions
  /** On an enchanted email: the number of the right link. */
  readonly linkId?: string
  /** One link, or the three of an enchanted email in its order. */
  readonly links: readonly MessageLink[]
  readonly createdAt: number
}

/** A link of a message. */
export interface MessageLink {
  /** Its number in an enchanted mail, as text. */
  readonly number?: string
  readonly url: string
  /** The one-time token: the query parameter `t` of `url`. */
  readonly token: string
  readonly state: LinkState
  readonly expiresAt: number
}

/** A message before it is in the inbox. */
export interface OutgoingMessage extends Omit<Message, 'id' | 'links' | 'createdAt'> {
  readonly links: readonly Link[]
}

/** A link as a message shows it, with its state at `now`. */
export function viewLink(link: Link, now: number): MessageLink {
  const { url, token, expiresAt } = link
  return {
    ...(link.enchanted && { number: link.enchanted.number }),
    url,
    token,
    state: linkState(link, now),
    expiresAt,
  }
}
