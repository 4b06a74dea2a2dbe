/** The syntax of addresses, phone numbers, tokens and cookie names. Each is defined here, once. */
import type { DeliveryMethod } from './delivery.ts'

// One "@", no quoting, no comments, nothing that could split a header, a log line or a list of
// recipients. Letters outside ASCII are left for the service to check. Labels are not empty.
const emailAddress =
  /^[^\s@,;:<>()[\]"\\\p{C}\p{Z}]{1,64}@(?=.{1,255}$)[^\s@,;:<>()[\]"\\\p{C}\p{Z}.]+(?:\.[^\s@,;:<>()[\]"\\\p{C}\p{Z}.]+)*$/u
// E.164: "+", then 4 to 15 digits, the first of which is not 0.
const phoneNumber = /^\+[1-9]\d{3,14}$/
// Unreserved characters of a URL (RFC 3986 section 2.3). The service documents no alphabet.
const oneTimeToken = /^[A-Za-z0-9._~-]{1,4096}$/
// RFC 7515 section 7.1: three base64url parts.
const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/
const maxJwtLength = 16_384
// RFC 6265 section 4.1.1: a cookie name is an RFC 9110 token.
const cookieName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/

/** Whether this has the form of an e-mail address: at most 64 characters before the "@", 255 after it. */
export function isEmailAddress(value: unknown): value is string {
  return typeof value === 'string' && emailAddress.test(value)
}

/** Whether this is a phone number in E.164 form, such as `+15555555555`. */
export function isPhoneNumber(value: unknown): value is string {
  return typeof value === 'string' && phoneNumber.test(value)
}

/** Whether this has the form of a link's one-time token (query parameter `t`): 1 to 4,096 characters. */
export function isOneTimeToken(value: unknown): value is string {
  return typeof value === 'string' && oneTimeToken.test(value)
}

/** Whether this has the form of a JWT of at most 16,384 characters. Its content is not checked. */
export function isJwt(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxJwtLength && jwt.test(value)
}

/** Whether a browser accepts this as the name of a cookie (RFC 6265), at most 128 characters. */
export function isCookieName(value: unknown): value is string {
  return typeof value === 'string' && cookieName.test(value)
}

/** Whether this is a delivery method. */
export function isDeliveryMethod(value: unknown): value is DeliveryMethod {
  return value === 'email' || value === 'sms' || value === 'whatsapp'
}
