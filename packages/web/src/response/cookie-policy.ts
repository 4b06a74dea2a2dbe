import { isCookieName, onlyKnown } from '@linkpass/core/internal'
import type { AppOrigin } from '../app-url.ts'

/** How the session travels in the browser. */
export interface CookieOptions {
  /** What the cookies are called. */
  names?: CookieNameOptions
  /** Put before the names of both session cookies; the browser then takes the cookies from this very host alone. @default none */
  prefix?: '__Host-'
  /** Share the session with every host of this domain. @default the app's host alone */
  domain?: string
  /**
   * When other sites' links and forms carry the session. With `strict`, whoever follows a link from
   * a mail arrives signed out. `none` needs https.
   * @default 'lax'
   */
  sameSite?: 'lax' | 'strict' | 'none'
}

/**
 * Names of cookies. Two sign-ins in one app, with other session cookies, need no more than that:
 * the names of what they keep besides follow from it. With the same session cookies, and different
 * secrets, name these too.
 */
export interface CookieNameOptions {
  /** @default 'DS' */
  session?: string
  /** @default 'DSR' */
  refresh?: string
  /**
   * What keeps who asked for which link; with https, `__Host-` comes before it.
   * @default 'linkpass-attempt', with `-` and the name of the session cookie where that is not DS
   */
  attempt?: string
  /** What keeps which enchanted link is waited for, likewise. @default 'linkpass-pending', likewise */
  pending?: string
}

/** Every decision about cookies that does not depend on a request. Frozen. */
export interface CookiePolicy {
  readonly names: CookieNames
  readonly hostname: string
  readonly domain: string | undefined
  readonly sameSite: 'lax' | 'strict' | 'none'
  readonly secure: boolean
}

/** What the browser's cookies are called. */
export interface CookieNames {
  readonly session: string
  readonly refresh: string
  /** Seals who asked for which link in this browser. */
  readonly attempt: string
  /** Seals what an enchanted link waits for in this browser. */
  readonly pending: string
}

const cookieNameOptions = ['session', 'refresh', 'attempt', 'pending']

/**
 * Applies the defaults and checks what browsers would refuse without a word. Pure.
 *
 * @throws {TypeError} an option cannot be right; the message names it and the cure
 */
export function resolveCookiePolicy(app: AppOrigin, options: CookieOptions = {}): CookiePolicy {
  onlyKnown('cookies', options, ['names', 'prefix', 'domain', 'sameSite'])
  if (options.names !== undefined) onlyKnown('cookies.names', options.names, cookieNameOptions)
  const { prefix, domain, sameSite = 'lax' } = options
  if (prefix !== undefined && prefix !== '__Host-') {
    throw new TypeError('cookies.prefix must be "__Host-" or absent.')
  }
  if (prefix !== undefined && !app.secure) {
    throw new TypeError('cookies.prefix "__Host-" needs an https appUrl.')
  }
  if (prefix !== undefined && domain !== undefined) {
    throw new TypeError('cookies.prefix "__Host-" keeps cookies to one host: drop cookies.domain.')
  }
  if (!['lax', 'strict', 'none'].includes(sameSite)) {
    throw new TypeError('cookies.sameSite must be "lax", "strict" or "none".')
  }
  if (sameSite === 'none' && !app.secure) {
    throw new TypeError('cookies.sameSite "none" needs an https appUrl.')
  }
  if (domain !== undefined && !parentDomains(app.hostname).includes(domain)) {
    throw new TypeError(
      'cookies.domain must be the host of appUrl or a domain above it, without a leading dot.',
    )
  }
  return Object.freeze({
    names: namesOf(options, app.secure),
    hostname: app.hostname,
    domain,
    sameSite,
    secure: app.secure,
  })
}

function namesOf(options: CookieOptions, secure: boolean): CookieNames {
  for (const [key, name] of Object.entries(options.names ?? {})) {
    if (name !== undefined && !isCookieName(name)) {
      throw new TypeError(`cookies.names.${key} must be a cookie name (RFC 6265), such as "DS".`)
    }
  }
  const { session = 'DS', refresh = 'DSR', attempt, pending } = options.names ?? {}
  const prefix = options.prefix ?? ''
  // Nobody reads the other two but us, so they take the strictest prefix there is.
  const own = secure ? '__Host-' : ''
  const which = session === 'DS' ? '' : `-${session}`
  const names = {
    session: prefix + session,
    refresh: prefix + refresh,
    attempt: own + (attempt ?? `linkpass-attempt${which}`),
    pending: own + (pending ?? `linkpass-pending${which}`),
  }
  requireDifferent(Object.entries(names))
  return Object.freeze(names)
}

function requireDifferent(names: readonly (readonly [string, string])[]): void {
  for (const [index, [key, name]] of names.entries()) {
    const same = names.slice(index + 1).find(([, other]) => other === name)
    if (same === undefined) continue
    throw new TypeError(`cookies.names.${key} and cookies.names.${same[0]} must differ.`)
  }
}

/**
 * The domains a cookie for this host may have been set for: the host itself and all above it but
 * the last label. Empty for an IP address and for a single label such as `localhost`.
 */
export function parentDomains(hostname: string): readonly string[] {
  if (/\.\d+$/.test(hostname)) return []
  const labels = hostname.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
