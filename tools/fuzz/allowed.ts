import type { FuzzedRequest } from './fuzzed-request.ts'
import type { CredentialPool, PendingAttempt } from './credential-pool.ts'

/** What the response to a request may give its sender. All but the last are user ids. */
export interface Allowed {
  /** The user of the session that it presents. */
  readonly session: string | undefined
  /** The user whose session it may refresh. */
  readonly refreshed: string | undefined
  /** The user whom its link signs in. */
  readonly link: string | undefined
  /** The attempt that it completes; it brings a session once that is approved. */
  readonly waiting: PendingAttempt | undefined
}

const nothing: Allowed = {
  session: undefined,
  refreshed: undefined,
  link: undefined,
  waiting: undefined,
}

/**
 * Reads a request as the documentation describes. Written independently of the code under test, and
 * stricter where that may be lenient: a token is valid only in its exact spelling.
 */
export function allowedBy(request: FuzzedRequest, origin: string, pool: CredentialPool): Allowed {
  const { authorization, method, route } = request
  const isBearer = authorization !== undefined && /^bearer(?: |$)/i.test(authorization)
  const isGuarded = request.mount === ''
  const isForged = isCrossSite(request, origin) && !(isBearer && isGuarded)
  if (isForged) return nothing
  const [session, refresh] = ['DS', 'DSR'].map((name) => cookieIn(request, name))
  // The guard of the API reads no refresh cookie.
  const conflicts = session === false || (refresh === false && !route.startsWith('/api'))
  const presented = isBearer
    ? trimmed(authorization.slice('bearer'.length))
    : conflicts
      ? undefined
      : session
  const mayRefresh = !isBearer && !conflicts && !route.startsWith('/api')
  return {
    session: presented ? pool.sessions.get(presented) : undefined,
    refreshed: mayRefresh ? refreshedBy(pool, session, refresh, route === '/refresh') : undefined,
    link: redeemsLink(request) ? request.link?.userId : undefined,
    waiting:
      method === 'POST' && route === '/enchanted-link/complete'
        ? pool.waiting.find(({ cookie }) => cookie === cookieIn(request, 'linkpass-pending'))
        : undefined,
  }
}

/** A refresh replaces an absent session, or an expired one of the same user, and no other. */
function refreshedBy(
  pool: CredentialPool,
  session: string | false | undefined,
  refresh: string | false | undefined,
  isRequested: boolean,
): string | undefined {
  const userId = refresh ? pool.refreshes.get(refresh) : undefined
  if (!session || isRequested) return userId
  return pool.expired.get(session) === userId ? userId : undefined
}

/** A link is redeemed by a confirmation, or by a page load in the browser that requested it. */
function redeemsLink(request: FuzzedRequest): boolean {
  const { method, route, link, target } = request
  if (link === undefined || route !== '/verify') return false
  if (method === 'POST') return true
  const isVisit =
    method === 'GET' &&
    valuesOf(request, 'sec-fetch-mode').includes('navigate') &&
    valuesOf(request, 'sec-fetch-dest').includes('document') &&
    valuesOf(request, 'sec-purpose').length === 0
  const isOwn = cookieIn(request, 'linkpass-attempt') === link.attemptCookie
  return isVisit && isOwn && target.includes(link.state)
}

function isCrossSite(request: FuzzedRequest, origin: string): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return false
  const site = valuesOf(request, 'sec-fetch-site').find((value) => value !== '')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origins = valuesOf(request, 'origin').filter((value) => value !== '')
  return request.route.startsWith('/api') ? false : origins.some((value) => value !== origin)
}

function valuesOf({ headers }: FuzzedRequest, name: string): string[] {
  return headers.filter(([known]) => known === name).map(([, value]) => trimmed(value))
}

/** The value of a cookie; undefined if it is absent, false if it came with different values. */
function cookieIn({ cookies }: FuzzedRequest, name: string): string | false | undefined {
  const values = cookies
    .filter(([known]) => known === name)
    .map(([, value]) => trimmed(value.replace(/;.*/s, '')))
  const [first, ...others] = values
  if (others.some((value) => value !== first)) return false
  return first === '' ? undefined : first
}

// Optional whitespace of RFC 9110, which does not include the no-break space.
function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '')
}
