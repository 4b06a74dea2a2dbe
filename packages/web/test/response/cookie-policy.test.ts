import { describe, expect, test } from 'vitest'
import {
  type CookieNameOptions,
  type CookieOptions,
  resolveCookiePolicy,
} from '../../src/response/cookie-policy.ts'
import { type AppOrigin, parseAppUrl } from '../../src/app-url.ts'

const https = parseAppUrl('https://a.app.example.com')
const httpsOn3000 = parseAppUrl('https://localhost:3000')
const http = parseAppUrl('http://localhost:3000')
const sibling = parseAppUrl('http://a.app.localhost:3000')
const lan: AppOrigin = {
  origin: 'http://192.168.1.5:3000',
  hostname: '192.168.1.5',
  path: '',
  secure: false,
  loopback: false,
  trusted: [],
}

describe('the cookie policy', () => {
  test('by default is Lax, and for this host alone', () => {
    const policy = resolveCookiePolicy(https)
    expect(policy).toEqual({
      names: policy.names,
      hostname: 'a.app.example.com',
      domain: undefined,
      sameSite: 'lax',
      secure: true,
    })
    expect(Object.isFrozen(policy)).toBe(true)
    expect(Object.isFrozen(policy.names)).toBe(true)
  })

  // The names of the session, refresh, attempt and pending cookies.
  const staff = { session: 'staff', refresh: 'staff-r' }
  const own = ['__Host-linkpass-attempt', '__Host-linkpass-pending']
  const ownOn3000 = ['linkpass-attempt_3000', 'linkpass-pending_3000']
  test.each<[string, AppOrigin, CookieOptions, readonly string[]]>([
    ['https', https, {}, ['__Host-DS', '__Host-DSR', ...own]],
    [
      'https on another port',
      httpsOn3000,
      {},
      ['__Host-DS_3000', '__Host-DSR_3000', ...own.map((name) => `${name}_3000`)],
    ],
    [
      'https on another port without a prefix',
      httpsOn3000,
      { prefix: false },
      ['DS_3000', 'DSR_3000', ...own.map((name) => `${name}_3000`)],
    ],
    ['https with a prefix', https, { prefix: '__Host-' }, ['__Host-DS', '__Host-DSR', ...own]],
    ['https without a prefix', https, { prefix: false }, ['DS', 'DSR', ...own]],
    ['https with a domain', https, { domain: 'example.com' }, ['DS', 'DSR', ...own]],
    ['http on loopback', http, {}, ['DS_3000', 'DSR_3000', ...ownOn3000]],
    ['http without a prefix', http, { prefix: false }, ['DS_3000', 'DSR_3000', ...ownOn3000]],
    ['http below localhost', sibling, {}, ['DS_3000', 'DSR_3000', ...ownOn3000]],
    ['http with a domain', sibling, { domain: 'app.localhost' }, ['DS', 'DSR', ...ownOn3000]],
    ['http on the LAN', lan, {}, ['DS_3000', 'DSR_3000', ...ownOn3000]],
    [
      'http on the default port',
      parseAppUrl('http://127.0.0.1'),
      {},
      ['DS_80', 'DSR_80', 'linkpass-attempt_80', 'linkpass-pending_80'],
    ],
    [
      'https with names',
      https,
      { names: staff },
      ['staff', 'staff-r', '__Host-linkpass-attempt-staff', '__Host-linkpass-pending-staff'],
    ],
    [
      'https with names and a prefix',
      https,
      { names: { session: 'staff' }, prefix: '__Host-' },
      ['__Host-staff', '__Host-DSR', ...own.map((name) => `${name}-staff`)],
    ],
    [
      'https with names and a domain',
      https,
      { names: { session: 'staff' }, domain: 'example.com' },
      ['staff', 'DSR', ...own.map((name) => `${name}-staff`)],
    ],
    [
      'http with names',
      http,
      { names: staff },
      ['staff', 'staff-r', 'linkpass-attempt-staff_3000', 'linkpass-pending-staff_3000'],
    ],
    [
      'https with all names',
      https,
      { names: { ...staff, attempt: 'asked', pending: 'waits' } },
      ['staff', 'staff-r', '__Host-asked', '__Host-waits'],
    ],
    [
      'http with a name of the attempt',
      http,
      { names: { attempt: 'asked' } },
      ['DS_3000', 'DSR_3000', 'asked', 'linkpass-pending_3000'],
    ],
    [
      'two sign-ins in one app, one with the plain names',
      https,
      { names: { session: 'DS', refresh: 'DSR' } },
      ['DS', 'DSR', '__Host-linkpass-attempt-DS', '__Host-linkpass-pending-DS'],
    ],
  ])('names the cookies: %s', (_what, app, options, expected) => {
    const { session, refresh, attempt, pending } = resolveCookiePolicy(app, options).names
    expect([session, refresh, attempt, pending]).toEqual(expected)
  })

  test.each<[AppOrigin, CookieNameOptions, string]>([
    [http, { session: 'X', refresh: 'X' }, 'session and cookies.names.refresh'],
    [http, { session: 'X', attempt: 'X' }, 'session and cookies.names.attempt'],
    [http, { attempt: 'DSR_3000' }, 'refresh and cookies.names.attempt'],
    [http, { attempt: 'X', pending: 'X' }, 'attempt and cookies.names.pending'],
    [https, { session: '__Host-asked', attempt: 'asked' }, 'session and cookies.names.attempt'],
  ])('needs four names: over %o, %j is refused', (app, names, both) => {
    expect(() => resolveCookiePolicy(app, { names })).toThrow(`cookies.names.${both} must differ.`)
  })

  test.each<[CookieOptions, object]>([
    [{ names: { refresh: "!#$%&'*+-.^_`|~9" } }, { names: { refresh: "!#$%&'*+-.^_`|~9" } }],
    [{ names: { session: 'x'.repeat(128) } }, { names: { session: 'x'.repeat(128) } }],
    [{ domain: 'a.app.example.com' }, { domain: 'a.app.example.com' }],
    [{ domain: 'example.com' }, { domain: 'example.com' }],
    [{ domain: 'Example.COM' }, { domain: 'example.com' }],
    [{ names: { session: '__Host-S' } }, { names: { session: '__Host-S' } }],
    [
      { names: { session: '__Secure-S' }, domain: 'example.com' },
      { names: { session: '__Secure-S' } },
    ],
    [{ sameSite: 'strict' }, { sameSite: 'strict' }],
    [{ sameSite: 'none' }, { sameSite: 'none' }],
  ])('takes %j', (options, expected) => {
    expect(resolveCookiePolicy(https, options)).toMatchObject(expected)
  })

  test('on loopback takes what needs no https', () => {
    expect(resolveCookiePolicy(http, { sameSite: 'strict' }).sameSite).toBe('strict')
  })

  test.each([
    ['a prefix that promises less', https, { prefix: '__Secure-' }, /^cookies\.prefix must be/],
    ['an empty prefix', https, { prefix: '' }, /^cookies\.prefix must be/],
    ['a prefix without https', http, { prefix: '__Host-' }, /^cookies\.prefix .* needs an https/],
    [
      'a prefix for one host with a domain for many',
      https,
      { prefix: '__Host-', domain: 'example.com' },
      /^cookies\.prefix .* drop cookies\.domain/,
    ],
    ['SameSite in capitals', https, { sameSite: 'Lax' }, /^cookies\.sameSite must be/],
    ['SameSite none without https', http, { sameSite: 'none' }, /^cookies\.sameSite "none" needs/],
    ['a name for https', http, { names: { session: '__Host-S' } }, /names\.session .*https/],
    [
      'a name for https alone',
      http,
      { names: { refresh: '__Secure-R' } },
      /names\.refresh .*https/,
    ],
    [
      'its name in small letters',
      http,
      { names: { attempt: '__host-a' } },
      /names\.attempt .*https/,
    ],
    [
      'a name for one host with a domain for many',
      https,
      { names: { session: '__Host-S' }, domain: 'example.com' },
      /names\.session .* drop cookies\.domain/,
    ],
    ['a domain of null', https, { domain: null }, /^cookies\.domain must be/],
    ['a domain that is a number', https, { domain: 7 }, /^cookies\.domain must be/],
    ['a top-level domain', https, { domain: 'com' }, /^cookies\.domain/],
    ['a domain of somebody else', https, { domain: 'evil.example' }, /^cookies\.domain/],
    ['a domain that only ends alike', https, { domain: 'ple.com' }, /^cookies\.domain/],
    ['a domain below the host', https, { domain: 'b.a.app.example.com' }, /^cookies\.domain/],
    ['a domain with a dot in front', https, { domain: '.example.com' }, /^cookies\.domain/],
    ['a domain for localhost', http, { domain: 'localhost' }, /^cookies\.domain/],
    ['a name with a space', https, { names: { session: 'D S' } }, /^cookies\.names\.session/],
    ['an empty name', https, { names: { refresh: '' } }, /^cookies\.names\.refresh/],
    [
      'a name with an equals sign',
      https,
      { names: { refresh: 'a=b' } },
      /^cookies\.names\.refresh/,
    ],
    ['a name with a line break', https, { names: { session: 'a\nb' } }, /^cookies\.names\.session/],
    ['a name too long', https, { names: { session: 'x'.repeat(129) } }, /^cookies\.names\.session/],
    [
      'an option there is none of',
      https,
      { sameSitte: 'lax' },
      /^cookies has no option "sameSitte"/,
    ],
    [
      'a cookie there is none of',
      https,
      { names: { csrf: 'X' } },
      /^cookies\.names has no option "csrf"/,
    ],
    [
      'one name for both',
      https,
      { names: { session: 'X', refresh: 'X' } },
      /^cookies\.names\.session and/,
    ],
  ])('refuses %s by name', (_what, app, options, message) => {
    const resolve = (): unknown => resolveCookiePolicy(app, options as CookieOptions)
    expect(resolve).toThrow(TypeError)
    expect(resolve).toThrow(message)
  })

  test('a label of digits is no part of an IP address', () => {
    const app = parseAppUrl('https://a.1.example.com')
    expect(resolveCookiePolicy(app, { domain: 'example.com' }).domain).toBe('example.com')
  })

  test.each(['http://127.0.0.1:3000', 'https://10.0.0.123', 'http://[::1]:3000'])(
    '%s has no domain to share',
    (url) => {
      const domain = new URL(url).hostname
      expect(() => resolveCookiePolicy(parseAppUrl(url), { domain })).toThrow(/^cookies\.domain/)
    },
  )
})
