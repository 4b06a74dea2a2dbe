/** The two session cookies of a request. */
export interface PresentedCookies {
  readonly sessionJwt: string | undefined
  readonly refreshJwt: string | undefined
  /**
   * Whether one name came with two different values. Which of them is ours cannot be told (RFC 6265
   * section 4.2.2), so neither is reported.
   */
  readonly conflicting: boolean
}

const none: PresentedCookies = Object.freeze({
  sessionJwt: undefined,
  refreshJwt: undefined,
  conflicting: false,
})
const conflict: PresentedCookies = Object.freeze({ ...none, conflicting: true })

/**
 * The session cookies of a `Cookie` header. One scan without an object per cookie, since this runs
 * on every guarded request; nothing is decoded, as a token has no character that is ever encoded.
 */
export function presentedCookies(
  header: string | undefined,
  names: { readonly session: string; readonly refresh: string },
): PresentedCookies {
  if (header === undefined || header === '') return none
  const sessionJwt = readCookie(header, names.session)
  const refreshJwt = readCookie(header, names.refresh)
  if (sessionJwt === false || refreshJwt === false) return conflict
  return { sessionJwt, refreshJwt, conflicting: false }
}

/**
 * The tokens that a logout is to end, each told by itself: that one name came twice is no reason to
 * leave the session of the other alive at the service. Of two values neither is reported.
 */
export function tokensToEnd(
  header: string,
  names: { readonly session: string; readonly refresh: string },
): Pick<PresentedCookies, 'sessionJwt' | 'refreshJwt'> {
  return {
    sessionJwt: readCookie(header, names.session) || undefined,
    refreshJwt: readCookie(header, names.refresh) || undefined,
  }
}

/**
 * The value of one cookie, as it stands in the header; undefined when it is absent or empty, and
 * false when the name came with two different values.
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

// Not `trimEnd()`, which drops a no-break space too: it is part of the value, and of no token.
function endOfValue(header: string, end: number): number {
  let last = end
  while (header.charCodeAt(last - 1) === space || header.charCodeAt(last - 1) === tab) last -= 1
  return last
}

const space = 0x20
const tab = 0x09
const equalsSign = 0x3d
