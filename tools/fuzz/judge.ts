import { mounts, cookieSecret } from './app.ts'
import type { Earned } from './earned.ts'
import type { FuzzedRequest } from './fuzzed-request.ts'
import { plantedCanary, plantedHeader, plantedMarkup } from './hostile-text.ts'
import { type Exchange, headerValues, type RawAnswer } from './raw-http.ts'
import { subjectOf, type Vault } from './vault.ts'

/** What came of one request. */
export interface Verdict {
  /** What must never be, each in a sentence. */
  readonly complaints: readonly string[]
  /** Whose session the answer gave or honoured, if it did. */
  readonly signedIn: string | undefined
  /** Whose session it gave. */
  readonly given: string | undefined
}

/** What the tables of the documentation have beside success. */
const refusals = [400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 429, 431]

/** Holds an answer against what the request had earned. */
export function judge(
  request: FuzzedRequest,
  earned: Earned,
  exchange: Exchange,
  { vault, origin }: { vault: Vault; origin: string },
): Verdict {
  const { answers, stray } = exchange
  const complaints: string[] = []
  let signedIn: string | undefined
  let set: string | undefined
  if (request.framing === 'whole') {
    if (answers.length !== 1) complaints.push(`${answers.length} answers`)
    if (stray !== '') complaints.push('bytes behind the answer')
  }
  const theirs = [...userIdsOf(earned), ...ownersBehind(request, vault)]
  for (const answer of answers) {
    const given = sessionGivenBy(answer)
    const honoured = honouredBy(request, answer)
    set ??= given
    for (const who of [given, honoured]) {
      if (who === undefined) continue
      signedIn = who
      if (who !== 'somebody' && theirs.includes(who)) continue
      if (who === 'somebody' && theirs.length > 0) continue
      complaints.push(`a session that was not earned, status ${answer.status}`)
    }
    if (given !== undefined && !mayBeGiven(earned, given))
      complaints.push('a cookie that was not earned')
    complaints.push(...complaintsAbout(request, answer, { vault, origin }))
  }
  const mayBeOver = request.cookies.some(([, value]) => vault.leaving.has(value))
  if (request.isPlain && mustHonour(request) && !mayBeOver && signedIn === undefined) {
    complaints.push(`a good request refused with ${answers[0]?.status}`)
  }
  return { complaints, signedIn, given: set }
}

/** On the wild side a byte may have spoiled the name of the Authorization header; then cookies count. */
function ownersBehind({ framing, cookies }: FuzzedRequest, { sessions }: Vault): string[] {
  if (framing !== 'wild') return []
  return cookies.flatMap(([, value]) => sessions.get(value) ?? [])
}

function userIdsOf({ session, refreshed, link, waiting }: Earned): string[] {
  const approved = waiting?.approved === true ? waiting.userId : undefined
  return [session, refreshed, link, approved].filter((id) => id !== undefined)
}

function mayBeGiven(earned: Earned, who: string): boolean {
  return userIdsOf({ ...earned, session: undefined }).includes(who)
}

/** Whose session an answer sets, by its own word. */
function sessionGivenBy(answer: RawAnswer): string | undefined {
  for (const line of headerValues(answer, 'set-cookie')) {
    const [, name, value = ''] = /^(\w+)=([^;]*)/.exec(line) ?? []
    if ((name === 'DS' || name === 'DSR') && value !== '') return subjectOf(value) ?? 'nobody'
  }
  return undefined
}

const guarded = /^\/(?:me|admin|api|session|step-up|email|phone)(?:\/|$)/

/** Whom an answer lets in, if it lets anybody in: an id where it names one, else `somebody`. */
function honouredBy(request: FuzzedRequest, answer: RawAnswer): string | undefined {
  const { route } = placeOf(request.target)
  const { status } = answer
  const named = /^\{"userId":"([^"]+)"/.exec(answer.body)?.[1]
  if (named !== undefined) return named
  if (request.framing !== 'whole' || request.method === 'OPTIONS') return undefined
  const location = headerValues(answer, 'location')[0] ?? ''
  const isPassed =
    status < 300 || status === 304 || (status === 303 && !/\/sign-in\?/.test(location))
  if (!isPassed) return undefined
  if (guarded.test(route) || route === '/refresh') return 'somebody'
  if (route !== '/verify') return undefined
  return request.method === 'POST' || status === 303 ? 'somebody' : undefined
}

function mustHonour({ method, route, link }: FuzzedRequest): boolean {
  if (route === '/verify' && link === undefined) return false
  if (route === '/refresh' || route === '/verify') return method === 'POST' || method === 'GET'
  return ['/me', '/maybe', '/api', '/api/x', '/session'].includes(route)
}

/** Where a target leads, below its mount; mounts and guards are compared without regard to case. */
export function placeOf(target: string): { mount: string; route: string } {
  const path = target.replace(/^http:\/\/[^/]*/, '').replace(/[?#].*$/s, '')
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
const open = ['/', '/maybe', ...pages, '/enchanted-link/verify', '/enchanted-link/status']
const successes: Readonly<Record<string, readonly number[]>> = {
  '/waiting': [200, 303],
  '/verify': [200, 303],
  '/magic-link': [202, 303],
  '/enchanted-link': [202, 303],
  '/enchanted-link/verify': [200],
  '/enchanted-link/complete': [200, 303],
  '/refresh': [200, 303],
  '/step-up': [202, 303],
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
  const wild = request.framing === 'whole' ? [] : [200, 202, 204, 303, 408, 505]
  const listed = mount !== '' || ['/me', '/admin'].includes(route) ? successes[route] : undefined
  const isOpen = open.includes(route) || (mount === '' && /^\/api(?:\/|$)/.test(route))
  const success = listed ?? (isOpen ? [200] : [])
  const options = request.method === 'OPTIONS' ? [200, 204] : []
  return [...refusals, ...expects, ...isCached, ...wild, ...success, ...options]
}

const cookieLine =
  /^(?:DSR?|linkpass-(?:attempt|pending))=[\w.-]*; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/

function* complaintsAbout(
  request: FuzzedRequest,
  answer: RawAnswer,
  { vault, origin }: { vault: Vault; origin: string },
): Generator<string> {
  const { status, headers, body } = answer
  if (!statusesFor(request).includes(status)) yield `status ${status}`
  const cookies = headerValues(answer, 'set-cookie')
  for (const line of cookies) {
    if (!cookieLine.test(line)) yield 'a cookie of another shape'
    if (line.indexOf(';') > 4096) yield 'a cookie that no browser keeps'
  }
  if (cookies.length > 0 && !headerValues(answer, 'cache-control').includes('no-store')) {
    yield 'a cookie that caches may keep'
  }
  for (const location of headerValues(answer, 'location')) {
    if (!staysHere(location, origin)) yield 'a redirect that leads elsewhere'
  }
  if (headerValues(answer, plantedHeader).length > 0) yield 'a header that the sender put there'
  const text = `${headers.map(([name, value]) => (name === 'set-cookie' ? '' : `${name}: ${value}`)).join('\n')}\n${body}`
  if (text.includes(plantedCanary)) yield 'what only a header said'
  if (isPage(answer) && body.includes(plantedMarkup)) yield "the sender's markup"
  if (text.includes(cookieSecret)) yield 'the cookie secret'
  const said = request.bytes.toString('latin1')
  const open = request.target + said.slice(said.indexOf('\r\n\r\n'))
  for (const [run] of text.matchAll(/[\w.~-]{20,}/g)) {
    if (vault.secrets.has(run) && !open.includes(run)) yield 'a token'
  }
}

function isPage(answer: RawAnswer): boolean {
  return headerValues(answer, 'content-type').some((type) => type.includes('html'))
}

/** Whether a redirect is to this app, and so is the one that it carries for later. */
function staysHere(location: string, origin: string): boolean {
  if (!/^\/(?![/\\])/.test(location) || !URL.canParse(location, origin)) return false
  const url = new URL(location, origin)
  const later = url.searchParams.get('returnTo')
  if (url.origin !== origin) return false
  if (!location.includes('/sign-in?') || later === null) return true
  return URL.canParse(later, origin) && new URL(later, origin).origin === origin
}
