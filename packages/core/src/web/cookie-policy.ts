import { onlyKnown } from '../option-checks.ts'
import type { AppOrigin } from './app-origin.ts'

/** How the session travels in the browser. */
export interface CookieOptions {
  /** The names of the two session cookies. @default DS and DSR */
  names?: { session?: string; refresh?: string }
  /** Put before both names; the browser then takes the cookies from this very host alone. @default none */
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
  readonly start: string
  /** Seals what an enchanted link waits for in this browser. */
  readonly pending: string
}

// RFC 6265 section 4.1.1: a cookie name is an RFC 9110 token.
const cookieName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/

/**
 * Applies the defaults and checks what browsers would refuse without a word. Pure.
 *
 * @throws {TypeError} an option cannot be right; the message names it and the cure
 */
export function resolveCookiePolicy(app: AppOrigin, options: CookieOptions = {}): CookiePolicy {
  onlyKnown('cookies', options, ['names', 'prefix', 'domain', 'sameSite'])
  if (options.names !== undefined) onlyKnown('cookies.names', options.names, ['session', 'refresh'])
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
  const { names } = options
  const prefix = options.prefix ?? ''
  const session = prefix + (names?.session ?? 'DS')
  const refresh = prefix + (names?.refresh ?? 'DSR')
  for (const [key, name] of Object.entries({ session, refresh })) {
    if (!cookieName.test(name)) {
      throw new TypeError(`cookies.names.${key} must be a cookie name (RFC 6265), such as "DS".`)
    }
  }
  if (session === refresh) {
    throw new TypeError('cookies.names.session and cookies.names.refresh must differ.')
  }
  // Nobody reads these two but us, so they take the strictest prefix there is.
  const own = secure ? '__Host-' : ''
  return Object.freeze({
    session,
    refresh,
    start: `${own}linkpass-start`,
    pending: `${own}linkpass-pending`,
  })
}

/**
 * The domains a cookie for this host may have been set for: the host itself and all above it but
 * the last label. Empty for an IP address and for a single label such as `localhost`.
 */
export function parentDomains(hostname: string): readonly string[] {
  const labels = hostname.split('.')
  if (labels.length < 2 || /\.\d+$/.test(hostname)) return []
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
