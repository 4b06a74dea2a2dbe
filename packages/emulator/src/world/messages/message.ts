import { type Link, type LinkState, linkState } from '../links/link-store.ts'

/** What a message is about. */
export type MessagePurpose =
  | 'sign-up'
  | 'sign-in'
  | 'sign-up-or-in'
  | 'update-email'
  | 'update-phone'

/** What the caller asked of the message, as far as it shows in a real one. */
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
  /** On an enchanted mail: the number of the right link. */
  readonly linkId?: string
  /** One link, or the three of an enchanted mail in the order of the mail. */
  readonly links: readonly MessageLink[]
  readonly createdAt: number
}

export interface MessageLink {
  readonly number?: string
  readonly url: string
  readonly token: string
  readonly state: LinkState
  readonly expiresAt: number
}

/** What is put into the inbox. */
export interface OutgoingMessage extends Omit<Message, 'id' | 'links' | 'createdAt'> {
  readonly links: readonly Link[]
}

/** A link as a message shows it, at a moment. Pure. */
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
