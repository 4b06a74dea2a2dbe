import type { IssuedTokens } from '@linkpass/core'
import { type CookiePolicy, parentDomains } from './cookie-policy.ts'
import type { Failure, FailureResponse } from '../failure.ts'

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
export type CookieDecision =
  | { readonly ok: true; readonly cookies: readonly CookieRecord[] }
  | { readonly ok: false; readonly failure: Failure }

/** What browsers keep of a cookie, name and value together (RFC 6265bis section 5.6); then nothing. */
export const maxCookieBytes = 4096

/** Browsers cut longer lifetimes to this (RFC 6265bis section 5.5). */
const maxAgeLimit = 400 * 24 * 60 * 60

/**
 * The two cookies of a session, living as long as their tokens. Pure.
 *
 * A browser drops a cookie past 4,096 bytes without a word, and the person is sent to sign in for
 * ever; so that is a failure here, with the size in it.
 *
 * @param now milliseconds since the epoch
 */
export function sessionCookies(
  policy: CookiePolicy,
  tokens: IssuedTokens,
  now: number,
): CookieDecision {
  const { session, refresh } = policy.names
  const cookies = [
    cookie(policy, session, tokens.sessionJwt, secondsUntil(tokens.sessionExpiresAt, now)),
    cookie(policy, refresh, tokens.refreshJwt, secondsUntil(tokens.refreshExpiresAt, now)),
  ]
  const failure = oversizeFailure(cookies)
  return failure === undefined ? { ok: true, cookies } : { ok: false, failure }
}

/** The failure for the first cookie that a browser would not keep. Pure. */
export function oversizeFailure(cookies: readonly CookieRecord[]): Failure | undefined {
  for (const { name, value } of cookies) {
    // Names and values are ASCII, so characters are bytes.
    const bytes = name.length + value.length
    if (bytes > maxCookieBytes) return { kind: 'cookie-too-large', cookie: name, bytes }
  }
  return undefined
}

/** Clears the session cookies that {@link sessionCookies} set. Pure. */
export function clearedCookies(policy: CookiePolicy): readonly CookieRecord[] {
  const { session, refresh } = policy.names
  return [session, refresh].map((name) => cookie(policy, name, '', 0))
}

/**
 * Clears session cookies that somebody else set under our names: for this host, and for each domain
 * above it, but not where the policy itself sets them. A page of a sibling host can leave such a
 * cookie, and so can an earlier deployment with another `cookies.domain`. Pure.
 */
export function strayCookies(policy: CookiePolicy): readonly CookieRecord[] {
  const { session, refresh } = policy.names
  // A browser takes a __Host- cookie from this host alone, so there is no stray to clear.
  const names = [session, refresh].filter((name) => !name.startsWith('__Host-'))
  const domains = [undefined, ...parentDomains(policy.hostname)]
  const strays = domains.filter((domain) => domain !== policy.domain)
  return strays.flatMap((domain) => names.map((name) => cookie({ ...policy, domain }, name, '', 0)))
}

/** What the answer to a failure clears. Pure. */
export function cookiesToClear(
  policy: CookiePolicy,
  clear: FailureResponse['clear'],
): readonly CookieRecord[] {
  switch (clear) {
    case 'nothing':
      return []
    case 'session':
      return clearedCookies(policy)
    case 'session-and-strays':
      return [...clearedCookies(policy), ...strayCookies(policy)]
  }
}

/**
 * A cookie of our own with sealed content, for this host alone. Lax whatever the session cookies
 * are, because a link in a mail is followed from another site. Pure.
 */
export function sealedCookie(
  policy: CookiePolicy,
  which: 'attempt' | 'pending',
  sealed: string,
  maxAgeSeconds: number,
): CookieRecord {
  const ours = { ...policy, domain: undefined, sameSite: 'lax' } as const
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
