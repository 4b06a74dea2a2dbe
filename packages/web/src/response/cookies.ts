import type { IssuedTokens } from '@linkpass/core'
import { stringifySetCookie } from 'cookie'
import { reportCookies } from '../report.ts'
import { parentDomains } from '../app-url.ts'
import type { CookiePolicy } from './cookie-policy.ts'
import type { Decision, FailureResponse } from '../failure.ts'

/** One cookie to set, as data. Always `HttpOnly` with `Path=/`; `maxAge` 0 clears it. */
export interface CookieRecord {
  readonly name: string
  readonly value: string
  /** Seconds. */
  readonly maxAge: number
  readonly domain?: string
  readonly sameSite: 'lax' | 'strict' | 'none'
  readonly secure: boolean
}

/** Cookies to set, or why a browser would not keep them. */
export type CookieDecision = Decision<{ readonly cookies: readonly CookieRecord[] }>

/** The longest cookie that browsers keep, name and value together (RFC 6265bis section 5.6). */
export const maxCookieBytes = 4096

/** Browsers cut longer lifetimes to this (RFC 6265bis section 5.5). */
const maxAgeLimit = 400 * 24 * 60 * 60

/**
 * The two cookies of a session, which live as long as their tokens. Browsers silently drop one that is too large,
 * after which the user would be sent to sign in again and again; so that is a failure here, and is reported.
 *
 * @param now milliseconds since the epoch
 */
export function sessionCookies(
  policy: CookiePolicy,
  tokens: IssuedTokens,
  now: number,
): CookieDecision {
  const { session, refresh } = policy.names
  return keptByBrowsers([
    cookie(policy, session, tokens.sessionJwt, secondsUntil(tokens.sessionExpiresAt, now)),
    cookie(policy, refresh, tokens.refreshJwt, secondsUntil(tokens.refreshExpiresAt, now)),
  ])
}

/** These cookies; or the failure of the first that is too large for a browser, which is reported. */
export function keptByBrowsers(cookies: readonly CookieRecord[]): CookieDecision {
  for (const { name, value } of cookies) {
    // Names and values are ASCII, so characters are bytes.
    const bytes = name.length + value.length
    if (bytes <= maxCookieBytes) continue
    reportCookies(name, bytes)
    return { ok: false, failure: { kind: 'cookie-too-large', cookie: name, bytes } }
  }
  return { ok: true, cookies }
}

export function clearedCookies(policy: CookiePolicy): readonly CookieRecord[] {
  const { session, refresh } = policy.names
  return [session, refresh].map((name) => cookie(policy, name, '', 0))
}

/**
 * Clears session cookies under our names that a page of a sibling host has set, or an earlier deployment with
 * another `cookies.domain`: for this host and each domain above it, but not where the policy sets them.
 */
export function strayCookies(policy: CookiePolicy): readonly CookieRecord[] {
  const { session, refresh } = policy.names
  // A browser accepts a __Host- cookie from this host alone, so there is none to clear.
  const names = [session, refresh].filter((name) => !name.startsWith('__Host-'))
  const domains = [undefined, ...parentDomains(policy.hostname)]
  const strays = domains.filter((domain) => domain !== policy.domain)
  return strays.flatMap((domain) => names.map((name) => cookie({ ...policy, domain }, name, '', 0)))
}

export function cookiesToClear(
  policy: CookiePolicy,
  clear: FailureResponse['clear'],
): readonly CookieRecord[] {
  if (clear === 'nothing') return []
  const strays = clear === 'session-and-strays' ? strayCookies(policy) : []
  return [...clearedCookies(policy), ...strays]
}

/**
 * A cookie with sealed content, for this host alone. Its `SameSite` is never Strict, because a link in
 * a mail is followed from another site.
 */
export function sealedCookie(
  policy: CookiePolicy,
  which: 'attempt' | 'pending',
  sealed: string,
  maxAgeSeconds: number,
): CookieRecord {
  const sameSite = policy.sameSite === 'none' ? 'none' : 'lax'
  const ours = { ...policy, domain: undefined, sameSite } as const
  return cookie(ours, policy.names[which], sealed, maxAgeSeconds)
}

function cookie(
  { domain, sameSite, secure }: Pick<CookiePolicy, 'domain' | 'sameSite' | 'secure'>,
  name: string,
  value: string,
  maxAge: number,
): CookieRecord {
  return { name, value, maxAge, sameSite, secure, ...(domain === undefined ? {} : { domain }) }
}

function secondsUntil(end: number, now: number): number {
  return Math.min(Math.max(Math.floor((end - now) / 1000), 0), maxAgeLimit)
}

/** The value of a `Set-Cookie` header (RFC 6265 section 4.1). */
export function setCookieLine({ name, value, ...attributes }: CookieRecord): string {
  return stringifySetCookie({ name, value, path: '/', httpOnly: true, ...attributes }, asIs)
}

/**
 * The `Set-Cookie` lines of a response, in which a later one takes the place of one for the same cookie: a
 * response has no two (RFC 6265 section 4.1.1), since not every proxy keeps their order.
 */
export function setCookieLines(
  earlier: readonly string[],
  later: readonly string[],
): readonly string[] {
  const lines = [...earlier, ...later].toReversed()
  const isLast = (line: string, index: number): boolean =>
    lines.findIndex((other) => cookieOf(other) === cookieOf(line)) === index
  return lines.filter(isLast).toReversed()
}

function cookieOf(line: string): string {
  const [pair = '', ...attributes] = line.split(';')
  const [name] = pair.split('=', 1)
  const scope = attributes.filter((attribute) => /^ *(?:domain|path)=/i.test(attribute))
  return `${name};${scope.toSorted().join(';').toLowerCase()}`
}

// Tokens and sealed values are made of characters that need no encoding, and are read as they are.
const asIs = { encode: (value: string): string => value }
