/**
 * Checks of arguments, before anything is sent. Each returns the error of an invalid argument, and
 * undefined otherwise, so that checks chain with `??` in the order of the arguments. The types cannot
 * tell one string from another; these checks can.
 */
import { RequestError } from '../errors.ts'
import { isEmailAddress, isJwt, isOneTimeToken, isPhoneNumber } from '../model/grammar.ts'
import type { LoginOptions, UpdateOptions } from '../model/link-options.ts'

type Invalid = RequestError | undefined

/** The error for an argument: `expectation` continues "`argument` must be …". */
export function invalidArgument(argument: string, expectation: string): RequestError {
  return new RequestError('ERR_ARGUMENT', `${argument} must be ${expectation}.`, { argument })
}

// oxlint-disable-next-line no-control-regex -- it looks for control characters
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
// Every JWT starts like this, since its header is a JSON object.
const tokenShape = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/
// What NFKC makes an "@" of: the service may read the address after the first one, or after the last.
const otherAt = /[\uFE6B\uFF20]/
const printable = /^[\x21-\x7e]{1,4096}$/

/** A login ID: 1 to 320 characters without control characters and other forms of "@"; not a token. */
export function checkLoginId(value: unknown): Invalid {
  if (isText(value, 320) && !tokenShape.test(value) && !otherAt.test(value)) return undefined
  return invalidArgument(
    'loginId',
    'a string of 1 to 320 characters without control characters or a wide "@"',
  )
}

/** An e-mail address of at most 320 characters. */
export function checkEmail(value: unknown): Invalid {
  if (isEmailAddress(value)) return undefined
  return invalidArgument('email', 'an e-mail address')
}

/** A phone number in E.164 form. */
export function checkPhone(value: unknown): Invalid {
  if (isPhoneNumber(value)) return undefined
  return invalidArgument('phone', 'a phone number in E.164 form, such as +15555555555')
}

// The scheme of a phone app (RFC 8252 section 7.1), with a "/" after it: not of one letter, as a drive has.
const phoneAppUrl = /^(?!https?:)[a-z][a-z\d+.-]+:\/[^\s\\]*$/i
// Schemes that a browser or a system opens itself.
const noAppSchemes =
  /^(?:about|blob|chrome[\w-]*|content|data|file|filesystem|ftps?|intent|jar|javascript|mailto|ms-[\w-]+|resource|search-ms|sms|ssh|tel|vbscript|view-source|wss?):/i

/** The redirect of a link, if given: an absolute http(s) URL, or one of a phone app. No credentials. */
export function checkUri(value: unknown): Invalid {
  if (value === undefined) return undefined
  if (isText(value, 4096) && isRedirect(value) && URL.canParse(value)) {
    const { username, password } = new URL(value)
    if (username === '' && password === '') return undefined
  }
  return invalidArgument(
    'uri',
    'an absolute http(s) URL, or one of an app such as "myapp://…", without credentials',
  )
}

function isRedirect(text: string): boolean {
  return /^https?:\/\/[^\s\\]+$/i.test(text) || (phoneAppUrl.test(text) && !noAppSchemes.test(text))
}

/** The one-time token of a magic or enchanted link: its query parameter `t`. */
export function checkOneTimeToken(value: unknown): Invalid {
  // The documents print "xxxx" in place of a token.
  if (isOneTimeToken(value) && !/^x+$/i.test(value)) return undefined
  return invalidArgument(
    'token',
    'the one-time token of a link: the value of its query parameter t',
  )
}

/** A refresh token: a string with the form of a JWT. */
export function checkRefreshToken(value: unknown): Invalid {
  if (isJwt(value)) return undefined
  return invalidArgument('refreshToken', 'a refresh token (a JWT)')
}

/** A refresh token, if given. */
export function checkOptionalRefreshToken(value: unknown): Invalid {
  return value === undefined ? undefined : checkRefreshToken(value)
}

/** `stepup` and `mfa` extend a session, so they need its refresh token. */
export function checkStepUp(options: LoginOptions | undefined, refreshToken: unknown): Invalid {
  if (refreshToken !== undefined || !(options?.stepup || options?.mfa)) return undefined
  return invalidArgument('refreshToken', 'given for stepup and mfa')
}

/** An object of options, if given. */
function checkObject(argument: string, value: unknown): Invalid {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined
  return invalidArgument(argument, 'an object')
}

const linkOptions: readonly (keyof LoginOptions | keyof UpdateOptions)[] = [
  ...(['customClaims', 'templateId', 'templateOptions', 'tenantId', 'locale'] as const),
  ...(['providerId', 'pkceChallenge', 'stepup', 'mfa', 'revokeOtherSessions'] as const),
  ...(['ssoAppId', 'addToLoginIDs', 'onMergeUseExisting', 'failOnConflict'] as const),
]

/**
 * An object for the service, if given. Unknown names are sent as they are, but not one that is nearly a
 * known one, such as `RevokeOtherSessions`: the service would ignore it.
 */
export function checkNames(argument: string, value: unknown, names: readonly string[]): Invalid {
  for (const name of Object.keys(Object(value))) {
    const meant = names.find((known) => lettersOf(known) === lettersOf(name))
    if (meant === undefined || meant === name) continue
    return invalidArgument(argument, `an object with "${meant}" in place of "${name}"`)
  }
  return checkObject(argument, value)
}

/** Options of a link, if given. */
export function checkLinkOptions(argument: string, value: unknown): Invalid {
  return checkNames(argument, value, linkOptions)
}

/** Options of an exchange of an access key, if given: without the audience, which the service ignores. */
export function checkAccessKeyOptions(argument: string, value: unknown): Invalid {
  if (Object.hasOwn(Object(value), 'audience')) {
    return invalidArgument(argument, 'an object without "audience", which is an option after it')
  }
  return checkNames(argument, value, ['customClaims', 'selectedTenant'])
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

/** Options of this library, where an unknown one would be a limit that is not applied. */
export function checkOptions(argument: string, value: unknown, known: readonly string[]): Invalid {
  const names = Object.keys(Object(value))
  if (names.every((name) => known.includes(name))) return checkObject(argument, value)
  return invalidArgument(argument, `an object with no other options than ${known.join(', ')}`)
}

/** A delivery method for phones. */
export function checkPhoneMethod(value: unknown): Invalid {
  if (value === 'sms' || value === 'whatsapp') return undefined
  return invalidArgument('deliveryMethod', '"sms" or "whatsapp"')
}

/** An opaque value of the service: 1 to 4,096 printable ASCII characters without spaces. */
export function checkOpaque(argument: string, value: unknown): Invalid {
  if (typeof value === 'string' && printable.test(value)) return undefined
  return invalidArgument(argument, 'a string of 1 to 4,096 printable characters without spaces')
}

/** The audiences to accept, if given. */
export function checkAudiences(value: unknown): Invalid {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isList = list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')
  if (value === undefined || isList) return undefined
  return invalidArgument('audience', 'a non-empty string, or a list of them')
}

/** An abort signal, if given. */
export function checkSignal(value: unknown): Invalid {
  if (value === undefined || value instanceof AbortSignal) return undefined
  return invalidArgument('signal', 'an AbortSignal')
}

/** A number above 0, if given. */
export function checkPositive(argument: string, value: unknown): Invalid {
  if (value === undefined || (typeof value === 'number' && value > 0)) return undefined
  return invalidArgument(argument, 'a number of milliseconds above 0')
}

function isText(value: unknown, longest: number): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= longest &&
    !controlCharacter.test(value)
  )
}
