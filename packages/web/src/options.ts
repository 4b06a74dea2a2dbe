import type { DescopeClient, LoginOptions } from '@linkpass/core'
import { onlyKnown } from '@linkpass/core/internal'
import { type AppOrigin, parseAppUrl } from './app-url.ts'
import { cookieSecretsOf } from './cookie-secret.ts'
import {
  type AccountOptions,
  type AccountSettings,
  resolveAccountOptions,
} from './account/account-options.ts'
import { extraFieldsOf } from './attempt/form-fields.ts'
import type { Hooks } from './attempt/hooks.ts'
import {
  type LinkLifetimeOption,
  type LinkLifetimes,
  resolveLinkLifetimes,
} from './attempt/link-lifetime.ts'
import { type SendLimits, resolveSendLimits } from './attempt/send-limits.ts'
import type { ConfirmPolicy } from './magic-link/decide.ts'
import { type Languages, type MessageOverrides, languagesOf } from './pages/messages/catalogue.ts'
import type { SignInMethod } from './pages/sign-in-page.ts'
import { type Brand, type BrandOptions, resolveBrand } from './pages/theme/brand.ts'
import { type PagePaths, pagesOf, pathOf } from './paths.ts'
import { countryOf } from './request/phone-number.ts'
import { trustedOriginsOf } from './trusted-origins.ts'
import {
  type CookieOptions,
  type CookiePolicy,
  resolveCookiePolicy,
} from './response/cookie-policy.ts'

/** Options of `createAuth`. Only `appUrl` is required, and `cookieSecret` in production. */
export interface AuthOptions<R extends object> extends Hooks<R> {
  /**
   * The address that browsers use for the app, such as `https://app.example.com`. It is the only base
   * of links, redirects and cookies: a client could choose the Host header, and with it where a link
   * leads. Behind a proxy that takes a path off, with that path: `https://example.com/app`.
   */
  appUrl: string
  /**
   * Whether `appUrl` may be plain http on another host than loopback, such as `http://192.168.1.20:3000`
   * for a phone in the same network. Whoever is in that network can read and take over sessions.
   * @default false
   */
  dangerouslyAllowHttp?: boolean
  /**
   * Origins of front ends on another port or host, such as `http://localhost:5173`. Their requests count
   * as the app's own, their scripts may read the responses of the routes, and `returnTo` and `pages` may
   * lead there. They must be of the app's own site, unless `cookies.sameSite` is `none`.
   * @default none
   */
  trustedOrigins?: readonly string[]
  /** Where `router()` is mounted. @default '/auth' */
  basePath?: string
  /** Where links lead. `verifyCallback()` is mounted there, unless the router is. @default basePath + '/verify' */
  verifyPath?: string
  /**
   * Seals the cookies of this package: a string of at least 32 bytes, or a list of such strings, of
   * which the first seals and all open.
   * @default made at start, with a warning, while `appUrl` is loopback; else required
   */
  cookieSecret?: string | readonly string[] | undefined
  /**
   * What a sign-in leads to: `cookies` with the session of the service, or `none` for an app that keeps a
   * session of its own, which `onSignIn` begins. Then there are no guards, and no routes for signed-in
   * users but `POST /logout`, which runs `onSignOut`.
   * @default 'cookies'
   */
  session?: 'cookies' | 'none'
  /** How a visitor may receive a link. @default ['email'] */
  methods?: readonly SignInMethod[]
  /**
   * The country of phone numbers without a country code, by its ISO 3166 code, such as `GB`.
   * @default none: a number begins with "+" or "00"
   */
  defaultCountry?: string
  /**
   * Names of further fields that the form of the app's own sign-in page may have, such as
   * `cf-turnstile-response` of a bot check. `beforeSend` gets them as `fields`. Any other field is refused.
   * @default none
   */
  extraFields?: readonly string[]
  /** Whether a sign-in may create an account. @default 'sign-up-or-in' */
  mode?: SignInMode
  /** Login options for an attempt. They come from here alone, never from the body of a request. */
  loginOptions?(this: void, req: R): LoginOptions | Promise<LoginOptions>
  /**
   * When a link needs a click on a button. With `dangerously-never`, a mail scanner can redeem it.
   * @default 'unless-same-browser'
   */
  confirm?: ConfirmPolicy
  /**
   * Whether a link works that was sent without `prepareLink`, so that its path has no state. It can
   * only sign in, and needs a click on a button.
   * @default false
   */
  allowBareLinks?: boolean
  /**
   * Which changes a signed-in user may make by `POST /email` and `POST /phone`. Both need a step-up
   * not older than `maxAgeSeconds`.
   * @default { email: false, phone: false, maxAgeSeconds: 600 }
   */
  account?: AccountOptions
  /**
   * How an enchanted link is approved: with the `code` that the waiting screen shows once a link was
   * opened, or with a `button` alone. With `button`, a mail scanner that submits forms can approve.
   * @default 'code'
   */
  approval?: ApprovalPolicy
  /** Paths of the app's own pages in place of the built-in ones. */
  pages?: PagePaths
  /** Names, domain, SameSite and prefix of the session cookies. @default Lax, for this host alone */
  cookies?: CookieOptions
  /** How many links may be requested. @default 5 per address and 30 per IP address in 15 minutes, 30 s apart */
  limits?: false | Partial<SendLimits>
  /**
   * How long links live, in minutes, as the console says. The pages then show it. A number, or
   * `{ magic, enchanted }` where the two differ.
   * @default not known, and not shown
   */
  linkLifetimeMinutes?: LinkLifetimeOption
  /** The app's name, logo and colour on the built-in pages. @default the host of appUrl */
  brand?: BrandOptions
  /**
   * The language of a request, as a tag such as `de` or `pt-BR`. The built-in pages come in it where they
   * can, and the service gets it as the `locale` of its messages, unless `loginOptions` has one.
   * @default the best match of `Accept-Language`
   */
  locale?(this: void, req: R): LocaleResult | Promise<LocaleResult>
  /**
   * Texts in place of those of the built-in pages, by language and key, or a whole other language:
   * `{ de: { 'signIn.title': 'Willkommen' } }`. `{name}` in a text stands for a value.
   * @default English, German, French and Spanish
   */
  messages?: MessageOverrides
}

/** A language tag; `undefined` or empty leaves it to the browser. */
type LocaleResult = string | null | undefined

export type ApprovalPolicy = 'code' | 'button'

export type SignInMode = 'sign-up-or-in' | 'sign-in' | 'sign-up'

/** Options with every default applied. Frozen. */
export interface AuthSettings {
  readonly app: AppOrigin
  /** Where the routes are mounted, as the app sees it. All other paths are as browsers see them. */
  readonly mounts: { readonly basePath: string; readonly verifyPath: string }
  readonly basePath: string
  readonly verifyPath: string
  readonly secrets: readonly [string, ...string[]]
  readonly session: 'cookies' | 'none'
  readonly methods: readonly [SignInMethod, ...SignInMethod[]]
  readonly defaultCountry: string | undefined
  readonly extraFields: readonly string[]
  readonly mode: SignInMode
  readonly loginOptions: AuthOptions<object>['loginOptions']
  readonly beforeSend: AuthOptions<object>['beforeSend']
  readonly onSignIn: AuthOptions<object>['onSignIn']
  readonly onAccountChange: AuthOptions<object>['onAccountChange']
  readonly onSignOut: AuthOptions<object>['onSignOut']
  readonly onFailure: AuthOptions<object>['onFailure']
  readonly confirm: ConfirmPolicy
  readonly allowBareLinks: boolean
  readonly account: AccountSettings
  readonly approval: ApprovalPolicy
  readonly pages: Readonly<Required<PagePaths>>
  readonly cookies: CookiePolicy
  readonly limits: SendLimits | undefined
  readonly linkLifetimes: LinkLifetimes
  readonly brand: Brand
  readonly locale: AuthOptions<object>['locale']
  readonly languages: Languages
}

/**
 * Checks and copies the options, and applies every default.
 *
 * @throws {TypeError} an option is invalid; the message names it and the fix
 */
export function resolveAuthOptions(
  client: DescopeClient,
  options: AuthOptions<object>,
): AuthSettings {
  if (typeof client?.settings !== 'object') {
    throw new TypeError('createAuth needs the client that createDescopeClient made.')
  }
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('createAuth needs options, such as { appUrl: "http://localhost:3000" }.')
  }
  onlyKnown('createAuth', options, authOptions)
  const { dangerouslyAllowHttp = false } = options
  const allowHttp = oneOf('dangerouslyAllowHttp', dangerouslyAllowHttp, [true, false])
  const address = parseAppUrl(options.appUrl, allowHttp)
  const { trustedOrigins = [], cookies } = options
  const trusted = trustedOriginsOf(trustedOrigins, address, cookies?.sameSite)
  const app = Object.freeze({ ...address, trusted })
  const basePath = pathOf('basePath', options.basePath ?? '/auth', app)
  const verifyPath = pathOf('verifyPath', options.verifyPath ?? `${basePath}/verify`, app)
  return Object.freeze({
    app,
    mounts: { basePath, verifyPath },
    basePath: app.path + basePath,
    verifyPath: app.path + verifyPath,
    secrets: cookieSecretsOf(options.cookieSecret, app),
    session: sessionOf(options),
    methods: methodsOf(options.methods ?? ['email']),
    defaultCountry: countryOf(options.defaultCountry),
    extraFields: extraFieldsOf(options.extraFields),
    mode: oneOf('mode', options.mode ?? 'sign-up-or-in', ['sign-up-or-in', 'sign-in', 'sign-up']),
    loginOptions: functionOf('loginOptions', options.loginOptions),
    beforeSend: functionOf('beforeSend', options.beforeSend),
    onSignIn: functionOf('onSignIn', options.onSignIn),
    onAccountChange: functionOf('onAccountChange', options.onAccountChange),
    onSignOut: functionOf('onSignOut', options.onSignOut),
    onFailure: functionOf('onFailure', options.onFailure),
    confirm: oneOf('confirm', options.confirm ?? 'unless-same-browser', confirmPolicies),
    allowBareLinks: oneOf('allowBareLinks', options.allowBareLinks ?? false, [true, false]),
    account: resolveAccountOptions(options.account),
    approval: oneOf('approval', options.approval ?? 'code', ['code', 'button']),
    pages: pagesOf(options.pages ?? {}, basePath, app),
    cookies: resolveCookiePolicy(app, cookies),
    limits: resolveSendLimits(options.limits),
    linkLifetimes: resolveLinkLifetimes(options.linkLifetimeMinutes),
    brand: resolveBrand(options.brand ?? {}, app),
    locale: functionOf('locale', options.locale),
    languages: languagesOf(options.messages),
  })
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

const confirmPolicies = ['unless-same-browser', 'always', 'dangerously-never'] as const

function methodsOf(methods: readonly SignInMethod[]): readonly [SignInMethod, ...SignInMethod[]] {
  const known = ['email', 'sms', 'whatsapp', 'enchanted']
  const [first, ...rest] = Array.isArray(methods) ? [...new Set(methods)] : []
  if (first !== undefined && [first, ...rest].every((method) => known.includes(method))) {
    return Object.freeze([first, ...rest])
  }
  throw new TypeError(`methods must list at least one of ${known.join(', ')}.`)
}

function sessionOf({
  account,
  onSignIn,
  session = 'cookies',
}: AuthOptions<object>): typeof session {
  const found = oneOf('session', session, ['cookies', 'none'])
  if (found === 'none' && onSignIn === undefined) {
    throw new TypeError(
      "session: 'none' needs onSignIn, which begins the session of the app's own.",
    )
  }
  if (found === 'none' && account !== undefined) {
    throw new TypeError("account needs the session cookies, which session: 'none' does without.")
  }
  return found
}

function oneOf<T extends string | boolean>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw new TypeError(`${name} must be one of ${allowed.join(', ')}.`)
}

function functionOf<T>(name: string, value: T): T {
  if (value === undefined || typeof value === 'function') return value
  throw new TypeError(`${name} must be a function.`)
}
