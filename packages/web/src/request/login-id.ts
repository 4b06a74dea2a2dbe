import { isEmailAddress, isPhoneNumber } from '@linkpass/core/internal'
import type { DeliveryMethod } from '@linkpass/core'

const phonePunctuation = /[ ().-]/g
// Not `trim()`, which would drop a line break that somebody put there.
const outerSpaces = /^ +| +$/g

/**
 * What a person typed as the login ID to send to, or undefined when a link cannot reach it. An
 * address loses spaces around it, a number loses its punctuation; both are 320 characters at most. Pure.
 */
export function parseLoginId(value: unknown, method: DeliveryMethod): string | undefined {
  if (typeof value !== 'string' || value.length > 320) return undefined
  const trimmed = value.replace(outerSpaces, '')
  if (method === 'email') return isEmailAddress(trimmed) ? trimmed : undefined
  const digits = trimmed.replace(phonePunctuation, '')
  return isPhoneNumber(digits) ? digits : undefined
}

/**
 * An address for somebody who may know it already: `a***@example.test`, `***4567`. Made here and
 * not by the service, so that the answer for an unknown address is no different. Pure.
 */
export function maskLoginId(loginId: string): string {
  const at = loginId.lastIndexOf('@')
  if (at === -1) return `***${loginId.slice(-4)}`
  const [first = ''] = loginId
  return `${first}***${loginId.slice(at)}`
}
