/**
 * From the options of `createAuth` to its settings. Each function throws a `TypeError` for an option that is
 * invalid; the message names it and the fix.
 */
import type { Clock, DescopeClient } from '@linkpass/core'
import { checkOption, isLoopback, isWhole, onlyKnown, randomToken } from '@linkpass/core/internal'
import { type AppOrigin, parseAppUrl, trustedOriginsOf } from './app-url.ts'
import { extraFieldsOf } from './attempt/form-fields.ts'
import { resolveSendLimits } from './attempt/limits.ts'
import type { AccountOptions, AuthOptions, LinkLifetimeOption } from './options.ts'
import { languagesOf } from './pages/messages/catalogue.ts'
import type { SignInMethod } from './pages/layout.ts'
import { resolveBrand } from './pages/theme/brand.ts'
import { pagesOf, pathOf } from './paths.ts'
import { countryOf } from './request/login-id.ts'
import { resolveCookiePolicy } from './response/cookie-policy.ts'

/** Options with every default applied. Frozen. */
export type AuthSettings = ReturnType<typeof resolveAuthOptions>

export function resolveAuthOptions(client: DescopeClient, options: AuthOptions<object>) {
  checkOption(client?.settings, 'createAuth needs the client that createDescopeClient made.')
  checkOption(options, 'createAuth needs options, such as { appUrl: "http://localhost:3000" }.')
  onlyKnown('createAuth', options, authOptions)
  const { clock } = client.settings
  // A default is for an option that is not given, and not for null.
  const { dangerouslyAllowHttp: allowHttp = false, trustedOrigins = [], cookies } = options
  const { mode = 'sign-up-or-in', confirm = 'unless-same-browser', approval = 'code' } = options
  const { methods = ['email'], allowBareLinks = false, pages = {}, brand = {} } = options
  const address = parseAppUrl(options.appUrl, switchOf('dangerouslyAllowHttp', allowHttp))
  const trusted = trustedOriginsOf(trustedOrigins, address, cookies?.sameSite)
  const app = Object.freeze({ ...address, trusted })
  const { basePath: base = '/auth', verifyPath: verify = `${base}/verify` } = options
  const basePath = pathOf('basePath', base, app)
  const verifyPath = pathOf('verifyPath', verify, app)
  return Object.freeze({
    app,
    /** Where the routes are mounted, as the app sees it. All other paths are as browsers see them. */
    mounts: { basePath, verifyPath },
    basePath: app.path + basePath,
    verifyPath: app.path + verifyPath,
    secrets: cookieSecretsOf(options.cookieSecret, app),
    session: sessionOf(options),
    methods: methodsOf(methods),
    defaultCountry: countryOf(options.defaultCountry),
    extraFields: extraFieldsOf(options.extraFields),
    mode: oneOf('mode', mode, ['sign-up-or-in', 'sign-in', 'sign-up']),
    loginOptions: hookOf(clock, 'loginOptions', options.loginOptions),
    beforeSend: hookOf(clock, 'beforeSend', options.beforeSend),
    onSignIn: hookOf(clock, 'onSignIn', options.onSignIn),
    onAccountChange: hookOf(clock, 'onAccountChange', options.onAccountChange),
    onSignOut: hookOf(clock, 'onSignOut', options.onSignOut),
    onFailure: hookOf(clock, 'onFailure', options.onFailure),
    confirm: oneOf('confirm', confirm, ['unless-same-browser', 'always', 'dangerously-never']),
    allowBareLinks: switchOf('allowBareLinks', allowBareLinks),
    account: resolveAccountOptions(options.account),
    approval: oneOf('approval', approval, ['code', 'button']),
    pages: pagesOf(pages, basePath, app),
    cookies: resolveCookiePolicy(app, cookies),
    limits: resolveSendLimits(options.limits),
    linkLifetimes: resolveLinkLifetimes(options.linkLifetimeMinutes),
    brand: resolveBrand(brand, app),
    locale: hookOf(clock, 'locale', options.locale, ', such as () => "de"'),
    languages: languagesOf(options.messages),
    inboxUrl: inboxOf(client, app),
  })
}

// In production a proxy on the same machine may lead to the service.
function inboxOf({ settings }: DescopeClient, { loopback, secure }: AppOrigin): string | undefined {
  const { baseUrl, projectId } = settings
  const isEmulator = isLoopback(new URL(baseUrl).hostname) && (loopback || !secure)
  return isEmulator ? `${baseUrl}/?project=${projectId}` : undefined
}

// An object, so that the compiler sees when an option is missing here.
const authOptions = Object.keys({
  appUrl: true,
  dangerouslyAllowHttp: true,
  trustedOrigins: true,
  basePath: true,
  verifyPath: true,
  cookieSecret: true,
  session: true,
  methods: true,
  defaultCountry: true,
  extraFields: true,
  mode: true,
  loginOptions: true,
  beforeSend: true,
  onSignIn: true,
  onAccountChange: true,
  onSignOut: true,
  onFailure: true,
  confirm: true,
  allowBareLinks: true,
  account: true,
  approval: true,
  pages: true,
  cookies: true,
  limits: true,
  linkLifetimeMinutes: true,
  brand: true,
  locale: true,
  messages: true,
} satisfies Record<keyof AuthOptions<object>, true>)

function methodsOf(methods: readonly SignInMethod[]): readonly [SignInMethod, ...SignInMethod[]] {
  const known = ['email', 'sms', 'whatsapp', 'enchanted']
  const [first, ...rest] = Array.isArray(methods) ? [...new Set(methods)] : []
  checkOption(
    first !== undefined && [first, ...rest].every((method) => known.includes(method)),
    `methods must be a list of at least one of ${known.join(', ')}.`,
  )
  return Object.freeze([first, ...rest])
}

function sessionOf({ account, onSignIn, session = 'cookies' }: AuthOptions<object>) {
  const found = oneOf('session', session, ['cookies', 'none'])
  checkOption(
    found === 'cookies' || onSignIn !== undefined,
    "session: 'none' needs onSignIn, which begins the session of the app's own.",
  )
  checkOption(
    found === 'cookies' || account === undefined,
    "account needs the session cookies, which session: 'none' does without.",
  )
  return found
}

function oneOf<T extends string | boolean>(name: string, value: T, allowed: readonly T[]): T {
  checkOption(allowed.includes(value), `${name} must be one of ${allowed.join(', ')}.`)
  return value
}

function switchOf(name: string, value: boolean): boolean {
  return oneOf(name, value, [true, false])
}

/** By then, a proxy in front of the app has given up, or is about to. */
const longestHookSeconds = 30

/** A function of the app. A promise of it that has not settled in time counts as one that was rejected. */
function hookOf<Given extends readonly unknown[], Told>(
  clock: Clock,
  name: string,
  hook: ((...given: Given) => Told) | undefined,
  example: string = '',
) {
  const isFunction = hook === undefined || typeof hook === 'function'
  checkOption(isFunction, `${name} must be a function${example}.`)
  return hook && ((...given: Given) => inTime(clock, name, hook(...given)))
}

function inTime<Told>(clock: Clock, name: string, told: Told): Told | Promise<Awaited<Told>> {
  if (typeof Object(told).then !== 'function') return told
  const settled = new AbortController()
  const late = clock.sleep(longestHookSeconds * 1000, settled.signal, { ref: false }).then(() => {
    throw new Error(
      `${name} took longer than ${longestHookSeconds} seconds. Its promise must settle: set a timeout for what it waits for.`,
    )
  })
  return Promise.race([told, late]).finally(() => settled.abort())
}

function resolveAccountOptions(account: AccountOptions = {}) {
  onlyKnown('account', account, ['email', 'phone', 'maxAgeSeconds'])
  const { email = false, phone = false, maxAgeSeconds = 600 } = account
  // The age of a step-up is remembered for an hour.
  checkOption(
    isWhole(maxAgeSeconds, 1, 3600),
    'account.maxAgeSeconds must be a whole number from 1 to 3600.',
  )
  return Object.freeze({
    email: switchOf('account.email', email),
    phone: switchOf('account.phone', phone),
    maxAgeSeconds,
  })
}

/** Without a secret, an app on loopback gets a random one. */
function cookieSecretsOf(given: unknown, app: AppOrigin): readonly [string, ...string[]] {
  if (given === undefined && app.loopback) {
    process.emitWarning('createAuth generated a cookieSecret, which is lost with this process.', {
      code: 'LINKPASS_COOKIE_SECRET',
      detail: 'Sign-in attempts do not survive a restart. Set cookieSecret in production.',
    })
    return [randomToken() + randomToken()]
  }
  const [first, ...rest]: readonly unknown[] = Array.isArray(given) ? given : [given]
  checkOption(
    isSecret(first) && rest.every(isSecret),
    `cookieSecret ${given === undefined ? 'is missing, and only an app on loopback gets a random one. It ' : ''}must be a string of at least 32 bytes, or a list of them: \`openssl rand -base64 32\` makes one.`,
  )
  return Object.freeze([first, ...rest])
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) >= 32
}

/** 30 days: more than a link should ever live, and less than ten minutes in milliseconds. */
const maxMinutes = 43_200

/** In minutes; undefined for a kind whose lifetime the app does not tell. */
export function resolveLinkLifetimes(option: LinkLifetimeOption | undefined) {
  const isByKind = typeof option === 'object' && option !== null
  const given = isByKind ? option : { magic: option, enchanted: option }
  onlyKnown('linkLifetimeMinutes', given, ['magic', 'enchanted'])
  const { magic, enchanted } = given
  for (const [kind, minutes] of Object.entries({ magic, enchanted })) {
    checkOption(
      minutes === undefined || isWhole(minutes, 1, maxMinutes),
      `linkLifetimeMinutes${isByKind ? `.${kind}` : ''} must be a whole number of minutes from 1 to ${maxMinutes}, as the console has it.`,
    )
  }
  return Object.freeze({ magic, enchanted })
}
