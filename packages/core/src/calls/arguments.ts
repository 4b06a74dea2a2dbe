/**
 * What can be known about an argument before anything is sent. Pure. Each check returns the error
 * of an argument that cannot be right, and undefined otherwise, so that checks chain with `??` in
 * the order of the arguments. Types cannot tell one string from another; these can.
 */
import { RequestError } from '../errors.ts'
import { isEmailAddress, isJwt, isOneTimeToken, isPhoneNumber } from '../model/grammar.ts'
import type { LoginOptions } from '../model/link-options.ts'

type Wrong = RequestError | undefined

/** The error for an argument: `expectation` continues "`argument` must be …". */
export function wrongArgument(argument: string, expectation: string): RequestError {
  return new RequestError('ERR_ARGUMENT', `${argument} must be ${expectation}.`, { argument })
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is for
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
// What every JWT starts with: a header that is a JSON object.
const tokenShape = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/
const printable = /^[\x21-\x7e]{1,4096}$/

/** A login ID: 1 to 320 characters, none of them a control character, and no token. */
export function checkLoginId(value: unknown): Wrong {
  if (isText(value, 320) && !tokenShape.test(value)) return undefined
  return wrongArgument('loginId', 'a string of 1 to 320 characters without control characters')
}

/** An e-mail address of at most 320 characters. */
export function checkEmail(value: unknown): Wrong {
  if (isEmailAddress(value)) return undefined
  return wrongArgument('email', 'an e-mail address')
}

/** A phone number as E.164 has it. */
export function checkPhone(value: unknown): Wrong {
  if (isPhoneNumber(value)) return undefined
  return wrongArgument('phone', 'a phone number in E.164 form, such as +15555555555')
}

/** Where the link leads, if given: an absolute http(s) URL without credentials. */
export function checkUri(value: unknown): Wrong {
  if (value === undefined) return undefined
  if (isText(value, 4096) && /^https?:\/\/[^\s\\]+$/i.test(value) && URL.canParse(value)) {
    const { username, password } = new URL(value)
    if (username === '' && password === '') return undefined
  }
  return wrongArgument('uri', 'an absolute http(s) URL without credentials')
}

/** The token of a magic or enchanted link: what arrives as `t`. */
export function checkOneTimeToken(value: unknown): Wrong {
  // The documents print "xxxx" where the token goes.
  if (isOneTimeToken(value) && !/^x+$/i.test(value)) return undefined
  return wrongArgument('token', 'the one-time token of a link: the value of its query parameter t')
}

/** A refresh token: something with a JWT's shape. */
export function checkRefreshToken(value: unknown): Wrong {
  if (isJwt(value)) return undefined
  return wrongArgument('refreshToken', 'a refresh token (a JWT)')
}

/** A refresh token, if given. */
export function checkOptionalRefreshToken(value: unknown): Wrong {
  return value === undefined ? undefined : checkRefreshToken(value)
}

/** `stepup` and `mfa` build on a session, so they need its refresh token. */
export function checkStepUp(options: LoginOptions | undefined, refreshToken: unknown): Wrong {
  if (refreshToken !== undefined || !(options?.stepup || options?.mfa)) return undefined
  return wrongArgument('refreshToken', 'given for stepup and mfa')
}

/** An object of options, if given. */
export function checkObject(argument: string, value: unknown): Wrong {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined
  return wrongArgument(argument, 'an object')
}

/** Options that are ours alone, where one we do not know would be a limit that is not kept. */
export function checkOptions(argument: string, value: unknown, known: readonly string[]): Wrong {
  const names = Object.keys(Object(value))
  if (names.every((name) => known.includes(name))) return checkObject(argument, value)
  return wrongArgument(argument, `an object with nothing but ${known.join(', ')}`)
}

/** A way that a phone can be reached. */
export function checkPhoneMethod(value: unknown): Wrong {
  if (value === 'sms' || value === 'whatsapp') return undefined
  return wrongArgument('deliveryMethod', '"sms" or "whatsapp"')
}

/** An opaque value of the service: 1 to 4,096 printable ASCII characters without spaces. */
export function checkOpaque(argument: string, value: unknown): Wrong {
  if (typeof value === 'string' && printable.test(value)) return undefined
  return wrongArgument(argument, 'a string of 1 to 4,096 printable characters without spaces')
}

/** A signal to abort by, if given. */
export function checkSignal(value: unknown): Wrong {
  if (value === undefined || value instanceof AbortSignal) return undefined
  return wrongArgument('signal', 'an AbortSignal')
}

/** A number above 0, if given. */
export function checkPositive(argument: string, value: unknown): Wrong {
  if (value === undefined || (typeof value === 'number' && value > 0)) return undefined
  return wrongArgument(argument, 'a number of milliseconds above 0')
}

function isText(value: unknown, longest: number): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= longest &&
    !controlCharacter.test(value)
  )
}
