import { isLoopback } from '@linkpass/core/internal'
import type { AppOrigin } from './app-url.ts'
import { checkOption } from './option-checks.ts'
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
  checkOption(Array.isArray(given), notOrigins)
  return Object.freeze(given.map((origin) => trustedOrigin(origin, app, sameSite)))
}

const notOrigins =
  'trustedOrigins must be a list of http or https origins, such as ["http://localhost:5173"]: no path, no slash at the end, no wildcard.'

function trustedOrigin(
  origin: unknown,
  app: AppOrigin,
  sameSite: CookieOptions['sameSite'],
): string {
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
    `trustedOrigins: "${origin}" is another site than appUrl, "${app.origin}", so browsers send no cookies with its requests. ${fixFor(app)}`,
  )
  return origin
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
