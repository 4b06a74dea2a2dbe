import type { DeliveryMethod } from '@linkpass/core'

// Anything that could split a header, a log line or a list of recipients is out; the rest, non-ASCII
// letters included, is for the service to judge.
const emailAddress = /^[^\s@,;:<>()[\]"\\\p{C}\p{Z}]{1,64}@[^\s@,;:<>()[\]"\\\p{C}\p{Z}]{1,255}$/u
const phoneNumber = /^\+?\d{5,20}$/
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
  if (method === 'email') return emailAddress.test(trimmed) ? trimmed : undefined
  const digits = trimmed.replace(phonePunctuation, '')
  return phoneNumber.test(digits) ? digits : undefined
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
