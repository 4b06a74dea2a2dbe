import type { DeliveryMethod } from '@linkpass/core'
import { isEmailAddress, isPhoneNumber } from '@linkpass/core/internal'

const phonePunctuation = /[ ().-]/g
// Not `trim()`, which would also drop a line break.
const outerSpaces = /^ +| +$/g

/**
 * What a user typed as the login ID to send to, or undefined when a link cannot reach it. An address
 * loses the spaces around it, a number its punctuation. Both have at most 320 characters.
 */
export function parseLoginId(value: unknown, method: DeliveryMethod): string | undefined {
  if (typeof value !== 'string' || value.length > 320) return undefined
  const trimmed = value.replace(outerSpaces, '')
  if (method === 'email') return isEmailAddress(trimmed) ? trimmed : undefined
  const digits = trimmed.replace(phonePunctuation, '')
  return isPhoneNumber(digits) ? digits : undefined
}

/**
 * An address for a user who may know it already: `a***@example.test`, `***4567`. Masked here and not
 * by the service, so that the response for an unknown address is the same.
 */
export function maskLoginId(loginId: string): string {
  const at = loginId.lastIndexOf('@')
  if (at === -1) return `***${loginId.slice(-4)}`
  const [first = ''] = loginId
  return `${first}***${loginId.slice(at)}`
}
