/** The syntax of addresses, phone numbers, tokens, ids and cookie names. Each is defined here, once. */
import { domainToASCII } from 'node:url'
import type { DeliveryMethod } from './api.ts'

// One "@", no quoting, no comments, nothing that could split a header, a log line or a list of
// recipients. Letters outside ASCII are left for the service to check.
const localAndDomain =
  /^[^\s@,;:<>()[\]"\\\p{C}\p{Z}]{1,64}@([^\s@,;:<>()[\]"\\/?#%\p{C}\p{Z}\p{Pi}\p{Pf}]{1,255})$/u
// An encoded word, which no address has (RFC 2047 section 5): some mailers decode it to another address.
const encodedWord = /=\?[^?@]+\?[bq]\?/i
// A host name in ASCII (RFC 1123 section 2.1), with "_", which some hosts have. One that ends in a number is
// an IP address (URL Standard section 3.5), which an address has in brackets, if at all.
const hostName =
  /^(?=.{1,253}$)(?!(?:.*\.)?\d+$)[a-z\d_](?:[\w-]{0,61}[a-z\d_])?(?:\.[a-z\d_](?:[\w-]{0,61}[a-z\d_])?)*$/
// Controls, line breaks, and what changes the direction of the text that follows. Joiners and other
// characters of format are part of words in many scripts.
const notInNames = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u
// What mail programs make a link of: a scheme, "www.", a host with a path, an IP address.
const link =
  /:[/\\]|\bhttps?:|\bwww[.。]|[\p{L}\p{N}][.。](?:\p{L}{2,}|xn--[\w-]+)(?::\d+)?[/\\?#]|\d(?:\.\d+){3}/iu
// What no one sees: zero-width characters, variation selectors, soft hyphens.
const invisible = /\p{Default_Ignorable_Code_Point}/gu

/** A check whether a value is a string of this form. */
export function stringOf(form: RegExp): (value: unknown) => value is string {
  return (value): value is string => typeof value === 'string' && form.test(value)
}

/** Whether this has the form of a Descope project id: `P`, maybe a region, and 27 characters. */
export const isProjectId = stringOf(/^P[A-Za-z0-9]{27,40}$/)

/** Whether this is a phone number in E.164 form, such as `+15555555555`. */
export const isPhoneNumber = stringOf(/^\+[1-9]\d{3,14}$/)

/**
 * Whether this has the form of a link's one-time token (query parameter `t`): 1 to 4,096 unreserved
 * characters of a URL (RFC 3986 section 2.3). The service documents no alphabet.
 */
export const isOneTimeToken = stringOf(/^[A-Za-z0-9._~-]{1,4096}$/)

/** Whether this has the form of a JWT (RFC 7515 section 7.1) of at most 16,384 characters. */
export const isJwt = stringOf(/^(?=.{1,16384}$)[\w-]+\.[\w-]+\.[\w-]+$/)

/** Whether a browser accepts this as the name of a cookie (RFC 6265 section 4.1.1), at most 128 characters. */
export const isCookieName = stringOf(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/)

/**
 * Whether this has the form of an e-mail address: at most 64 characters before the "@", a host name
 * after it. Judged as typed and normalised (NFKC), so that U+FF20 is no second "@".
 */
export function isEmailAddress(value: unknown): value is string {
  if (typeof value !== 'string' || !localAndDomain.test(value)) return false
  const [address, domain] = localAndDomain.exec(visible(value)) ?? []
  if (address === undefined || domain === undefined || encodedWord.test(address)) return false
  return hostName.test(domainToASCII(domain))
}

/**
 * One spelling of a login ID, to count and compare by: NFKC in lower case without invisible characters,
 * the domain in ASCII without a dot at the end, a phone number without its "+". Never sent.
 */
export function canonicalLoginId(loginId: string): string {
  const text = visible(loginId)
  const at = text.lastIndexOf('@')
  if (at === -1) return oneCase(text).replace(/^\+/, '')
  const domain = text.slice(at + 1).replace(/[.\u3002]+$/, '')
  return `${oneCase(text.slice(0, at))}@${domainToASCII(domain)}`
}

function visible(text: string): string {
  return text.normalize('NFKC').replace(invisible, '')
}

// By way of upper case, since some letters have two lower ones: a final sigma and another. Some letters are
// several in upper case, and some have an upper case that is none of their lower one.
function oneCase(text: string): string {
  return text.toLowerCase().toUpperCase().normalize('NFKC').toLowerCase()
}

/**
 * Whether this can be the name of a user, in any script: at most 200 characters, without controls, line
 * breaks and changes of direction, and without a URL, since names go into mails.
 */
export function isUserName(value: string): boolean {
  return value.length <= 200 && !notInNames.test(value) && !link.test(visible(value))
}

export function isDeliveryMethod(value: unknown): value is DeliveryMethod {
  return value === 'email' || value === 'sms' || value === 'whatsapp'
}
