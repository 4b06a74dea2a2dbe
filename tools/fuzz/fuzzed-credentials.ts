import type { Chance } from './chance.ts'
import type { Header } from './fuzzed-headers.ts'
import { hostileText, plantedCanary, spoiled } from './hostile-text.ts'
import type { MailedLink, Person, Vault, Waiting } from './vault.ts'

/** Who a request says it is. */
export interface Credentials {
  /** The cookies as they were meant, in order. */
  readonly cookies: readonly Header[]
  /** The first Authorization header; the others count for nothing. */
  readonly authorization: string | undefined
}

interface Sources {
  readonly vault: Vault
  readonly person: Person
  readonly link: MailedLink | undefined
  readonly waiting: Waiting
  readonly isPlain: boolean
  /** Whether the request may log its sender out. */
  readonly leaves: boolean
}

/** Cookies and Bearer tokens: good ones, spoiled ones, those of others, and what is none. */
export function fuzzedCredentials(
  chance: Chance,
  sources: Sources,
): Credentials & { headers: readonly Header[] } {
  const { isPlain } = sources
  const cookies = isPlain ? plainCookies(sources) : fuzzedCookies(chance, sources)
  const authorizations = isPlain || !chance.oneIn(4) ? [] : bearers(chance, sources.person)
  const separator = isPlain ? '; ' : chance.pick(['; ', '; ', '; ', ';', ' ;  '])
  const pairs = cookies.map(([name, value]) => `${name}=${value}`)
  const inOne = [['cookie', pairs.join(separator)] as const]
  const isSplit = !isPlain && chance.oneIn(15)
  return {
    cookies,
    authorization: authorizations[0],
    headers: [
      ...(isSplit ? pairs.map((pair) => ['cookie', pair] as const) : pairs.length > 0 ? inOne : []),
      ...authorizations.map((value) => ['authorization', value] as const),
    ],
  }
}

// Whoever opens a link of their own is not signed in yet: otherwise it would ask first.
function plainCookies({ person, link, waiting }: Sources): Header[] {
  if (link !== undefined) return [['linkpass-attempt', link.startCookie]]
  return [
    ['DS', person.sessionJwt],
    ['DSR', person.refreshJwt],
    ['linkpass-pending', waiting.cookie],
  ]
}

function fuzzedCookies(chance: Chance, sources: Sources): Header[] {
  const { vault, link, waiting } = sources
  const cookies: Header[] = [...sessionPair(chance, sources)]
  if (chance.oneIn(3)) {
    const others = vault.links.map(({ startCookie }) => startCookie)
    const own = link?.startCookie ?? others[0] ?? ''
    const start = [own, own, chance.pick([own, ...others]), spoiled(chance, own), waiting.cookie]
    cookies.push(['linkpass-attempt', chance.pick(start)])
  }
  if (chance.oneIn(6)) {
    const own = waiting.cookie
    cookies.push([
      'linkpass-pending',
      chance.pick([own, own, spoiled(chance, own), hostileText(chance)]),
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
    cookies.push([name, chance.pick([hostileText(chance), plantedCanary, ''])])
  }
  if (chance.oneIn(10)) cookies.reverse()
  if (chance.oneIn(200)) cookies.push(['huge', 'a'.repeat(chance.pick([9000, 20_000]))])
  return cookies
}

function sessionPair(chance: Chance, { vault, person, leaves }: Sources): Header[] {
  const { sessionJwt, refreshJwt } = person
  const other = chance.pick(vault.people)
  const lapsed = leaves ? undefined : chance.pick(vault.lapsed)
  const DS = (value: string): Header => ['DS', value]
  const DSR = (value: string): Header => ['DSR', value]
  const pair = [DS(sessionJwt), DSR(refreshJwt)]
  return chance.pick<() => Header[]>([
    ...[() => [], () => [], () => [], () => pair, () => pair, () => pair],
    () => [DS(sessionJwt)],
    () => [DSR(refreshJwt)],
    () => (lapsed ? [DS(lapsed.sessionJwt), DSR(lapsed.refreshJwt)] : pair),
    () => (lapsed ? [DS(lapsed.sessionJwt)] : []),
    () => (lapsed ? [DS(lapsed.sessionJwt), DSR(refreshJwt)] : []),
    () => (leaves ? pair : [DS(sessionJwt), DSR(other.refreshJwt)]),
    () => [DS(spoiled(chance, sessionJwt)), DSR(refreshJwt)],
    () => [DS(spoiled(chance, sessionJwt))],
    () => [DS(spoiled(chance, sessionJwt)), DSR(spoiled(chance, refreshJwt))],
    () => [DSR(spoiled(chance, refreshJwt))],
    () => [DS(sessionJwt), DSR(spoiled(chance, refreshJwt))],
    () => [DS(refreshJwt)],
    () => [DSR(sessionJwt)],
    () => [DS(hostileText(chance)), DSR(hostileText(chance))],
    () => [DS(sessionJwt), DS(hostileText(chance))],
    () => [DS(sessionJwt), DS(sessionJwt), DSR(refreshJwt)],
    () => [DSR(refreshJwt), DSR(spoiled(chance, refreshJwt))],
    () => [DS(`"${sessionJwt}"`)],
    () => (vault.ended.size > 0 ? [DSR(chance.pick([...vault.ended.keys()]))] : []),
    () => (vault.spent.length > 0 ? [DS(chance.pick(vault.spent))] : []),
  ])()
}

function bearers(chance: Chance, { sessionJwt, refreshJwt }: Person): string[] {
  const good = `${chance.pick(['Bearer', 'Bearer', 'bearer', 'BEARER'])} ${sessionJwt}`
  return chance.pick<() => string[]>([
    ...[() => [good], () => [good]],
    () => [`Bearer ${spoiled(chance, sessionJwt)}`],
    () => [`Bearer ${refreshJwt}`],
    () => [`Bearer ${hostileText(chance)}`],
    () => [`Bearer  ${sessionJwt} `],
    () => [`Bearer ${sessionJwt}, Bearer ${sessionJwt}`],
    () => [`Basic ${sessionJwt}`],
    () => [`Bearer${sessionJwt}`],
    () => ['Bearer'],
    () => [hostileText(chance)],
    () => [hostileText(chance), good],
    () => [good, hostileText(chance)],
  ])()
}
