import { isOneTimeToken } from '@linkpass/core/internal'

const stateInLink = /^[A-Za-z0-9_-]{22}$/

/**
 * The one-time token of a callback URL, or undefined when there is not exactly one that could be
 * right. Pure.
 *
 * Reads the raw query, because what parsers make of `t=a&t=b`, `t[]=a` or `t=%E0%A4%A` differs
 * between frameworks and versions. Decodes once; a plus sign is itself and never a space.
 *
 * @param url a request target, such as `/auth/verify/…?t=…`
 */
export function linkTokenOf(url: string): string | undefined {
  const mark = url.indexOf('?')
  if (mark === -1) return undefined
  const given = url
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
    // A stray percent sign: no token has one.
    return undefined
  }
}

/** Whether a path segment can be the state of an attempt: 16 random bytes in base64url. Pure. */
export function isAttemptState(segment: unknown): segment is string {
  return typeof segment === 'string' && stateInLink.test(segment)
}

/** A new state, or any other name nobody can guess: 16 random bytes as 22 characters. */
export function randomState(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
}
