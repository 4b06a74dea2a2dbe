import { checkOption, isLoopback } from '@linkpass/core/internal'

/** The parts of the app's own address. */
export interface AppOrigin {
  /** Such as `https://app.example.com`: no path, no slash at the end. */
  readonly origin: string
  /** What a proxy takes off each path before the app sees it, such as `/app`; empty for nothing. */
  readonly path: string
  /** Such as `app.example.com`. */
  readonly hostname: string
  /** Whether browsers use https for the app. */
  readonly secure: boolean
  /** Whether the app runs on the same machine as the browser, as in development. */
  readonly loopback: boolean
  /** Origins of front ends whose requests count as the app's own. */
  readonly trusted: readonly string[]
}

// Letters outside ASCII are percent-encoded in it. No "%2f", which some proxies decode into a slash.
const appPath = /^(?:\/(?:[\w.~@+-]|%[89A-Fa-f][\dA-Fa-f])+)*$/

/**
 * Parses the `appUrl` option. The app's address never comes from a request, since a client could
 * choose the Host header, and with it where another user's link leads.
 *
 * @param allowHttp whether plain http is accepted on any host
 * @throws {TypeError} not a URL of an app, or plain http on another host than loopback
 */
export function parseAppUrl(appUrl: unknown, allowHttp: boolean = false): AppOrigin {
  checkOption(
    typeof appUrl === 'string' && URL.canParse(appUrl),
    'appUrl must be the address that browsers use for the app, such as "https://app.example.com".',
  )
  const { href, origin, hostname, pathname, protocol } = new URL(appUrl)
  const loopback = isLoopback(hostname)
  const secure = protocol === 'https:'
  checkOption(
    secure || protocol === 'http:',
    'appUrl must start with https:// (or http:// for loopback).',
  )
  checkOption(
    secure || loopback || allowHttp,
    'appUrl is plain http on another host than loopback, where others can read cookies. Use https, or dangerouslyAllowHttp for development.',
  )
  const path = pathname.replace(/\/$/, '')
  checkOption(
    href === origin + pathname && appPath.test(path),
    'appUrl must be an origin, with a path such as "/app" if a proxy takes that off: no user name, query or fragment.',
  )
  checkOption(!hostname.includes('*'), 'appUrl must name one host, without "*".')
  checkOption(
    !hostname.endsWith('.'),
    'appUrl must name its host without a dot at the end. Browsers keep no cookies for such a host.',
  )
  return Object.freeze({ origin, path, hostname, secure, loopback, trusted: [] })
}

/**
 * Checks the option `trustedOrigins`.
 *
 * @throws {TypeError} one is no origin, is plain http beside an https app, or is another site than the
 *   app, so that browsers send it none of the app's cookies
 */
export function trustedOriginsOf(
  given: unknown,
  app: AppOrigin,
  sameSite: unknown,
): readonly string[] {
  checkOption(Array.isArray(given), notOrigins)
  return Object.freeze(given.map((origin) => trustedOrigin(origin, app, sameSite)))
}

const notOrigins =
  'trustedOrigins must be a list of http or https origins, such as ["http://localhost:5173"]: no path, no slash at the end, no wildcard.'

function trustedOrigin(origin: unknown, app: AppOrigin, sameSite: unknown): string {
  checkOption(typeof origin === 'string' && URL.canParse(origin), notOrigins)
  const url = new URL(origin)
  checkOption(/^https?:\/\/[^*]*$/.test(url.href), notOrigins)
  // What was given may hold a password.
  const fix = `trustedOrigins: write "${url.origin}", as browsers do, and no more.`
  checkOption(url.origin === origin, fix)
  checkOption(
    !app.secure || url.protocol === 'https:' || isLoopback(url.hostname),
    `trustedOrigins: "${origin}" is plain http, where others can change pages.`,
  )
  checkOption(
    sameSite === 'none' || isSameSite(url, app),
    `trustedOrigins: "${origin}" is another site than appUrl, "${app.origin}", so browsers send no cookies with its requests. ${sameSiteFix(app)}`,
  )
  return origin
}

function sameSiteFix({ loopback, secure }: AppOrigin): string {
  if (loopback) return 'Open both under one host name and scheme, such as http://localhost.'
  const proxy = 'Serve both from one domain and scheme, or the app through a proxy of the front end'
  return secure ? `${proxy}, or set cookies.sameSite to "none".` : `${proxy}.`
}

// Browsers compare the scheme and the registrable domain. Their list of public suffixes is not here, so
// two hosts below `co.uk` pass: their requests are accepted, and come without cookies.
function isSameSite(url: URL, app: AppOrigin): boolean {
  if ((url.protocol === 'https:') !== app.secure) return false
  const shared = parentDomains(app.hostname)
  return (
    url.hostname === app.hostname ||
    parentDomains(url.hostname).some((domain) => shared.includes(domain))
  )
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
