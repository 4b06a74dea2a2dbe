import { describe, expect, test } from 'vitest'
import { type CookieOptions, resolveCookiePolicy } from '../../src/response/cookie-policy.ts'
import { parseAppUrl } from '../../src/app-url.ts'

const https = parseAppUrl('https://a.app.example.com')
const http = parseAppUrl('http://localhost:3000')

describe('the cookie policy', () => {
  test('by default is Lax, for this host alone, under the names of the service', () => {
    const policy = resolveCookiePolicy(https)
    expect(policy).toEqual({
      names: {
        session: 'DS',
        refresh: 'DSR',
        attempt: '__Host-linkpass-attempt',
        pending: '__Host-linkpass-pending',
      },
      hostname: 'a.app.example.com',
      domain: undefined,
      sameSite: 'lax',
      secure: true,
    })
    expect(Object.isFrozen(policy)).toBe(true)
    expect(Object.isFrozen(policy.names)).toBe(true)
  })

  test('on loopback http promises nothing that a browser would hold it to', () => {
    expect(resolveCookiePolicy(http)).toMatchObject({
      names: { attempt: 'linkpass-attempt', pending: 'linkpass-pending' },
      secure: false,
    })
  })

  test.each<[CookieOptions, object]>([
    [{ prefix: '__Host-' }, { names: { session: '__Host-DS', refresh: '__Host-DSR' } }],
    [{ names: { session: 'S' } }, { names: { session: 'S', refresh: 'DSR' } }],
    [{ names: { refresh: "!#$%&'*+-.^_`|~9" } }, { names: { refresh: "!#$%&'*+-.^_`|~9" } }],
    [{ names: { session: 'x'.repeat(128) } }, { names: { session: 'x'.repeat(128) } }],
    [{ domain: 'a.app.example.com' }, { domain: 'a.app.example.com' }],
    [{ domain: 'example.com' }, { domain: 'example.com' }],
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
    ['one name for both', https, { names: { session: 'DSR' } }, /^cookies\.names\.session and/],
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
