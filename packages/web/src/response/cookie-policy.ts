import { checkOption, isCookieName, onlyKnown } from '@linkpass/core/internal'
import { type AppOrigin, parentDomains } from '../app-url.ts'

/** How the session travels in the browser. */
export interface CookieOptions {
  /** What the cookies are called. */
  names?: CookieNameOptions | undefined
  /**
   * Put before the names of both session cookies. The browser then accepts them from this host alone.
   * `false` puts nothing before them.
   * @default '__Host-' over https, for names that are not given and without `domain`
   */
  prefix?: '__Host-' | false | undefined
  /** Share the session with every host of this domain. @default the app's host alone */
  domain?: string | undefined
  /**
   * When links and forms of other sites carry the session. With `strict`, a user who follows a link
   * from a mail arrives signed out. `none` needs https.
   * @default 'lax'
   */
  sameSite?: 'lax' | 'strict' | 'none' | undefined
}

/**
 * Names of cookies. Cookies of one host are shared by all its ports, so the names end in the port, unless it
 * is 443 over https. Two `createAuth` in one app need different names of the session cookie; the names of the
 * other cookies follow from it. If both share the session cookies and differ in their secrets, name the other
 * cookies too.
 */
export interface CookieNameOptions {
  /** @default '__Host-DS' over https, 'DS' with `domain` or `prefix: false`, 'DS_3000' over http on port 3000 */
  session?: string | undefined
  /** @default 'DSR', with the same additions */
  refresh?: string | undefined
  /**
   * The attempt cookie: which links this browser requested. With https, `__Host-` is put before it.
   * @default 'linkpass-attempt', with `-` and `session` where that is given, and `_` and the port
   */
  attempt?: string | undefined
  /** Which enchanted link this browser waits for. @default 'linkpass-pending', with the same additions */
  pending?: string | undefined
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
export type CookieNames = Readonly<Record<keyof CookieNameOptions, string>>

const cookieNameOptions = ['session', 'refresh', 'attempt', 'pending']

/** Applies the defaults, and refuses what browsers would silently ignore. */
export function resolveCookiePolicy(app: AppOrigin, options: CookieOptions = {}): CookiePolicy {
  onlyKnown('cookies', options, ['names', 'prefix', 'domain', 'sameSite'])
  if (options.names !== undefined) onlyKnown('cookies.names', options.names, cookieNameOptions)
  const { prefix, sameSite = 'lax' } = options
  const given = options.domain
  // Of an app without types it may be anything, which is refused below.
  const domain = typeof given === 'string' ? given.toLowerCase() : given
  const isPrefix = [undefined, false, '__Host-'].includes(prefix)
  checkOption(isPrefix, 'cookies.prefix must be "__Host-", false or absent.')
  checkOption(!prefix || app.secure, 'cookies.prefix "__Host-" needs an https appUrl.')
  checkOption(
    !prefix || domain === undefined,
    'cookies.prefix "__Host-" keeps cookies to one host: drop cookies.domain.',
  )
  const isSameSite = ['lax', 'strict', 'none'].includes(sameSite)
  checkOption(isSameSite, 'cookies.sameSite must be "lax", "strict" or "none".')
  checkOption(sameSite !== 'none' || app.secure, 'cookies.sameSite "none" needs an https appUrl.')
  checkOption(
    domain === undefined || parentDomains(app.hostname).includes(domain),
    'cookies.domain must be the host of appUrl or a domain above it, without a leading dot; leave it out for localhost and IP addresses.',
  )
  return Object.freeze({
    names: namesOf(options, domain, app),
    hostname: app.hostname,
    domain,
    sameSite,
    secure: app.secure,
  })
}

function namesOf(
  { names = {}, prefix }: CookieOptions,
  domain: string | undefined,
  app: AppOrigin,
): CookieNames {
  for (const [key, name] of Object.entries(names)) {
    if (name === undefined) continue
    const option = `cookies.names.${key}`
    checkOption(isCookieName(name), `${option} must be a cookie name (RFC 6265), such as "DS".`)
    // Browsers drop such a cookie, in any case of letters (RFC 6265bis section 5.7).
    const isPrefixed = /^__(?:host|secure)-/i.test(name)
    checkOption(app.secure || !isPrefixed, `${option} "${name}" needs an https appUrl.`)
    const isShared = domain !== undefined && (key === 'session' || key === 'refresh')
    const isOfHost = /^__host-/i.test(name)
    checkOption(!isShared || !isOfHost, `${option} "${name}" is of one host: drop cookies.domain.`)
  }
  const host = app.secure ? '__Host-' : ''
  const { port: number } = new URL(app.origin)
  const port = app.secure && number === '' ? '' : `_${number || 80}`
  const ofSession = (given: string | undefined, name: string): string => {
    if (given !== undefined) return (prefix || '') + given
    if (domain !== undefined) return name
    return (prefix === false ? '' : host) + name + port
  }
  const which = names.session === undefined ? '' : `-${names.session}`
  const resolved = {
    session: ofSession(names.session, 'DS'),
    refresh: ofSession(names.refresh, 'DSR'),
    // Only these packages read the other two, so they take the strictest prefix there is.
    attempt: host + (names.attempt ?? `linkpass-attempt${which}${port}`),
    pending: host + (names.pending ?? `linkpass-pending${which}${port}`),
  }
  requireDifferent(Object.entries(resolved))
  return Object.freeze(resolved)
}

function requireDifferent(names: readonly (readonly [string, string])[]): void {
  for (const [index, [key, name]] of names.entries()) {
    const same = names.slice(index + 1).find(([, other]) => other === name)
    if (same === undefined) continue
    throw new TypeError(`cookies.names.${key} and cookies.names.${same[0]} must differ.`)
  }
}
