import { describe, expect, it } from 'vitest'
import { looksLikeJwt, parseBearer } from '../src/api/bearer.ts'
import { matchesChallenge } from '../src/api/links/pkce.ts'
import { isApproved } from '../src/api/links/redirect.ts'
import { isAllowedHost, isForeignOrigin } from '../src/server/host-check.ts'
import { findForm, findForms } from '../src/visitors/page-form.ts'
import { BoundedMap } from '../src/world/bounded-map.ts'
import { linkUrl } from '../src/world/links/link-store.ts'
import { maskEmail, maskPhone } from '../src/api/links/masking.ts'
import { randomId, randomNumbers } from '../src/world/random.ts'

describe('a bearer', () => {
  it.each([
    ['Bearer P1', { projectId: 'P1', credential: undefined, trailingKey: undefined }],
    ['bearer P1:a.b.c', { projectId: 'P1', credential: 'a.b.c', trailingKey: undefined }],
    ['Bearer P1:a.b.c:K', { projectId: 'P1', credential: 'a.b.c', trailingKey: 'K' }],
    ['Bearer P1:', { projectId: 'P1', credential: undefined, trailingKey: undefined }],
    ['Bearer :a.b.c', undefined],
    ['Bearer P1:a:b:c', undefined],
    ['Bearer P1:[object Object]', undefined],
    ['Bearer', undefined],
    ['Basic P1', undefined],
    [undefined, undefined],
  ])('%j is parsed', (header, expected) => {
    expect(parseBearer(header)).toEqual(expected)
  })

  it.each([
    ['a.b.c', true],
    ['a.b', false],
    ['K2abc', false],
  ])('part %s looks like a JWT: %s', (part, expected) => {
    expect(looksLikeJwt(part)).toBe(expected)
  })
})

describe('an address', () => {
  it.each([
    ['ada@example.com', 'ad***@***le.com'],
    ['a@b.io', 'a***@***b.io'],
    ['ada@mail.example.co.uk', 'ad***@***co.uk'],
    ['ada@localhost', 'ad***@***st'],
  ])('is masked: %s as %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked)
  })

  it('is masked: a phone number', () => {
    expect(maskPhone('+14155550890')).toBe('+1***890')
  })
})

describe('a link', () => {
  it.each([
    ['http://a.test/', 'http://a.test/?t=T'],
    ['http://a.test/v?x=1&t=old#f', 'http://a.test/v?x=1&t=T#f'],
    ['myapp://verify', 'myapp://verify?t=T'],
  ])('from %s is %s', (redirect, expected) => {
    expect(linkUrl(redirect, 'T')).toBe(expected)
  })
})

describe('approved domains', () => {
  it.each([
    ['example.com', ['example.com'], true],
    ['a.example.com', ['example.com'], false],
    ['a.example.com', ['*.example.com'], true],
    ['example.com', ['*.example.com'], false],
    ['evilexample.com', ['*.example.com'], false],
    ['example.com.evil.test', ['example.com', '*.example.com'], false],
  ])('%s in %j: %s', (host, domains, expected) => {
    expect(isApproved(host, domains)).toBe(expected)
  })
})

describe('a Host', () => {
  it.each([
    ['localhost', true],
    ['localhost:4500', true],
    ['app.localhost:4500', true],
    ['127.0.0.1:4500', true],
    ['[::1]:4500', true],
    ['192.168.1.7', true],
    ['emulator:4500', true],
    ['EMULATOR', true],
    ['evil.test', false],
    ['localhost.evil.test', false],
    ['evil.test:4500', false],
    ['a@localhost', false],
    ['localhost/evil', false],
    ['', false],
    [undefined, false],
  ])('%j is allowed: %s', (host, expected) => {
    expect(isAllowedHost(host, ['emulator'])).toBe(expected)
  })

  it.each([
    [undefined, undefined, false],
    ['http://127.0.0.1:1', 'same-origin', false],
    [undefined, 'none', false],
    ['http://127.0.0.1:2', undefined, true],
    ['null', undefined, true],
    [undefined, 'same-site', true],
    [undefined, 'cross-site', true],
  ])('with origin %j and site %j is foreign: %s', (origin, site, expected) => {
    expect(isForeignOrigin('http://127.0.0.1:1/', origin, site)).toBe(expected)
  })
})

describe('PKCE', () => {
  // RFC 7636 appendix B.
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  it.each([
    ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', verifier, true],
    ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM=', verifier, true],
    ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', `${verifier}x`, false],
    [verifier, verifier, false],
    ['', '', false],
  ])('challenge %s', (challenge, given, expected) => {
    expect(matchesChallenge(challenge, given)).toBe(expected)
  })
})

describe('the form of a page', () => {
  const at = 'http://app.test/auth/verify/abc?t=1'
  it('is the first form that posts, with its hidden fields and decoded entities', () => {
    const html = `<form method="get"><input name="q"></form>
      <FORM method='post' action="/auth/verify?a=1&amp;b=2">
        <input type="hidden" name="t" value="a&quot;b&#x27;c&#38;d">
        <input type=hidden name=plain value=x><input type="checkbox"><button>Go</button>
      </FORM>`
    const form = findForm(html, at)
    expect(form?.action).toBe('http://app.test/auth/verify?a=1&b=2')
    expect(Object.fromEntries(form?.fields ?? [])).toEqual({ t: `a"b'c&d`, plain: 'x' })
  })

  it('posts to the page itself without an action, and is undefined without a form', () => {
    expect(findForm('<form method=post></form>', at)?.action).toBe(at)
    const buttons =
      '<button name="d" value="yes">Yes</button><button name="d" value="no">No</button>'
    const two = findForm(`<form method=post>${buttons}</form>`, at)
    expect([...(two?.fields ?? [])]).toEqual([['d', 'yes']])
    expect(findForm('<p>Signed in</p>', at)).toBeUndefined()
  })

  it('has an entry for each button, and the field for an address', () => {
    const inside =
      '<input type="tel" name="phone"><input type="email" name="mail"><button name="m" value="a">A</button><button formaction="/b" name="m" value="b">B</button>'
    const forms = findForms(`<form method="post" action="/a">${inside}</form>`, at)
    expect(forms.map(({ action, fields }) => [new URL(action).pathname, fields.get('m')])).toEqual([
      ['/a', 'a'],
      ['/b', 'b'],
    ])
    expect(forms[0]).toMatchObject({ addressField: 'mail', takesPhone: false })
    const [phone] = findForms('<form method="post"><input type="tel" name="n"></form>', at)
    expect(phone).toMatchObject({ addressField: 'n', takesPhone: true })
  })

  it('ignores invalid entities and an invalid action', () => {
    const odd = '<input name="&#x110000;&#99999999;&constructor;" value="1">'
    const form = findForm(`<form method=post>${odd}</form>`, at)
    expect([...(form?.fields ?? [])]).toEqual([['&#x110000;&#99999999;&constructor;', '1']])
    expect(findForm('<form method=post action="http://["></form>', at)).toBeUndefined()
  })
})

describe('randomness', () => {
  it('creates ids of the length of the service, all different', () => {
    const ids = Array.from({ length: 1000 }, () => randomId('U2'))
    expect(ids.every((id) => /^U2[0-9A-Za-z]{27}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(1000)
  })

  it('selects the right number from every position in the email', () => {
    const places = new Set<number>()
    for (let i = 0; i < 200; i++) {
      const { numbers, right } = randomNumbers()
      expect(new Set(numbers).size).toBe(3)
      places.add(numbers.indexOf(right))
    }
    expect(places).toEqual(new Set([0, 1, 2]))
  })

  it('takes the numbers of an email from 00 to 99', () => {
    const all = new Set(Array.from({ length: 3000 }, () => randomNumbers().numbers).flat())
    expect([...all].toSorted()).toEqual(
      Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')),
    )
  })
})

describe('a bounded map', () => {
  it('drops the oldest entry; setting an entry again makes it the newest', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4)
    expect([...map]).toEqual([
      ['a', 3],
      ['c', 4],
    ])
  })
})
