import type { DescopeClient, LoginOptions, Session, User } from '@linkpass/core'
import {
  type AppOrigin,
  type ConfirmPolicy,
  type CookieOptions,
  type CookiePolicy,
  type LinkLifetimeOption,
  type LinkLifetimes,
  type SendLimits,
  onlyKnown,
  parseAppUrl,
  randomState,
  resolveCookiePolicy,
  resolveLinkLifetimes,
  resolveSendLimits,
  safeReturnTo,
} from '@linkpass/web'
import type { Request } from 'express'
import { type Brand, type BrandOptions, resolveBrand } from './pages/brand.ts'
import type { SignInMethod } from './pages/sign-in-page.ts'

/** Options of {@link createAuth}. Only `appUrl` is required, and `cookieSecret` once in production. */
export interface AuthOptions {
  /**
   * The origin browsers reach the app by, such as `https://app.example.com`: the only base for
   * links, redirects and cookies, since whoever chose the Host header would choose where a link leads.
   */
  appUrl: string
  /** Where `router()` is mounted. @default '/auth' */
  basePath?: string
  /** Where links lead: `verifyCallback()` is mounted there, if not the router. @default basePath + '/verify' */
  verifyPath?: string
  /**
   * Seals what browsers keep for us: a string of at least 32 bytes, or a list of which the first
   * seals and all open.
   * @default made at start, with a warning, while `appUrl` is loopback; else required
   */
  cookieSecret?: string | readonly string[] | undefined
  /** What a visitor may ask for. @default ['email'] */
  methods?: readonly SignInMethod[]
  /** Whether a sign-in may make an account. @default 'sign-up-or-in' */
  mode?: SignInMode
  /** Login options for an attempt; they come from here alone, never from a request's body. */
  loginOptions?: (req: Request) => LoginOptions | Promise<LoginOptions>
  /**
   * Runs once both tokens of a sign-in are validated and before any cookie is set. Throwing sets
   * none, and shows a page that offers a fresh link.
   */
  onSignIn?: (signIn: SignIn) => unknown
  /**
   * When a link asks for a press of a button. `dangerously-never` lets a mail scanner sign in.
   * @default 'unless-same-browser'
   */
  confirm?: ConfirmPolicy
  /** Paths of the app's own pages in place of the built-in ones. */
  pages?: PagePaths
  /** Names, domain, SameSite and prefix of the session cookies. @default DS and DSR, Lax, host only */
  cookies?: CookieOptions
  /** How many links may be asked for. @default 5 per address and 30 per IP address in 15 minutes, 30 s apart */
  limits?: false | Partial<SendLimits>
  /**
   * How long links live, in minutes, as the console says: the pages then say so. A number, or
   * `{ magic, enchanted }` where the two differ.
   * @default not known, and not said
   */
  linkLifetimeMinutes?: LinkLifetimeOption
  /** The app's name, logo and colour on the built-in pages. @default the host of appUrl */
  brand?: BrandOptions
}

export type SignInMode = 'sign-up-or-in' | 'sign-in' | 'sign-up'

/** What `onSignIn` is told. */
export interface SignIn {
  readonly user: User
  /** True for a person's first sign-in. */
  readonly firstSeen: boolean
  readonly session: Session
  readonly req: Request
}

export interface PagePaths {
  /** @default basePath + '/sign-in' */
  signIn?: string
  /** @default basePath + '/check-inbox' */
  checkInbox?: string
  /** @default basePath + '/waiting' */
  waiting?: string
  /** Where a sign-in ends that began nowhere in particular. @default '/' */
  afterSignIn?: string
}

/** Options with every default applied. Frozen. */
export interface AuthSettings {
  readonly app: AppOrigin
  readonly basePath: string
  readonly verifyPath: string
  readonly secrets: readonly [string, ...string[]]
  readonly methods: readonly [SignInMethod, ...SignInMethod[]]
  readonly mode: SignInMode
  readonly loginOptions: AuthOptions['loginOptions']
  readonly onSignIn: AuthOptions['onSignIn']
  readonly confirm: ConfirmPolicy
  readonly pages: Readonly<Required<PagePaths>>
  readonly cookies: CookiePolicy
  readonly limits: SendLimits | undefined
  readonly linkLifetimes: LinkLifetimes
  readonly brand: Brand
}

/**
 * Checks and copies the options, and applies every default.
 *
 * @throws {TypeError} an option cannot be right; the message names it and the cure
 */
export function resolveAuthOptions(client: DescopeClient, options: AuthOptions): AuthSettings {
  if (typeof client?.settings !== 'object') {
    throw new TypeError('createAuth needs the client that createDescopeClient made.')
  }
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('createAuth needs options, such as { appUrl: "http://localhost:3000" }.')
  }
  onlyKnown('createAuth', options, authOptions)
  const app = parseAppUrl(options.appUrl)
  const basePath = pathOf('basePath', options.basePath ?? '/auth', app)
  return Object.freeze({
    app,
    basePath,
    verifyPath: pathOf('verifyPath', options.verifyPath ?? `${basePath}/verify`, app),
    secrets: secretsOf(options.cookieSecret, app),
    methods: methodsOf(options.methods ?? ['email']),
    mode: oneOf('mode', options.mode ?? 'sign-up-or-in', ['sign-up-or-in', 'sign-in', 'sign-up']),
    loginOptions: functionOf('loginOptions', options.loginOptions),
    onSignIn: functionOf('onSignIn', options.onSignIn),
    confirm: oneOf('confirm', options.confirm ?? 'unless-same-browser', confirmPolicies),
    pages: pagesOf(options.pages ?? {}, basePath, app),
    cookies: resolveCookiePolicy(app, options.cookies),
    limits: resolveSendLimits(options.limits),
    linkLifetimes: resolveLinkLifetimes(options.linkLifetimeMinutes),
    brand: resolveBrand(options.brand ?? {}, new URL(app.origin)),
  })
}

// An object, so that the compiler sees when an option is missing here.
const authOptions = Object.keys({
  appUrl: true,
  basePath: true,
  verifyPath: true,
  cookieSecret: true,
  methods: true,
  mode: true,
  loginOptions: true,
  onSignIn: true,
  confirm: true,
  pages: true,
  cookies: true,
  limits: true,
  linkLifetimeMinutes: true,
  brand: true,
} satisfies Record<keyof AuthOptions, true>)

const confirmPolicies = ['unless-same-browser', 'always', 'dangerously-never'] as const

const minSecretBytes = 32

function secretsOf(given: unknown, app: AppOrigin): readonly [string, ...string[]] {
  if (given === undefined && app.loopback) {
    process.emitWarning('createAuth made a cookieSecret that ends with this process.', {
      code: 'LINKPASS_COOKIE_SECRET',
      detail: 'Starts do not survive a restart. Set cookieSecret before others use the app.',
    })
    return [randomState() + randomState()]
  }
  const [first, ...rest]: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (isSecret(first) && rest.every(isSecret)) return Object.freeze([first, ...rest])
  throw new TypeError(
    'cookieSecret must be a string of at least 32 bytes, or a list of them: `openssl rand -base64 32` makes one.',
  )
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) >= minSecretBytes
}

// A path the way Express mounts it: no query, nothing to resolve, no slash at the end.
function pathOf(name: string, value: unknown, app: AppOrigin): string {
  if (typeof value === 'string' && value !== '/' && !/[?#*:(){}]/.test(value)) {
    const path = value.endsWith('/') ? value.slice(0, -1) : value
    if (safeReturnTo(path, app.origin) === path) return path
  }
  throw new TypeError(`${name} must be a path such as "/auth".`)
}

function pagesOf(
  pages: PagePaths,
  basePath: string,
  app: AppOrigin,
): Readonly<Required<PagePaths>> {
  const defaults = {
    signIn: `${basePath}/sign-in`,
    checkInbox: `${basePath}/check-inbox`,
    waiting: `${basePath}/waiting`,
    afterSignIn: '/',
  }
  onlyKnown('pages', pages, Object.keys(defaults))
  const given = Object.entries(pages).filter(([, path]) => path !== undefined)
  const paths = { ...defaults, ...Object.fromEntries(given) }
  for (const [name, path] of Object.entries(paths)) {
    if (safeReturnTo(path, app.origin) !== path) {
      throw new TypeError(`pages.${name} must be a path of the app, such as "/welcome".`)
    }
  }
  return Object.freeze(paths)
}

function methodsOf(methods: readonly SignInMethod[]): readonly [SignInMethod, ...SignInMethod[]] {
  const known = ['email', 'sms', 'whatsapp', 'enchanted']
  const [first, ...rest] = Array.isArray(methods) ? [...new Set(methods)] : []
  if (first !== undefined && [first, ...rest].every((method) => known.includes(method))) {
    return Object.freeze([first, ...rest])
  }
  throw new TypeError(`methods must list at least one of ${known.join(', ')}.`)
}

function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw new TypeError(`${name} must be one of ${allowed.join(', ')}.`)
}

function functionOf<T>(name: string, value: T): T {
  if (value === undefined || typeof value === 'function') return value
  throw new TypeError(`${name} must be a function.`)
}
