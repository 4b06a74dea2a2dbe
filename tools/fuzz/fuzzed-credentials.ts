import type { Chance } from './chance.ts'
import type { Header } from './fuzzed-headers.ts'
import { attackText, plantedCanary, corrupted } from './attack-text.ts'
import type { SentLink, User, CredentialPool, PendingAttempt } from './credential-pool.ts'

/** The credentials of a request. */
export interface Credentials {
  /** The intended cookies, in order. */
  readonly cookies: readonly Header[]
  /** The first Authorization header; others are ignored. */
  readonly authorization: string | undefined
}

interface Sources {
  readonly pool: CredentialPool
  readonly user: User
  readonly link: SentLink | undefined
  readonly waiting: PendingAttempt
  readonly isValid: boolean
  /** Whether the request may log its sender out. */
  readonly logsOut: boolean
}

/** Cookies and Bearer tokens: valid, changed, of other users, or arbitrary text. */
export function fuzzedCredentials(
  chance: Chance,
  sources: Sources,
): Credentials & { headers: readonly Header[] } {
  const { isValid } = sources
  const cookies = isValid ? validCookies(sources) : fuzzedCookies(chance, sources)
  const authorizations = isValid || !chance.oneIn(4) ? [] : bearers(chance, sources.user)
  const separator = isValid ? '; ' : chance.pick(['; ', '; ', '; ', ';', ' ;  '])
  const pairs = cookies.map(([name, value]) => `${name}=${value}`)
  const inOne = [['cookie', pairs.join(separator)] as const]
  const isSplit = !isValid && chance.oneIn(15)
  return {
    cookies,
    authorization: authorizations[0],
    headers: [
      ...(isSplit ? pairs.map((pair) => ['cookie', pair] as const) : pairs.length > 0 ? inOne : []),
      ...authorizations.map((value) => ['authorization', value] as const),
    ],
  }
}

// A user who opens their own link is not signed in yet: otherwise the page would ask first.
function validCookies({ user, link, waiting }: Sources): Header[] {
  if (link !== undefined) return [['linkpass-attempt', link.attemptCookie]]
  return [
    ['DS', user.sessionJwt],
    ['DSR', user.refreshJwt],
    ['linkpass-pending', waiting.cookie],
  ]
}

function fuzzedCookies(chance: Chance, sources: Sources): Header[] {
  const { pool, link, waiting } = sources
  const cookies: Header[] = [...sessionPair(chance, sources)]
  if (chance.oneIn(3)) {
    const others = pool.links.map(({ attemptCookie }) => attemptCookie)
    const own = link?.attemptCookie ?? others[0] ?? ''
    const start = [own, own, chance.pick([own, ...others]), corrupted(chance, own), waiting.cookie]
    cookies.push(['linkpass-attempt', chance.pick(start)])
  }
  if (chance.oneIn(6)) {
    const own = waiting.cookie
    cookies.push([
      'linkpass-pending',
      chance.pick([own, own, corrupted(chance, own), attackText(chance)]),
    ])
  }
  if (chance.oneIn(6)) {
    const name = chance.pick([
      'DS',
      'DSR',
      'ds',
      '__proto__',
      'constructor',
      '',
      'a',
      'linkpass-attempt',
      '__Host-DS',
    ])
    cookies.push([name, chance.pick([attackText(chance), plantedCanary, ''])])
  }
  if (chance.oneIn(10)) cookies.reverse()
  if (chance.oneIn(200)) cookies.push(['huge', 'a'.repeat(chance.pick([9000, 20_000]))])
  return cookies
}

function sessionPair(chance: Chance, { pool, user, logsOut }: Sources): Header[] {
  const { sessionJwt, refreshJwt } = user
  const other = chance.pick(pool.users)
  const expiredUser = logsOut ? undefined : chance.pick(pool.expiredUsers)
  const DS = (value: string): Header => ['DS', value]
  const DSR = (value: string): Header => ['DSR', value]
  const pair = [DS(sessionJwt), DSR(refreshJwt)]
  return chance.pick<() => Header[]>([
    ...[() => [], () => [], () => [], () => pair, () => pair, () => pair],
    () => [DS(sessionJwt)],
    () => [DSR(refreshJwt)],
    () => (expiredUser ? [DS(expiredUser.sessionJwt), DSR(expiredUser.refreshJwt)] : pair),
    () => (expiredUser ? [DS(expiredUser.sessionJwt)] : []),
    () => (expiredUser ? [DS(expiredUser.sessionJwt), DSR(refreshJwt)] : []),
    () => (logsOut ? pair : [DS(sessionJwt), DSR(other.refreshJwt)]),
    () => [DS(corrupted(chance, sessionJwt)), DSR(refreshJwt)],
    () => [DS(corrupted(chance, sessionJwt))],
    () => [DS(corrupted(chance, sessionJwt)), DSR(corrupted(chance, refreshJwt))],
    () => [DSR(corrupted(chance, refreshJwt))],
    () => [DS(sessionJwt), DSR(corrupted(chance, refreshJwt))],
    () => [DS(refreshJwt)],
    () => [DSR(sessionJwt)],
    () => [DS(attackText(chance)), DSR(attackText(chance))],
    () => [DS(sessionJwt), DS(attackText(chance))],
    () => [DS(sessionJwt), DS(sessionJwt), DSR(refreshJwt)],
    () => [DSR(refreshJwt), DSR(corrupted(chance, refreshJwt))],
    () => [DS(`"${sessionJwt}"`)],
    () => (pool.ended.size > 0 ? [DSR(chance.pick([...pool.ended.keys()]))] : []),
    () => (pool.used.length > 0 ? [DS(chance.pick(pool.used))] : []),
  ])()
}

function bearers(chance: Chance, { sessionJwt, refreshJwt }: User): string[] {
  const good = `${chance.pick(['Bearer', 'Bearer', 'bearer', 'BEARER'])} ${sessionJwt}`
  return chance.pick<() => string[]>([
    ...[() => [good], () => [good]],
    () => [`Bearer ${corrupted(chance, sessionJwt)}`],
    () => [`Bearer ${refreshJwt}`],
    () => [`Bearer ${attackText(chance)}`],
    () => [`Bearer  ${sessionJwt} `],
    () => [`Bearer ${sessionJwt}, Bearer ${sessionJwt}`],
    () => [`Basic ${sessionJwt}`],
    () => [`Bearer${sessionJwt}`],
    () => ['Bearer'],
    () => [attackText(chance)],
    () => [attackText(chance), good],
    () => [good, attackText(chance)],
  ])()
}
