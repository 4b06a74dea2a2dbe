import { isLoopback } from '@linkpass/core/internal'
import { checkOption } from './option-checks.ts'

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
