import type { DeliveryMethod } from '@linkpass/core'
import { isEmailAddress } from '@linkpass/core/internal'
import { parsePhoneNumber } from './phone-number.ts'

// What a paste brings along: spaces of any width, a tab, marks of direction, a byte order mark. Not
// `trim()`, which would also drop a line break.
const around =
  /^[\t\p{Zs}\p{Default_Ignorable_Code_Point}]+|[\t\p{Zs}\p{Default_Ignorable_Code_Point}]+$/gu

/**
 * What a user typed as the login ID to send to, or undefined when a link cannot reach it. An address
 * comes out as it was typed, without what stands around it, and a number in E.164 form. Both have at
 * most 320 characters.
 *
 * @param defaultCountry of numbers without a country code
 */
export async function parseLoginId(
  value: unknown,
  method: DeliveryMethod,
  defaultCountry: string | undefined,
): Promise<string | undefined> {
  if (typeof value !== 'string' || value.length > 320) return undefined
  const typed = value.replaceAll(around, '')
  if (method !== 'email') return await parsePhoneNumber(typed, defaultCountry)
  return isEmailAddress(typed) ? typed : undefined
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
