import { describe, expect, it } from 'vitest'
import type { CheckResult } from '../../src/check/check.ts'
import { cachingProblem } from '../../src/check/checks/caching.ts'
import { flagProblems } from '../../src/check/checks/cookie-flags.ts'
import { leadsAway } from '../../src/check/checks/open-redirect.ts'
import { submitsItself } from '../../src/check/checks/scanner-safety.ts'
import { CookieJar, parseSetCookie } from '../../src/check/cookie-jar.ts'
import { exitCodeOf, junitXml, resultText, summaryText } from '../../src/check/report.ts'
import { Secrets } from '../../src/check/secrets.ts'

describe('the cookies of a browser', () => {
  it.each([
    ['a=1; Max-Age=0', true],
    ['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', true],
    ['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', false],
    ['a=1', false],
  ])('%j deletes: %s', (line, deleted) => {
    expect(parseSetCookie(line)?.deleted).toBe(deleted)
  })

  it('go to their path alone, and from another site only with SameSite=None', () => {
    const jar = new CookieJar()
    for (const line of ['a=1; SameSite=None', 'b=2; Path=/auth', 'c=3; SameSite=Lax'])
      jar.keep(line)
    expect(jar.header('/auth/refresh')).toBe('a=1; b=2; c=3')
    expect(jar.header('/authors')).toBe('a=1; c=3')
    expect(jar.header('/auth', true)).toBe('a=1')
    jar.keep('a=; Max-Age=0')
    expect(jar.header('/')).toBe('c=3')
  })
})

describe('the flags of a session cookie', () => {
  it.each([
    ['DS=x; HttpOnly; Secure; SameSite=Lax; Path=/', []],
    ['DS=x; Secure; SameSite=Strict', ['DS is not HttpOnly']],
    ['DS=x; HttpOnly; SameSite=Lax', ['DS is not Secure']],
    ['DS=x; HttpOnly; Secure', ['DS has no SameSite']],
    ['DS=x; HttpOnly; Secure; SameSite=None', ['DS has SameSite=None']],
    [
      '__Host-DS=x; HttpOnly; Secure; SameSite=Lax; Path=/; Domain=app.a.test',
      ['lacks what its prefix'],
    ],
    ['__Host-DS=x; HttpOnly; Secure; SameSite=Lax; Path=/auth', ['lacks what its prefix']],
    ['DS=x; HttpOnly; Secure; SameSite=Lax; Domain=app.a.test', []],
    ['DS=x; HttpOnly; Secure; SameSite=Lax; Domain=.A.test', ['every host below a.test']],
    [
      'DS=x; HttpOnly; Secure; SameSite=Lax; Domain=b.test',
      ['not of app.a.test, so browsers drop'],
    ],
  ])('of %j on https: %j', (line, expected) => {
    const found = problemsOf(line, 'https://app.a.test')
    expect(found).toEqual(expected.map((text) => expect.stringContaining(text)))
  })

  it('need no Secure on plain http, unless SameSite=None does', () => {
    const dropped = 'DS has SameSite=None without Secure, so browsers drop it.'
    expect(problemsOf('DS=x; HttpOnly; SameSite=Lax', 'http://localhost')).toEqual([])
    expect(problemsOf('DS=x; HttpOnly; SameSite=None', 'http://localhost')).toEqual([dropped])
  })
})

function problemsOf(line: string, origin: string): readonly string[] {
  const cookie = parseSetCookie(line)
  return cookie ? flagProblems(cookie, origin).map(({ problem }) => problem) : ['no cookie']
}

describe('the Cache-Control of a guarded page', () => {
  it.each([
    ['private, no-store', undefined],
    ['no-store', undefined],
    ['private, no-cache', undefined],
    ['no-cache', undefined],
    ['private, max-age=60', undefined],
    ['max-age=0, must-revalidate', undefined],
    ['max-age=0', /shared caches/],
    ['', /no Cache-Control/],
    ['public, max-age=60', /every cache/],
    ['private, s-maxage=60', /every cache/],
    ['max-age=60', /shared caches/],
    ['x-no-store', /shared caches/],
  ])('%j', (header, expected) => {
    const found = cachingProblem(header)
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(expected)
  })
})

describe('the page of a link', () => {
  it.each([
    ['<form method="post"><button>Sign in</button></form>', false],
    ['<script src="/app.js"></script><form id="f"></form>', false],
    ['<form id="f"></form><script>document.forms[0].submit()</script>', true],
    ['<body onload="document.forms[0].requestSubmit()"><form></form>', true],
    ['<meta http-equiv="refresh" content="0;url=/verify/now">', true],
  ])('%j submits itself: %s', (html, expected) => {
    expect(submitsItself(html)).toBe(expected)
  })
})

describe('a page that was given the URL of another site', () => {
  it.each([
    ['<meta http-equiv="refresh" content="0;url=https://attacker.example/">', true],
    ['<script>location.href = "//attacker.example/"</script>', true],
    ['<script>window.location.replace("https://attacker.example/")</script>', true],
    ['<a class="next" href="https://attacker.example/">Continue</a>', true],
    ['<form method="post" action="//attacker.example/"></form>', true],
    ['<input type="hidden" name="returnTo" value="https://attacker.example/">', false],
    ['<a href="/login?returnTo=https://attacker.example/">Sign in</a>', false],
    ['<script>const from = location.search</script> attacker.example', false],
  ])('%j leads there: %s', (html, expected) => {
    expect(leadsAway(html)).toBe(expected)
  })
})

describe('the secrets of a run', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJkcm4iOiJEUyJ9.c2lnbmF0dXJl-of-a-token'
  const secrets = new Secrets()
  secrets.add(jwt, 'session token')
  secrets.add('one time/token', 'one-time token')
  secrets.addHarmless('0123456789abcdef', 'state')

  it('are replaced in text, also encoded, and of a JWT its signature', () => {
    expect(secrets.redact(`a ${jwt} b`)).toBe('a [session token] b')
    expect(secrets.redact('sig c2lnbmF0dXJl-of-a-token')).toBe('sig [session token]')
    expect(secrets.redact('/v/0123456789abcdef?t=one%20time%2Ftoken')).toBe(
      '/v/[state]?t=[one-time token]',
    )
  })

  it('are found in output, without colours and without what is harmless', () => {
    const output = `listening\n\u001B[32mDS=${jwt}\u001B[0m\nGET /v/0123456789abcdef`
    expect(secrets.findIn(output)).toEqual([{ kind: 'session token', line: 'DS=[session token]' }])
  })
})

describe('the report', () => {
  const known = { title: 'It holds', problems: [], notes: [] }
  const problem = {
    problem: 'It <fell>\u0007.',
    request: 'GET /me',
    response: '500',
    fix: 'Fix it.',
  }
  const results: CheckResult[] = [
    { ...known, name: 'one', status: 'held' },
    { ...known, name: 'two', status: 'failed', problems: [problem] },
    { ...known, name: 'three', status: 'not-applicable', reason: 'no page' },
    { ...known, name: 'four', status: 'error', reason: 'late' },
  ]

  it.each([
    [['held', 'not-applicable'], 0],
    [['held', 'failed', 'error'], 1],
    [['held', 'error'], 2],
  ])('%j exits with %i', (statuses, code) => {
    expect(exitCodeOf(results.filter(({ status }) => statuses.includes(status)))).toBe(code)
  })

  it('has the request, the response and the fix of a failure', () => {
    expect(results.map((result) => resultText(result)).join('\n')).toBe(
      [
        'held    one              It holds',
        'FAILED  two              It holds',
        '        It <fell>\u0007.',
        '        request:  GET /me',
        '        response: 500',
        '        fix:      Fix it.',
        'n/a     three            It holds',
        '        no page',
        'ERROR   four             It holds',
        '        late',
      ].join('\n'),
    )
    expect(summaryText(results)).toBe('1 held, 1 failed, 1 not applicable, 1 could not run')
  })

  it('is valid JUnit XML: escaped, without control characters, counted', () => {
    const text = junitXml(results)
    expect(text).toContain('tests="4" failures="1" errors="1" skipped="1"')
    expect(text).toContain('<failure message="It &#60;fell&#62;.">')
    expect(text).toContain('<skipped message="no page"/>')
    expect(text).toContain('<error message="late"/>')
  })
})
