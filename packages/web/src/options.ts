import type { LoginOptions } from '@linkpass/core'
import type { Hooks } from './attempt/hooks.ts'
import type { SendLimitOptions } from './attempt/limits.ts'
import type { ConfirmPolicy } from './magic-link/decide.ts'
import type { MessageOverrides } from './pages/messages/catalogue.ts'
import type { SignInMethod } from './pages/layout.ts'
import type { BrandOptions } from './pages/theme/brand.ts'
import type { PagePaths } from './paths.ts'
import type { CookieOptions } from './response/cookie-policy.ts'

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
  dangerouslyAllowHttp?: boolean | undefined
  /**
   * Origins of front ends on another port or host, such as `http://localhost:5173`. Their requests count
   * as the app's own, their scripts may read the responses of the routes, and `returnTo` and `pages` may
   * lead there. They must be of the app's own site, unless `cookies.sameSite` is `none`.
   * @default none
   */
  trustedOrigins?: readonly string[] | undefined
  /** Where `router()` is mounted. @default '/auth' */
  basePath?: string | undefined
  /** Where links lead. `verifyCallback()` is mounted there, unless the router is. @default basePath + '/verify' */
  verifyPath?: string | undefined
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
  session?: 'cookies' | 'none' | undefined
  /** How a visitor may receive a link. @default ['email'] */
  methods?: readonly SignInMethod[] | undefined
  /**
   * The country of phone numbers without a country code, by its ISO 3166 code, such as `GB`.
   * @default none: a number begins with "+" or "00"
   */
  defaultCountry?: string | undefined
  /**
   * Names of further fields that the form of the app's own sign-in page may have, such as
   * `cf-turnstile-response` of a bot check. `beforeSend` gets them as `fields`. Any other field is refused.
   * @default none
   */
  extraFields?: readonly string[] | undefined
  /** Whether a sign-in may create an account. @default 'sign-up-or-in' */
  mode?: SignInMode | undefined
  /** Login options for an attempt. They come from here alone, never from the body of a request. */
  loginOptions?(this: void, req: R): LoginOptions | Promise<LoginOptions>
  /**
   * When a link needs a click on a button. With `dangerously-never`, a mail scanner can redeem it.
   * @default 'unless-same-browser'
   */
  confirm?: ConfirmPolicy | undefined
  /**
   * Whether a link works that was sent without `prepareLink`, so that its path has no state. It can
   * only sign in, and needs a click on a button.
   * @default false
   */
  allowBareLinks?: boolean | undefined
  /**
   * Which changes a signed-in user may make by `POST /email` and `POST /phone`. Both need a step-up
   * not older than `maxAgeSeconds`.
   * @default { email: false, phone: false, maxAgeSeconds: 600 }
   */
  account?: AccountOptions | undefined
  /**
   * How an enchanted link is approved: with the `code` that the waiting screen shows once a link was
   * opened, or with a `button` alone. With `button`, a mail scanner that submits forms can approve.
   * @default 'code'
   */
  approval?: ApprovalPolicy | undefined
  /** Paths of the app's own pages in place of the built-in ones. */
  pages?: PagePaths | undefined
  /** Names, domain, SameSite and prefix of the session cookies. @default Lax, for this host alone */
  cookies?: CookieOptions | undefined
  /** How many links may be requested. @default 5 per address and 30 per IP address in 15 minutes, 30 s apart */
  limits?: false | SendLimitOptions | undefined
  /**
   * How long links live, in minutes, as the console says. The pages then show it. A number, or
   * `{ magic, enchanted }` where the two differ.
   * @default not known, and not shown
   */
  linkLifetimeMinutes?: LinkLifetimeOption | undefined
  /** The app's name, logo and colour on the built-in pages. @default the host of appUrl */
  brand?: BrandOptions | undefined
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
  messages?: MessageOverrides | undefined
}

/** A language tag; `undefined` or empty leaves it to the browser. */
type LocaleResult = string | null | undefined

export type ApprovalPolicy = 'code' | 'button'

/**
 * Who gets a link: with `sign-in` known users alone, with `sign-up` new ones alone, with `sign-up-or-in` both. The
 * response does not tell them apart.
 */
export type SignInMode = 'sign-up-or-in' | 'sign-in' | 'sign-up'

/** Which changes a signed-in user may make to their account by the routes, and what they take. */
export interface AccountOptions {
  /** Whether `POST /email` sends a link to a new address. @default false */
  email?: boolean | undefined
  /** Whether `POST /phone` sends a link to a new number. @default false */
  phone?: boolean | undefined
  /** How old the step-up may be that both need, in seconds, at most an hour. @default 600 */
  maxAgeSeconds?: number | undefined
}

/**
 * How long links live, in whole minutes, as the console says; one number where both kinds are alike.
 * The service does not tell it, so the app must.
 */
export type LinkLifetimeOption =
  | number
  | { magic?: number | undefined; enchanted?: number | undefined }
