/** The options and hooks of `createAuth`, in the terms of no framework. */
import type { LoginOptions, Session, User } from '@linkpass/core'

/** The options of the app's `createAuth`, in the terms of no framework. */
export interface WebOptions {
  readonly appUrl?: string
  readonly dangerouslyAllowHttp?: boolean
  readonly trustedOrigins?: readonly string[]
  readonly basePath?: string
  /** Where it is given, the verify callback is mounted there by itself. */
  readonly verifyPath?: string
  readonly cookieSecret?: string | readonly string[]
  readonly session?: 'cookies' | 'none'
  readonly methods?: readonly ('email' | 'sms' | 'whatsapp' | 'enchanted')[]
  readonly defaultCountry?: string
  readonly mode?: 'sign-up-or-in' | 'sign-in' | 'sign-up'
  readonly approval?: 'code' | 'button'
  readonly confirm?: 'unless-same-browser' | 'always' | 'dangerously-never'
  readonly allowBareLinks?: boolean
  readonly account?: {
    readonly email?: boolean
    readonly phone?: boolean
    readonly maxAgeSeconds?: number
  }
  readonly pages?: {
    readonly signIn?: string
    readonly checkInbox?: string
    readonly waiting?: string
    readonly afterSignIn?: string
    readonly afterSignOut?: string
  }
  readonly cookies?: {
    readonly names?: { readonly session?: string; readonly refresh?: string }
    readonly domain?: string
    readonly sameSite?: 'lax' | 'strict' | 'none'
    readonly prefix?: '__Host-' | false
  }
  readonly limits?:
    | false
    | {
        readonly perAddress?: number
        readonly perIp?: number
        readonly cooldownSeconds?: number
        readonly failedPerIp?: number
        readonly perApp?: number
        readonly perCountryCode?: Readonly<Record<string, number>>
      }
  readonly linkLifetimeMinutes?: number | { readonly magic?: number; readonly enchanted?: number }
  readonly brand?: { readonly name?: string; readonly logoUrl?: string }
  readonly locale?: (request: TestRequest) => string | undefined | Promise<string | undefined>
  /** The texts of the pages by language and key. */
  readonly messages?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly loginOptions?: (request: TestRequest) => LoginOptions | Promise<LoginOptions>
  readonly extraFields?: readonly string[]
  readonly beforeSend?: (request: TestRequest, attempt: SentLink) => unknown
  readonly onSignIn?: (event: SignInEvent) => unknown
  readonly onAccountChange?: (event: ChangeEvent) => unknown
  readonly onSignOut?: (event: SignOutEvent) => unknown
  readonly onFailure?: (event: FailureEvent, request: TestRequest) => OwnResponse | string | void
}

/** What `onSignOut` receives from every adapter. */
export interface SignOutEvent {
  readonly userId: string | undefined
  readonly everywhere: boolean
}

/** What `onFailure` receives from every adapter. */
export interface FailureEvent {
  readonly code: string
  readonly status: number
  readonly isPage: boolean
  readonly forward?: object | undefined
}

/** What `onFailure` may return. */
export interface OwnResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What `beforeSend` receives of an attempt from every adapter. */
export interface SentLink {
  readonly purpose: string
  readonly channel: string
  readonly method: string
  readonly address: string
  readonly userId?: string
  readonly fields: Readonly<Record<string, string>>
}

/** What `onAccountChange` receives from every adapter. */
export interface ChangeEvent {
  readonly userId: string
  readonly kind: 'email' | 'phone'
  readonly address: string
}

/** What `onSignIn` receives from every adapter. */
export interface SignInEvent {
  readonly purpose: string
  readonly user: User
  readonly firstSeen: boolean
  readonly session: Session
}

/** What a hook or a route reads of a request. */
export interface TestRequest {
  header(name: string): string | undefined
  /** A named part of the path, such as `tenant` in `/t/:tenant`. */
  param(name: string): string | undefined
}
