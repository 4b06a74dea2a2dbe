/** How a request says who sent it: a Bearer token, or two cookies. Runs on every guarded request. */
import type { TokensToEnd } from '@linkpass/core'

export interface SessionCookieNames {
  readonly session: string
  /** Absent where sessions are not refreshed. */
  readonly refresh?: string
}

export interface Credentials {
  readonly source: 'cookie' | 'bearer'
  readonly sessionJwt: string | undefined
  readonly refreshJwt: string | undefined
  /**
   * Whether one cookie name came with two different values. RFC 6265 section 4.2.2 gives no order to
   * tell which of them is ours, so neither is used.
   */
  readonly conflicting: boolean
}

const none: Credentials = Object.freeze({
  source: 'cookie',
  sessionJwt: undefined,
  refreshJwt: undefined,
  conflicting: false,
})
const conflict: Credentials = Object.freeze({ ...none, conflicting: true })

/** Reads who a request says it is: the Bearer header alone where there is one, else cookies of these names. */
export function readCredentials(
  authorization: string | undefined,
  cookie: string | undefined,
  names: SessionCookieNames | undefined,
): Credentials {
  const bearer = bearerToken(authorization)
  if (bearer !== undefined) {
    return { source: 'bearer', sessionJwt: bearer, refreshJwt: undefined, conflicting: false }
  }
  if (cookie === undefined || cookie === '' || names === undefined) return none
  const sessionJwt = readCookie(cookie, names.session)
  const refreshJwt = names.refresh === undefined ? undefined : readCookie(cookie, names.refresh)
  if (sessionJwt === false || refreshJwt === false) return conflict
  return { source: 'cookie', sessionJwt, refreshJwt, conflicting: false }
}

/** Whether a request says at all who sent it. */
export function hasCredentials(credentials: Credentials): boolean {
  const { sessionJwt, refreshJwt, conflicting } = credentials
  return sessionJwt !== undefined || refreshJwt !== undefined || conflicting
}

/** The tokens that a logout ends: every value of both cookies, since nothing tells which is ours. */
export function tokensToEnd(cookie: string, names: Required<SessionCookieNames>): TokensToEnd {
  return {
    sessionJwts: cookieValues(cookie, names.session),
    refreshJwts: cookieValues(cookie, names.refresh),
  }
}

/**
 * The token of an `Authorization` header with the Bearer scheme (RFC 6750 section 2.1), as it stands
 * there. `''` for the scheme alone, undefined for no header or another scheme.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return undefined
  // There may be several spaces. Any other character belongs to the token, and makes it invalid.
  return authorization.slice('bearer'.length).replace(/^ +/, '')
}

/**
 * The value of one cookie, as it stands in the `Cookie` header; undefined when it is absent or empty,
 * and false when the name came with two different values. One scan, without an object per cookie.
 * Nothing is decoded, as a token has no character that is ever encoded.
 */
export function readCookie(header: string, name: string): string | undefined | false {
  let found: string | undefined
  let start = 0
  while (start < header.length) {
    let end = header.indexOf(';', start)
    if (end === -1) end = header.length
    while (header.charCodeAt(start) === space) start += 1
    const equals = start + name.length
    if (header.charCodeAt(equals) === equalsSign && header.startsWith(name, start)) {
      const value = header.slice(equals + 1, endOfValue(header, end))
      if (found !== undefined && found !== value) return false
      found = value
    }
    start = end + 1
  }
  return found === '' ? undefined : found
}

/** Every different value of one cookie but the empty one. */
function cookieValues(header: string, name: string): readonly string[] {
  const values = header.split(';').flatMap((pair) => readCookie(pair, name) || [])
  return [...new Set(values)]
}

// Not `trimEnd()`, which drops a no-break space too: that is part of the value, and of no token.
function endOfValue(header: string, end: number): number {
  let last = end
  while (header.charCodeAt(last - 1) === space || header.charCodeAt(last - 1) === tab) last -= 1
  return last
}

const space = 0x20
const tab = 0x09
const equalsSign = 0x3d
