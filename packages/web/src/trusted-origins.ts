import { isLoopback } from '@linkpass/core/internal'
import type { AppOrigin } from './app-url.ts'
import { type CookieOptions, parentDomains } from './response/cookie-policy.ts'

/**
 * Checks the option `trustedOrigins`.
 *
 * @throws {TypeError} one is no origin, is plain http beside an https app, or is another site than the
 *   app, so that browsers send it none of the app's cookies
 */
export function trustedOriginsOf(
  given: unknown,
  app: AppOrigin,
  sameSite: CookieOptions['sameSite'],
): readonly string[] {
  if (!Array.isArray(given)) throw notOrigins
  return Object.freeze(given.map((origin) => trustedOrigin(origin, app, sameSite)))
}

const notOrigins = new TypeError(
  'trustedOrigins must be a list of http or https origins, such as ["http://localhost:5173"]: no path, no slash at the end, no wildcard.',
)

function trustedOrigin(
  origin: unknown,
  app: AppOrigin,
  sameSite: CookieOptions['sameSite'],
): string {
  const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined
  if (typeof origin !== 'string' || url === undefined || !/^https?:\/\/[^*]*$/.test(url.href)) {
    throw notOrigins
  }
  if (url.origin !== origin) {
    // What was given may hold a password.
    throw new TypeError(`trustedOrigins: write "${url.origin}", as browsers do, and no more.`)
  }
  if (app.secure && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new TypeError(`trustedOrigins: "${origin}" is plain http, where others can change pages.`)
  }
  if (sameSite === 'none' || isSameSite(url, app)) return origin
  throw new TypeError(
    `trustedOrigins: "${origin}" is another site than appUrl, "${app.origin}", so browsers send no cookies with its requests. ${fixFor(app)}`,
  )
}

function fixFor({ loopback, secure }: AppOrigin): string {
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
