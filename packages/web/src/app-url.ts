import { isLoopback } from '@linkpass/core/internal'

/** The app's own address, taken apart once. */
export interface AppOrigin {
  /** Such as `https://app.example.com`: no path, no slash at the end. */
  readonly origin: string
  /** Such as `app.example.com`. */
  readonly hostname: string
  /** Whether browsers reach the app by https. */
  readonly secure: boolean
  /** Whether the app runs on the machine of the person who opens it: development. */
  readonly loopback: boolean
}

/**
 * Takes the app's address from configuration, never from a request: whoever chose the Host header
 * would choose where a person's link leads. Pure.
 *
 * @throws {TypeError} not an origin, or plain http beyond loopback
 */
export function parseAppUrl(appUrl: unknown): AppOrigin {
  if (typeof appUrl !== 'string' || !URL.canParse(appUrl)) {
    throw new TypeError(
      'appUrl must be the address browsers reach the app by, such as "https://app.example.com".',
    )
  }
  const url = new URL(appUrl)
  const loopback = isLoopback(url.hostname)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError('appUrl must start with https:// (or http:// for loopback).')
  }
  if (url.protocol === 'http:' && !loopback) {
    throw new TypeError(
      'appUrl is plain http beyond loopback, where cookies travel readable: use https.',
    )
  }
  if (url.href !== `${url.origin}/`) {
    throw new TypeError(
      'appUrl must be an origin without path, user name or query: put a path in basePath.',
    )
  }
  const { origin, hostname, protocol } = url
  if (hostname.endsWith('.')) {
    throw new TypeError(
      'appUrl must name its host without a dot at the end: cookies know no such host.',
    )
  }
  return Object.freeze({ origin, hostname, secure: protocol === 'https:', loopback })
}
