import type { DeliveryMethod } from '@linkpass/core'
import { checkOption, isEmailAddress, isPhoneNumber } from '@linkpass/core/internal'
import type { PhoneNumber } from 'libphonenumber-js/min'
import { withAsciiDigits } from './digits.ts'

// What a paste brings along: spaces of any width, a tab, marks of direction, a byte order mark. Not
// `trim()`, which would also drop a line break.
const around =
  /^[\t\p{Zs}\p{Default_Ignorable_Code_Point}]+|[\t\p{Zs}\p{Default_Ignorable_Code_Point}]+$/gu

/** In bytes: 64 before the "@" and 255 after it (RFC 5321 section 4.5.3.1), so that it fits into a cookie. */
export const maxLoginIdBytes = 320

/**
 * What a user typed as the login ID to send to, or undefined when a link cannot reach it. An address
 * comes out as it was typed, without what stands around it, and a number in E.164 form. Both have at
 * most 320 bytes.
 *
 * @param defaultCountry of numbers without a country code
 */
export async function parseLoginId(
  value: unknown,
  method: DeliveryMethod,
  defaultCountry: string | undefined,
): Promise<string | undefined> {
  if (typeof value !== 'string' || Buffer.byteLength(value) > maxLoginIdBytes) return undefined
  const typed = value.replaceAll(around, '')
  if (method !== 'email') return await parsePhoneNumber(typed, defaultCountry)
  return isEmailAddress(typed) ? typed : undefined
}

/**
 * A login ID for a user who may know it already: `a***@example.test`, `***4567`. Masked here and not by the
 * service, so that the response for an unknown address is the same.
 */
export function maskLoginId(loginId: string): string {
  const at = loginId.lastIndexOf('@')
  if (at === -1) return `***${loginId.slice(-4)}`
  const [first = ''] = loginId
  return `${first}***${loginId.slice(at)}`
}

/**
 * A phone number in E.164 form, or undefined where the text is none, or has a length that no number of
 * its country has. `00` stands for `+`, and so does what is dialled in its place in `defaultCountry`.
 * Without `defaultCountry`, a number needs one of the two; with it, a number of that country may come
 * as it is dialled there, and without its "+". Undefined also where `00` and a longer prefix, such as
 * 001 in Hong Kong, lead to valid numbers of two countries: one of them is a stranger's.
 */
async function parsePhoneNumber(
  text: string,
  defaultCountry: string | undefined,
): Promise<string | undefined> {
  if (/[^\p{Nd}\p{Z}\p{Cf}\p{Pd}−+＋(（)）./]/u.test(text)) return undefined
  // Loaded with the first number: its metadata has 80 kB.
  const lib = await import('libphonenumber-js/min')
  const country = defaultCountry !== undefined &&
    lib.isSupportedCountry(defaultCountry) && { defaultCountry }
  const read = (number: string): PhoneNumber | undefined => {
    const found = lib.parsePhoneNumberFromString(number, { ...country, extract: false })
    return found?.isPossible() === true && isPhoneNumber(found.number) ? found : undefined
  }
  const typed = withAsciiDigits(text)
  const withPlus = read(typed.replace(/^[ (]*(?:00|\+)/, '+'))
  const dialled = read(typed)
  if (withPlus === undefined || dialled === undefined) return (withPlus ?? dialled)?.number
  const isAbroad =
    country && dialled.countryCallingCode !== lib.getCountryCallingCode(country.defaultCountry)
  if (dialled.number === withPlus.number || !isAbroad || !dialled.isValid()) return withPlus.number
  return withPlus.isValid() ? undefined : dialled.number
}

/** The country code of a number in E.164 form, such as `44`; undefined for anything else. */
export async function countryCodeOf(loginId: string): Promise<string | undefined> {
  if (!isPhoneNumber(loginId)) return undefined
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min')
  return parsePhoneNumberFromString(loginId)?.countryCallingCode
}

/**
 * The ISO 3166 code of a country, or undefined. `UK` is `GB`.
 *
 * @throws {TypeError} there is no such country
 */
export function countryOf(code: unknown): string | undefined {
  if (code === undefined) return undefined
  const isCode = typeof code === 'string' && /^[A-Z]{2}$/.test(code)
  const { region = '' } = new Intl.Locale(isCode ? `und-${code}` : 'und')
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  checkOption(
    region !== '' && names.of(region) !== undefined,
    'defaultCountry must be the ISO 3166 code of a country, such as "GB".',
  )
  return region
}
