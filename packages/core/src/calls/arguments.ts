/**
 * Checks of arguments, before anything is sent. Each returns the error of an invalid argument, and
 * undefined otherwise, so that checks chain with `??` in the order of the arguments. The types cannot
 * tell one string from another; these checks can.
 */
import type { RequestError } from '../errors.ts'
import { isEmailAddress, isJwt, isOneTimeToken, isPhoneNumber, stringOf } from '../model/grammar.ts'
import { isObject } from '../model/grants.ts'
import type { LoginOptions, UpdateOptions } from '../model/api.ts'
import { invalidArgument } from '../result.ts'

type Invalid = RequestError | undefined

// Every JWT starts like this, since its header is a JSON object. Of the last two characters, NFKC makes an "@":
// the service may read the address after the first one, or after the last.
const isLoginId = stringOf(
  // oxlint-disable-next-line no-control-regex -- it looks for control characters
  /^(?!eyJ[\w-]*\.[\w-]+\.[\w-]+$)[^\u0000-\u001f\u007f-\u009f\u2028\u2029\uFE6B\uFF20]{1,320}$/,
)
// The documents print "xxxx" in place of a token.
const isLinkToken = (value: unknown): boolean => isOneTimeToken(value) && !/^x+$/i.test(value)
const opaque = [
  stringOf(/^[\x21-\x7e]{1,4096}$/),
  'a string of 1 to 4,096 printable characters without spaces',
] as const
const duration = [
  (value: unknown) => typeof value === 'number' && value > 0,
  'a number of milliseconds above 0',
] as const

/** What each argument must be: a test, and the words that continue "`argument` must be …". */
const expected = {
  accessKey: opaque,
  audience: [isAudience, 'a non-empty string, or a list of them'],
  deliveryMethod: [stringOf(/^(?:sms|whatsapp)$/), '"sms" or "whatsapp"'],
  email: [isEmailAddress, 'an e-mail address'],
  loginId: [isLoginId, 'a string of 1 to 320 characters without control characters or a wide "@"'],
  pendingRef: opaque,
  phone: [isPhoneNumber, 'a phone number in E.164 form, such as +15555555555'],
  pollingIntervalMs: duration,
  refreshToken: [isJwt, 'a refresh token (a JWT)'],
  signal: [(value: unknown) => value instanceof AbortSignal, 'an AbortSignal'],
  tenantId: opaque,
  tenants: [isTenants, 'true, or a list of tenant ids'],
  timeoutMs: duration,
  token: [isLinkToken, 'the one-time token of a link: the value of its query parameter t'],
  uri: [
    isRedirect,
    'an absolute http(s) URL, or one of an app such as "myapp://…", without credentials',
  ],
} as const satisfies Record<string, readonly [test: (value: unknown) => boolean, words: string]>

type Argument = keyof typeof expected

export function check(argument: Argument, value: unknown): Invalid {
  const [isValid, words] = expected[argument]
  return isValid(value) ? undefined : invalidArgument(argument, words)
}

export function checkOptional(argument: Argument, value: unknown): Invalid {
  return value === undefined ? undefined : check(argument, value)
}

/** `stepup` and `mfa` extend a session, so they need its refresh token. */
export function checkStepUp(options: LoginOptions | undefined, refreshToken: unknown): Invalid {
  if (refreshToken !== undefined || !(options?.stepup || options?.mfa)) return undefined
  return invalidArgument('refreshToken', 'given for stepup and mfa')
}

function checkObject(argument: string, value: unknown): Invalid {
  return value === undefined || isObject(value) ? undefined : invalidArgument(argument, 'an object')
}

const linkOptions: readonly (keyof LoginOptions | keyof UpdateOptions)[] = [
  ...(['customClaims', 'templateId', 'templateOptions', 'tenantId', 'locale'] as const),
  ...(['providerId', 'pkceChallenge', 'stepup', 'mfa', 'revokeOtherSessions'] as const),
  ...(['ssoAppId', 'addToLoginIDs', 'onMergeUseExisting', 'failOnConflict'] as const),
]

/**
 * An object for the service, if given: by default the options of a link. Unknown names are sent as they
 * are, but not one that is nearly a known one, such as `RevokeOtherSessions`: the service would ignore it.
 */
export function checkNames(
  argument: string,
  value: unknown,
  names: readonly string[] = linkOptions,
): Invalid {
  for (const name of Object.keys(Object(value))) {
    const meant = names.find((known) => lettersOf(known) === lettersOf(name))
    if (meant === undefined || meant === name) continue
    return invalidArgument(argument, `an object with "${meant}" in place of "${name}"`)
  }
  return checkObject(argument, value)
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

/** Options of an exchange of an access key, if given: without the audience, which the service ignores. */
export function checkAccessKeyOptions(argument: string, value: unknown): Invalid {
  if (Object.hasOwn(Object(value), 'audience')) {
    return invalidArgument(argument, 'an object without "audience", which is an option after it')
  }
  return checkNames(argument, value, ['customClaims', 'selectedTenant'])
}

/** Options of this library, where an unknown one would be a limit that is not applied. */
export function checkOptions(value: unknown, known: readonly string[]): Invalid {
  const names = Object.keys(Object(value))
  if (names.every((name) => known.includes(name))) return checkObject('options', value)
  return invalidArgument('options', `an object with no other options than ${known.join(', ')}`)
}

// oxlint-disable-next-line no-control-regex -- it looks for control characters
const isLine = stringOf(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,4096}$/)
// The scheme of a phone app (RFC 8252 section 7.1), with a "/" after it: not of one letter, as a drive has.
const phoneAppUrl = /^(?!https?:)[a-z][a-z\d+.-]+:\/[^\s\\]*$/i
// Schemes that a browser or a system opens itself.
const noAppSchemes =
  /^(?:about|afp|android-app|blob|chrome[\w-]*|content|data|feed|file|filesystem|s?ftps?|gopher|intent|itms[\w-]*|jar|javascript|ldaps?|livescript|mailto|mhtml|mk|ms-[\w-]+|nfs|res|resource|search|search-ms|shell|smb|sms|ssh|tel|telnet|vbs|vbscript|view-source|wss?|[a-z-]+-extension):/i

function isRedirect(value: unknown): boolean {
  if (!isLine(value) || !URL.canParse(value)) return false
  const isOfApp = phoneAppUrl.test(value) && !noAppSchemes.test(value)
  const { username, password } = new URL(value)
  return (isOfApp || /^https?:\/\/[^\s\\]+$/i.test(value)) && username === '' && password === ''
}

function isTenants(value: unknown): boolean {
  return value === true || (Array.isArray(value) && value.every((id) => typeof id === 'string'))
}

function isAudience(value: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')
}
