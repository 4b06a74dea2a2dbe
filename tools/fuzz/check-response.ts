import { mounts, cookieSecret } from './app.ts'
import type { Allowed } from './allowed.ts'
import type { FuzzedRequest } from './fuzzed-request.ts'
import { plantedCanary, plantedHeader, plantedMarkup } from './attack-text.ts'
import { type Exchange, headerValues, type RawResponse } from './raw-http.ts'
import { subjectOf, type CredentialPool } from './credential-pool.ts'

/** The result of one request. */
export interface Verdict {
  /** What was wrong, one phrase each. */
  readonly violations: readonly string[]
  /** The user whose session the response set or accepted. */
  readonly signedIn: string | undefined
  /** The user whose session it set. */
  readonly given: string | undefined
}

/** The error statuses that the documentation lists. */
const errorStatuses = [400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 429, 431]

/** Compares the responses with what the request allowed. */
export function checkResponse(
  request: FuzzedRequest,
  allowed: Allowed,
  exchange: Exchange,
  { pool, origin }: { pool: CredentialPool; origin: string },
): Verdict {
  const { responses, stray } = exchange
  const violations: string[] = []
  let signedIn: string | undefined
  let set: string | undefined
  if (request.framing === 'complete') {
    if (responses.length !== 1) violations.push(`${responses.length} responses`)
    if (stray !== '') violations.push('bytes after the response')
  }
  const allowedUsers = [...userIdsOf(allowed), ...usersOfCookies(request, pool)]
  for (const response of responses) {
    const given = sessionGivenBy(response)
    const accepted = acceptedBy(request, response)
    set ??= given
    for (const who of [given, accepted]) {
      if (who === undefined) continue
      signedIn = who
      if (who !== 'a user' && allowedUsers.includes(who)) continue
      if (who === 'a user' && allowedUsers.length > 0) continue
      violations.push(`a session that was not allowed, status ${response.status}`)
    }
    if (given !== undefined && !maySet(allowed, given))
      violations.push('a cookie that was not allowed')
    violations.push(...violationsIn(request, response, { pool, origin }))
  }
  const mayBeLoggedOut = request.cookies.some(([, value]) => pool.loggingOut.has(value))
  if (request.isValid && mustAccept(request) && !mayBeLoggedOut && signedIn === undefined) {
    violations.push(`a valid request refused with ${responses[0]?.status}`)
  }
  return { violations, signedIn, given: set }
}

/** In a malformed request the name of the Authorization header may be changed; then cookies count. */
function usersOfCookies(
  { framing, cookies }: FuzzedRequest,
  { sessions }: CredentialPool,
): string[] {
  if (framing !== 'malformed') return []
  return cookies.flatMap(([, value]) => sessions.get(value) ?? [])
}

function userIdsOf({ session, refreshed, link, waiting }: Allowed): string[] {
  const approved = waiting?.approved === true ? waiting.userId : undefined
  return [session, refreshed, link, approved].filter((id) => id !== undefined)
}

function maySet(allowed: Allowed, who: string): boolean {
  return userIdsOf({ ...allowed, session: undefined }).includes(who)
}

/** The user whose session a response sets, as its cookie states. */
function sessionGivenBy(response: RawResponse): string | undefined {
  for (const line of headerValues(response, 'set-cookie')) {
    const [, name, value = ''] = /^(\w+)=([^;]*)/.exec(line) ?? []
    if ((name === 'DS' || name === 'DSR') && value !== '') return subjectOf(value) ?? 'unknown'
  }
  return undefined
}

const guarded = /^\/(?:(?:me|admin|api|session|email|phone)(?:\/|$)|step-up$)/

/** The user whose session a response accepts, if it does: an id where it names one, else `a user`. */
function acceptedBy(request: FuzzedRequest, response: RawResponse): string | undefined {
  const { route } = placeOf(request.target)
  const { status } = response
  const named = /^\{"userId":"([^"]+)"/.exec(response.body)?.[1]
  if (named !== undefined) return named
  if (request.framing !== 'complete' || request.method === 'OPTIONS') return undefined
  const location = headerValues(response, 'location')[0] ?? ''
  // To the sign-in page, or to the same route without the slash at its end.
  const isElsewhere =
    /\/sign-in\?/.test(location) || `${pathOf(location)}/` === pathOf(request.target)
  const isPassed = status < 300 || status === 304 || (status === 303 && !isElsewhere)
  if (!isPassed) return undefined
  if (guarded.test(route) || route === '/refresh') return 'a user'
  if (route !== '/verify') return undefined
  return request.method === 'POST' || status === 303 ? 'a user' : undefined
}

function mustAccept({ method, route, link }: FuzzedRequest): boolean {
  if (route === '/verify' && link === undefined) return false
  if (route === '/refresh' || route === '/verify') return method === 'POST' || method === 'GET'
  return ['/me', '/maybe', '/api', '/api/x', '/session'].includes(route)
}

function pathOf(target: string): string {
  return target.replace(/^http:\/\/[^/]*/, '').replace(/[?#].*$/s, '')
}

/** The mount and the route of a request target; mounts and guards are compared case-insensitively. */
export function placeOf(target: string): { mount: string; route: string } {
  const path = pathOf(target)
  const mount = mounts.find((known) => path.toLowerCase().startsWith(`${known}/`)) ?? ''
  const below = path.slice(mount.length).replace(/(.)\/$/, '$1')
  if (mount === '') return { mount, route: below.toLowerCase() }
  if (/^\/verify\/(?:style\.css|script\.js)$/.test(below)) return { mount, route: below }
  return { mount, route: below.replace(/^((?:\/enchanted-link)?\/verify)\/[^/]*$/, '$1') }
}

const pages = [
  '/sign-in',
  '/check-inbox',
  '/waiting',
  '/verify',
  '/verify/style.css',
  '/verify/script.js',
]
const open = [
  ...['/', '/maybe', ...pages],
  ...['/enchanted-link/verify', '/enchanted-link/status', '/step-up/status'],
]
const successes: Readonly<Record<string, readonly number[]>> = {
  '/waiting': [200, 303],
  '/verify': [200, 303],
  '/magic-link': [202, 303],
  '/enchanted-link': [202, 303],
  '/enchanted-link/verify': [200],
  '/enchanted-link/complete': [200, 303],
  '/refresh': [200, 303],
  '/step-up': [202, 303],
  '/step-up/complete': [200, 303],
  '/email': [202, 303],
  '/phone': [202, 303],
  '/logout': [204, 303],
  '/logout-all': [204, 303],
  // Signed in, or on the way to the sign-in page.
  '/me': [200, 303],
  '/admin': [303],
  '/session': [200],
}

function statusesFor(request: FuzzedRequest): readonly number[] {
  const { mount, route } = placeOf(request.target)
  const expects = request.headers.some(([name]) => name === 'expect') ? [417] : []
  const isCached = request.headers.some(([name]) => name === 'if-none-match') ? [304] : []
  const malformed = request.framing === 'complete' ? [] : [200, 202, 204, 303, 408, 505]
  const listed = mount !== '' || ['/me', '/admin'].includes(route) ? successes[route] : undefined
  const isOpen = open.includes(route) || (mount === '' && /^\/api(?:\/|$)/.test(route))
  const success = listed ?? (isOpen ? [200] : [])
  const options = request.method === 'OPTIONS' ? [200, 204] : []
  // To the same page, without the slash too many.
  const exact = mount !== '' && /.\/(?:\/|$)/.test(pathOf(request.target)) ? [303] : []
  return [...errorStatuses, ...expects, ...isCached, ...malformed, ...success, ...options, ...exact]
}

const cookieLine =
  /^(?:DSR?|linkpass-(?:attempt|pending))=[\w.-]*; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/

function* violationsIn(
  request: FuzzedRequest,
  response: RawResponse,
  { pool, origin }: { pool: CredentialPool; origin: string },
): Generator<string> {
  const { status, headers, body } = response
  if (!statusesFor(request).includes(status)) yield `status ${status}`
  const cookies = headerValues(response, 'set-cookie')
  for (const line of cookies) {
    if (!cookieLine.test(line)) yield 'a cookie with other attributes'
    if (line.indexOf(';') > 4096) yield 'a cookie that no browser keeps'
  }
  if (cookies.length > 0 && !headerValues(response, 'cache-control').includes('no-store')) {
    yield 'a cookie that caches may keep'
  }
  for (const location of headerValues(response, 'location')) {
    if (!isSameOrigin(location, origin)) yield 'a redirect to another origin'
  }
  if (headerValues(response, plantedHeader).length > 0) yield 'a header that the sender injected'
  const text = `${headers.map(([name, value]) => (name === 'set-cookie' ? '' : `${name}: ${value}`)).join('\n')}\n${body}`
  if (text.includes(plantedCanary)) yield 'the value of a request header'
  if (isPage(response) && body.includes(plantedMarkup)) yield "the sender's markup"
  if (text.includes(cookieSecret)) yield 'the cookie secret'
  const said = request.bytes.toString('latin1')
  const open = request.target + said.slice(said.indexOf('\r\n\r\n'))
  for (const [run] of text.matchAll(/[\w.~-]{20,}/g)) {
    if (pool.secrets.has(run) && !open.includes(run)) yield 'a token'
  }
}

function isPage(response: RawResponse): boolean {
  return headerValues(response, 'content-type').some((type) => type.includes('html'))
}

/** Whether a redirect leads to this app, and its `returnTo` as well. */
function isSameOrigin(location: string, origin: string): boolean {
  if (!/^\/(?![/\\])/.test(location) || !URL.canParse(location, origin)) return false
  const url = new URL(location, origin)
  const later = url.searchParams.get('returnTo')
  if (url.origin !== origin) return false
  if (!location.includes('/sign-in?') || later === null) return true
  return URL.canParse(later, origin) && new URL(later, origin).origin === origin
}
