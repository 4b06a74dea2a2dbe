import { describe, expect, test } from 'vitest'
import { parseAppUrl } from '../../src/app-url.ts'
import {
  clearedCookies,
  cookiesToClear,
  sealedCookie,
  sessionCookies,
  strayCookies,
} from '../../src/response/cookies.ts'
import { resolveCookiePolicy } from '../../src/response/cookie-policy.ts'

const now = Date.UTC(2026, 0, 15)
const seconds = 1000
const day = 24 * 60 * 60
const https = parseAppUrl('https://a.app.example.com')
const tokens = {
  sessionJwt: 's',
  refreshJwt: 'r',
  sessionExpiresAt: now + 600 * seconds,
  refreshExpiresAt: now + 28 * day * seconds,
}

describe('the cookies of a session', () => {
  test('live as long as their tokens, Secure, Lax, for this host alone', () => {
    expect(sessionCookies(resolveCookiePolicy(https), tokens, now)).toEqual({
      ok: true,
      cookies: [
        { name: '__Host-DS', value: 's', maxAge: 600, sameSite: 'lax', secure: true },
        { name: '__Host-DSR', value: 'r', maxAge: 28 * day, sameSite: 'lax', secure: true },
      ],
    })
  })

  test('are not Secure on loopback http, where a browser would not keep them', () => {
    const policy = resolveCookiePolicy(parseAppUrl('http://localhost:3000'))
    expect(clearedCookies(policy).every(({ secure }) => !secure)).toBe(true)
  })

  test.each([
    ['a token already over', now - 1, 0],
    ['half a second left', now + 500, 0],
    ['a token of two years', now + 730 * day * seconds, 400 * day],
  ])('with %s', (_, sessionExpiresAt, maxAge) => {
    const policy = resolveCookiePolicy(https)
    const decision = sessionCookies(policy, { ...tokens, sessionExpiresAt }, now)
    expect(decision.ok && decision.cookies[0]?.maxAge).toBe(maxAge)
  })

  test('take names, a prefix, a domain and SameSite from the policy', () => {
    const named = resolveCookiePolicy(https, { names: { session: 'S' }, prefix: '__Host-' })
    expect(clearedCookies(named).map(({ name }) => name)).toEqual(['__Host-S', '__Host-DSR'])
    const shared = resolveCookiePolicy(https, { domain: 'example.com', sameSite: 'none' })
    expect(clearedCookies(shared)[0]).toMatchObject({ domain: 'example.com', sameSite: 'none' })
  })

  test('T-42: fit into 4,096 bytes with their name, or fail by name and size', () => {
    const policy = resolveCookiePolicy(https, { prefix: false })
    const fits = { ...tokens, sessionJwt: 'x'.repeat(4094) }
    expect(sessionCookies(policy, fits, now).ok).toBe(true)
    const tooLong = { ...tokens, sessionJwt: 'x'.repeat(4095) }
    expect(sessionCookies(policy, tooLong, now)).toEqual({
      ok: false,
      failure: { kind: 'cookie-too-large', cookie: 'DS', bytes: 4097 },
    })
  })
})

describe('clearing', () => {
  const domainsOf = (cookies: readonly { name: string; domain?: string }[]): unknown =>
    cookies.filter(({ name }) => name === 'DS').map(({ domain }) => domain)

  test('T-44: strays are cleared for the host and each parent domain, but where we set ours', () => {
    expect(domainsOf(strayCookies(resolveCookiePolicy(https, { prefix: false })))).toEqual([
      'a.app.example.com',
      'app.example.com',
      'example.com',
    ])
    const shared = resolveCookiePolicy(https, { domain: 'example.com' })
    expect(domainsOf(strayCookies(shared))).toEqual([
      undefined,
      'a.app.example.com',
      'app.example.com',
    ])
  })

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    '%s has no parent domain',
    (url) => {
      expect(strayCookies(resolveCookiePolicy(parseAppUrl(url)))).toEqual([])
    },
  )

  test('a __Host- cookie has no stray', () => {
    expect(strayCookies(resolveCookiePolicy(https))).toEqual([])
  })

  test('follows the answer to a failure', () => {
    const policy = resolveCookiePolicy(https, { prefix: false })
    expect(cookiesToClear(policy, 'nothing')).toEqual([])
    expect(cookiesToClear(policy, 'session')).toEqual(clearedCookies(policy))
    expect(cookiesToClear(policy, 'session-and-strays')).toHaveLength(8)
    expect(cookiesToClear(policy, 'session').every(({ maxAge }) => maxAge === 0)).toBe(true)
  })
})

test('our own cookies are Lax and for this host, whatever the session’s are', () => {
  const policy = resolveCookiePolicy(https, { domain: 'example.com', sameSite: 'strict' })
  expect(sealedCookie(policy, 'attempt', 'x', 60)).toEqual({
    name: '__Host-linkpass-attempt',
    value: 'x',
    maxAge: 60,
    sameSite: 'lax',
    secure: true,
  })
})

test('a sealed cookie is SameSite None only where the session cookies are', () => {
  const of = (sameSite: 'lax' | 'strict' | 'none'): string =>
    sealedCookie(resolveCookiePolicy(https, { sameSite }), 'pending', 'x', 60).sameSite
  expect([of('lax'), of('strict'), of('none')]).toEqual(['lax', 'lax', 'none'])
})
