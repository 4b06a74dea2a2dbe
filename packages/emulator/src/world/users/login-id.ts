/** Digits with an optional plus sign and the separators that users type. */
const phonePattern = /^\+?\d[\d\s().-]{2,20}$/

/** Whether the value is a phone number as users type it. */
export function isPhone(value: string): boolean {
  return phonePattern.test(value)
}

const emailPattern = /^[^\s@]+@[^\s@]+$/

export function isEmail(value: string): boolean {
  return emailPattern.test(value)
}

/**
 * The address that a login ID is, for the profile of a new user. A number without `+` may be any other
 * number, such as that of an employee, so it is none.
 */
export function addressIn(loginId: string): { email?: string; phone?: string } {
  const given = canonicalLoginId(loginId)
  if (isEmail(given)) return { email: given }
  return given.startsWith('+') && isPhone(given) ? { phone: given } : {}
}

/** A phone number without separators: `+1-555-333-1234` as `+15553331234` (E.164). */
export function withoutSeparators(phone: string): string {
  return phone.replaceAll(/[\s().-]/g, '')
}

/**
 * A login ID as it is stored and shown: a phone number that begins with `+` without its separators,
 * anything else without the space around it.
 */
export function canonicalLoginId(loginId: string): string {
  const trimmed = loginId.trim()
  return trimmed.startsWith('+') && isPhone(trimmed) ? withoutSeparators(trimmed) : trimmed
}

/** The key by which login IDs are compared: case and the separators of a number do not matter. */
export function loginIdKey(loginId: string): string {
  return canonicalLoginId(loginId).toLowerCase()
}
