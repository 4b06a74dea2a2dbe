/** How a magic link is sent. Enchanted links are sent by e-mail only. */
export type DeliveryMethod = 'email' | 'sms' | 'whatsapp'

/** Where a link was sent, as the service masks it: for display only. */
export interface MaskedEmail {
  readonly maskedEmail: string
}

/** Where a link was sent, as the service masks it: for display only. */
export interface MaskedPhone {
  readonly maskedPhone: string
}

/** The response to a request for an enchanted link. */
export interface EnchantedLinkResponse extends MaskedEmail {
  /** The two digits to show to the user: the link with this number in the mail is the right one. */
  readonly linkId: string
  /** Fetches the session once the right link was confirmed. A secret: keep it on the server. */
  readonly pendingRef: string
}
