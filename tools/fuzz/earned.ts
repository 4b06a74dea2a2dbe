import type { FuzzedRequest } from './fuzzed-request.ts'
import type { Vault, Waiting } from './vault.ts'

/** What a request may bring its sender, and nothing else may. All but the last are user ids. */
export interface Earned {
  /** Whose session it presents. */
  readonly session: string | undefined
  /** Whose session it may be given anew for a refresh token. */
  readonly refreshed: string | undefined
  /** Whose session its link opens. */
  readonly link: string | undefined
  /** What it waits for; a session once that is approved. */
  readonly waiting: Waiting | undefined
}

const nothing: Earned = {
  session: undefined,
  refreshed: undefined,
  link: undefined,
  waiting: undefined,
}

/**
 * Reads a request as the documentation says that it is read. Written apart from the code that it
 * judges, and stricter where that is allowed to be lenient: a token is good letter by letter.
 */
export function earnedBy(request: FuzzedRequest, origin: string, vault: Vault): Earned {
  const { authorization, method, route } = request
  const isBearer = authorization !== undefined && /^bearer(?: |$)/i.test(authorization)
  const isGuarded = request.mount === ''
  const isForged = isCrossSite(request, origin) && !(isBearer && isGuarded)
  if (isForged) return nothing
  const [session, refresh] = ['DS', 'DSR'].map((name) => cookieIn(request, name))
  const conflicts = session === false || refresh === false
  const presented = isBearer
    ? trimmed(authorization.slice('bearer'.length))
    : conflicts
      ? undefined
      : session
  const mayRefresh = !isBearer && !conflicts && !route.startsWith('/api')
  return {
    session: presented ? vault.sessions.get(presented) : undefined,
    refreshed: mayRefresh ? refreshedBy(vault, session, refresh, route === '/refresh') : undefined,
    link: opensLink(request) ? request.link?.userId : undefined,
    waiting:
      method === 'POST' && route === '/enchanted-link/complete'
        ? vault.waiting.find(({ cookie }) => cookie === cookieIn(request, 'linkpass-pending'))
        : undefined,
  }
}

/** A refresh is for an absent or an expired session, of the same person, and for nothing else. */
function refreshedBy(
  vault: Vault,
  session: string | false | undefined,
  refresh: string | false | undefined,
  isAskedFor: boolean,
): string | undefined {
  const userId = refresh ? vault.refreshes.get(refresh) : undefined
  if (!session || isAskedFor) return userId
  return vault.expired.get(session) === userId ? userId : undefined
}

/** A link is opened by a press, or by a person's visit from the browser that asked for it. */
function opensLink(request: FuzzedRequest): boolean {
  const { method, route, link, target } = request
  if (link === undefined || route !== '/verify') return false
  if (method === 'POST') return true
  const isVisit =
    method === 'GET' &&
    valuesOf(request, 'sec-fetch-mode').includes('navigate') &&
    valuesOf(request, 'sec-fetch-dest').includes('document') &&
    valuesOf(request, 'sec-purpose').length === 0
  const isOwn = cookieIn(request, 'linkpass-attempt') === link.startCookie
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

/** The one value of a cookie, undefined for none, false for several that differ. */
function cookieIn({ cookies }: FuzzedRequest, name: string): string | false | undefined {
  const values = cookies
    .filter(([known]) => known === name)
    .map(([, value]) => trimmed(value.replace(/;.*/s, '')))
  const [first, ...others] = values
  if (others.some((value) => value !== first)) return false
  return first === '' ? undefined : first
}

// What RFC 9110 calls optional whitespace; a no-break space is none.
function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '')
}
