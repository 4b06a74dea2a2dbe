import { isOneTimeToken } from '@linkpass/core/internal'

/**
 * The one-time token of a callback URL, or undefined when there is not exactly one that can be valid.
 *
 * Reads the raw query, because parsers differ in what they make of `t=a&t=b`, `t[]=a` or
 * `t=%E0%A4%A`. Decodes once. A plus sign stays a plus sign.
 *
 * @param target a request target, such as `/auth/verify/…?t=…`
 */
export function linkTokenOf(target: string): string | undefined {
  const mark = target.indexOf('?')
  if (mark === -1) return undefined
  const given = target
    .slice(mark + 1)
    .split('&')
    .filter((pair) => pair.startsWith('t='))
  const [only] = given
  if (only === undefined || given.length > 1) return undefined
  const token = decodeOnce(only.slice(2))
  return isOneTimeToken(token) ? token : undefined
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // An incomplete percent escape. No token has one.
    return undefined
  }
}
