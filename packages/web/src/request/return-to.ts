// As long as fits into the attempt cookie, beside the longest address.
const maxLength = 1600

// Controls, space, backslash, DEL, C1, no-break space and the two Unicode line separators: characters
// that URL parsers drop, turn into a slash or read as an end of line.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const neverInAPath = /[\u0000-\u0020\\\u007f-\u00a0\u2028\u2029]/

// A second slash after resolving makes the path a host. Some proxies decode the others into a slash.
const readsAsAHost = /^\/(?:\/|%2f|%5c|%09|%0a|%0d)/i

/**
 * The part of `value` that may follow our own origin in a `Location`, or undefined when it could
 * lead to another host.
 *
 * Accepted: a path that starts with exactly one slash, or an absolute URL of exactly `origin` without
 * user name; and only if the path still starts with one slash after resolving, which `/.//host` does not
 * (WHATWG URL keeps our origin and yields `//host`). Of more than 1,600 characters, query and fragment
 * are left out; a path of more is not accepted.
 *
 * @param origin the origin of the app, such as `https://app.example.com`
 * @param trusted origins of front ends: an absolute URL of one is accepted, and returned as a URL
 */
export function safeReturnTo(
  value: unknown,
  origin: string,
  trusted: readonly string[] = [],
): string | undefined {
  if (typeof value !== 'string' || neverInAPath.test(value)) return undefined
  // The slash ends the host, so that nothing after it can name another one.
  if (trusted.some((front) => `${value}/`.startsWith(`${front}/`))) {
    const { href, origin: front, pathname } = new URL(value)
    return fitting(href, front + pathname)
  }
  const isPath = value.startsWith('/') && !value.startsWith('//')
  if (!isPath && !value.startsWith(`${origin}/`)) return undefined
  // Neither form can hold another host or a user name, so only the path remains to be checked.
  const url = new URL(value, origin)
  const target = url.pathname + url.search + url.hash
  // The origin is checked all the same, because everything depends on it.
  const isOurs = url.origin === origin && !readsAsAHost.test(target)
  return isOurs ? fitting(target, url.pathname) : undefined
}

function fitting(whole: string, withoutQuery: string): string | undefined {
  return [whole, withoutQuery].find(({ length }) => length <= maxLength)
}
