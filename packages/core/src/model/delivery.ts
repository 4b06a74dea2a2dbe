/** How a magic link reaches its person. Enchanted links go by email only. */
export type DeliveryMethod = 'email' | 'sms' | 'whatsapp'

/** Whether this names one of them. */
export function isDeliveryMethod(value: unknown): value is DeliveryMethod {
  return value === 'email' || value === 'sms' || value === 'whatsapp'
}

/** Where a link was sent, as the service masks it: for display only. */
export interface MaskedEmail {
  readonly maskedEmail: string
}

/** Where a link was sent, as the service masks it: for display only. */
export interface MaskedPhone {
  readonly maskedPhone: string
}

/** What the start of an enchanted link answers. */
export interface EnchantedLinkResponse extends MaskedEmail {
  /** The two digits to show: the link with this number in the mail is the right one. */
  readonly linkId: string
  /** Fetches the session once the right link was pressed. A secret: keep it on the server. */
  readonly pendingRef: string
}
