import { createDescopeClient, type Session } from '@linkpass/core'
import { projectId } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import {
  afterLogout,
  newBrowserRecord,
  parseBrowserRecord,
  type Attempt,
  withAttempt,
  withSession,
  withUsedLink,
} from '../../src/attempt/browser-record.ts'
import { createContext } from '../../src/context.ts'
import { browserNameOf } from '../../src/request/browser-name.ts'
import {
  type PendingSignIn,
  pendingCookie,
  pendingLeftMs,
  pendingLifetimeMs,
  pendingOf,
  randomLinkId,
} from '../../src/enchanted-link/pending-sign-in.ts'
import { maskLoginId, parseLoginId } from '../../src/request/login-id.ts'
import { parseAppUrl } from '../../src/app-url.ts'
import { reader } from '../reader.ts'

const now = Date.UTC(2026, 0, 15)
const hour = 60 * 60 * 1000
const empty = newBrowserRecord('b'.repeat(22))

function startOf(letter: string, rest: Partial<Attempt> = {}): Attempt {
  const usual = { method: 'email', loginId: 'a@b.example', returnTo: '/', createdAt: now } as const
  return { ...usual, state: letter.repeat(22), ...rest }
}

describe('what a browser remembers', () => {
  test('is its last four attempts, oldest first', () => {
    const record = ['c', 'd', 'e', 'f', 'g'].reduce(
      (known, letter) => withAttempt(known, startOf(letter)),
      empty,
    )
    expect(record.attempts.map(({ state }) => state[0])).toEqual(['d', 'e', 'f', 'g'])
  })

  test('is forgotten after an hour', () => {
    const record = withAttempt(empty, startOf('c'))
    expect(parseBrowserRecord(record, now + hour - 1)).toEqual(record)
    expect(parseBrowserRecord(record, now + hour)).toEqual(empty)
  })

  test('P1: is when its session was stepped up, until a logout', () => {
    const session = (su: boolean): Session => ({
      userId: 'U1',
      roles: [],
      permissions: [],
      tenants: {},
      amr: [],
      expiresAt: 0,
      jwt: '',
      claims: { drn: 'DS', sub: 'U1', iss: '', iat: 7, exp: 8, su },
    })
    const record = withSession(empty, session(true), 9000)
    expect(record.steppedUp).toEqual({ userId: 'U1', at: 9 })
    expect(withSession(empty, session(false), 9000)).toBe(empty)
    expect(parseBrowserRecord(structuredClone(record), now)).toEqual(record)
    const odd = { ...empty, steppedUp: { userId: 'U1' } }
    expect(parseBrowserRecord(odd, now)).toEqual(empty)
    expect(afterLogout(record, empty.browser).steppedUp).toBe(undefined)
  })

  test('T-43: never outgrows its cookie, whatever the ways back are', () => {
    const long = { returnTo: `/${'x'.repeat(2000)}`, loginId: `${'ü'.repeat(300)}@b.example` }
    let record = empty
    for (const letter of ['c', 'd', 'e', 'f']) {
      record = withUsedLink(withAttempt(record, startOf(letter, long)), {
        link: 'l'.repeat(43),
        userId: 'u'.repeat(200),
      })
      expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(2300)
      expect(record.attempts.at(-1)?.state[0]).toBe(letter)
    }
  })

  test('holds what a new person said of themselves for its newest attempt alone', () => {
    const profile = { name: 'Ada Lovelace', givenName: 'Ada' }
    const first = withAttempt(empty, startOf('c', { profile }))
    expect(first.attempts).toEqual([startOf('c', { profile })])
    expect(withAttempt(first, startOf('d', { profile })).attempts).toEqual([
      startOf('c'),
      startOf('d', { profile }),
    ])
  })

  test.each([
    ['a profile that no cookie holds', { returnTo: '/me' }, { returnTo: '/me' }],
    ['the way back too, if need be', { returnTo: `/${'x'.repeat(2300)}` }, { returnTo: '/' }],
  ])('T-43: goes without %s', (_, long, kept) => {
    const profile = { name: '名'.repeat(200), familyName: '姓'.repeat(600) }
    const earlier = withAttempt(empty, startOf('c'))
    const record = withAttempt(earlier, startOf('d', { profile, ...long }))
    expect(record.attempts).toEqual([startOf('d', kept)])
  })

  test('changes its name at a logout, and keeps its links without the address of who was signed in', () => {
    const other = startOf('e', { loginId: 'eve@example.test' })
    const all = [startOf('c'), startOf('d'), other].reduce(withAttempt, empty)
    const { state } = startOf('c')
    const record = withUsedLink(all, { link: 'L', userId: 'U', state })
    expect(afterLogout(record, 'z'.repeat(22))).toEqual({
      browser: 'z'.repeat(22),
      attempts: [startOf('c', { loginId: '' }), startOf('d', { loginId: '' }), other],
      used: [],
    })
  })

  test.each([
    undefined,
    null,
    1,
    'x',
    [],
    {},
    { browser: 'b'.repeat(22) },
    { ...empty, browser: 'short' },
    { ...empty, attempts: {} },
    { ...empty, attempts: [1] },
    { ...empty, attempts: [{ ...startOf('c'), state: 'short' }] },
    { ...empty, attempts: [{ ...startOf('c'), returnTo: 7 }] },
    // What the pages have no words for would be an error for as long as the cookie lasts.
    { ...empty, attempts: [{ ...startOf('c'), method: 'fax' }] },
    { ...empty, attempts: [{ ...startOf('c'), purpose: 'merge' }] },
    { ...empty, attempts: [{ ...startOf('c'), userId: 7 }] },
    { ...empty, attempts: [{ ...startOf('c'), createdAt: '1' }] },
    { ...empty, attempts: [{ ...startOf('c'), profile: 'Ada' }] },
    { ...empty, attempts: [{ ...startOf('c'), profile: { name: 7 } }] },
    { ...empty, used: {} },
    { ...empty, used: [null] },
    { ...empty, used: [{ link: 'L', userId: 7 }] },
    { ...empty, used: [{ link: 7, userId: 'U' }] },
  ])('is not taken from %j', (data) => {
    expect(parseBrowserRecord(data, now)).toBeUndefined()
  })

  test('comes back from its seal as it was', () => {
    const record = withUsedLink(withAttempt(empty, startOf('c')), { link: 'L', userId: 'U' })
    expect(parseBrowserRecord(JSON.parse(JSON.stringify(record)), now)).toEqual(record)
  })
})

describe('what a browser waits for', () => {
  const pending = {
    state: 'a'.repeat(22),
    linkId: '42',
    pendingRef: 'p',
    loginId: 'a@b.example',
    returnTo: '/',
    createdAt: now,
    lifetimeMs: 600_000,
  }

  test.each([
    [undefined, 10],
    [3, 3],
    [60, 60],
    [90, 60],
    [1440, 60],
  ])('whose links live %j minutes is waited for %i minutes', (links, minutes) => {
    expect(pendingLifetimeMs(links)).toBe(minutes * 60_000)
  })

  test('is over when its time is', () => {
    expect(pendingLeftMs(pending, now)).toBe(600_000)
    expect(pendingLeftMs(pending, now + 600_000)).toBe(0)
    expect(pendingLeftMs(pending, now + hour)).toBe(0)
  })

  const context = createContext(reader, createDescopeClient({ projectId }), {
    appUrl: 'http://localhost:3000',
    cookieSecret: 'a secret of at least thirty-two bytes',
  })
  const cookieOf = (one: PendingSignIn): string | undefined => {
    const kept = pendingCookie(context, one)
    return kept.ok ? kept.cookies[0]?.value : undefined
  }
  const taken = (value: string | undefined): PendingSignIn | undefined =>
    pendingOf({ ...context, cookie: () => value })
  const takenFrom = (data: unknown): PendingSignIn | undefined =>
    taken(context.sealer.seal('pending', data))

  test('T-50: takes the same room with a reference and without one', () => {
    const { pendingRef: _, ...refused } = pending
    const [known, unknown] = [cookieOf(pending), cookieOf(refused)]
    expect(unknown?.length).toBe(known?.length)
    expect(taken(known)).toEqual(pending)
    expect(taken(unknown)).toEqual(refused)
  })

  test('may have a code', () => {
    const coded = { ...pending, code: '0417' }
    expect(taken(cookieOf(coded))).toEqual(coded)
    expect(takenFrom({ ...coded, code: 417 })).toBeUndefined()
  })

  test('may have no reference, and nothing else less', () => {
    const { pendingRef: _, ...refused } = pending
    expect(takenFrom(refused)).toEqual(refused)
    expect(takenFrom(pending)).toEqual(pending)
    for (const name of ['state', 'linkId', 'loginId', 'returnTo', 'createdAt', 'lifetimeMs']) {
      expect(takenFrom({ ...pending, [name]: undefined }), name).toBeUndefined()
    }
    expect(takenFrom(null)).toBeUndefined()
    expect(taken('made up')).toBeUndefined()
    expect(taken(undefined)).toBeUndefined()
  })

  test('shows a plausible number where there is none', () => {
    for (let round = 0; round < 100; round += 1) expect(randomLinkId()).toMatch(/^\d\d$/)
  })
})

describe('a login ID', () => {
  test.each([
    ['ada@example.test', 'email', 'ada@example.test'],
    ['  ada@example.test ', 'email', 'ada@example.test'],
    ['jörg@müller.example', 'email', 'jörg@müller.example'],
    ['+44 20 7946-0018', 'sms', '+442079460018'],
    ['+44 (20) 7946.0018', 'whatsapp', '+442079460018'],
    ['(020) 7946.0018', 'whatsapp', undefined],
    ['bob@.example.test', 'email', undefined],
    ['ada@example.test', 'sms', undefined],
    ['12', 'sms', undefined],
    ['+1+2345678', 'sms', undefined],
    ['a@b@c', 'email', undefined],
    ['a@b.example\n', 'email', undefined],
    ['a@b.example,c@d.example', 'email', undefined],
    [7, 'email', undefined],
  ] as const)('%o by %s is %o', async (value, method, expected) => {
    expect(await parseLoginId(value, method, undefined)).toBe(expected)
  })

  test('T-79: 50,000 characters are refused at once', async () => {
    for (const text of ['a'.repeat(50_000), ' '.repeat(50_000), `a@${'b.'.repeat(25_000)}`]) {
      expect(await parseLoginId(text, 'email', undefined)).toBeUndefined()
    }
  })

  test.each([
    ['ada@example.test', 'a***@example.test'],
    ['+442079460018', '***0018'],
    ['', '***'],
  ])('%o is shown as %s', (loginId, masked) => {
    expect(maskLoginId(loginId)).toBe(masked)
  })
})

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1',
    'Safari on iPhone',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'Windows'],
  ['Mozilla/5.0 (Fuchsia) Chrome/126.0', 'Chrome'],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36',
    'Headless Chrome on Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36 HeadlessEdg/126.0.0.0',
    'Headless Chrome on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1',
    'Chrome on iPhone',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/323.0 Mobile/15E148 Safari/604.1',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    'Safari on macOS',
  ],
  ['curl/8.0', undefined],
  ['', undefined],
])('people call %o %o', (userAgent, name) => {
  expect(browserNameOf(userAgent)).toBe(name)
})

test('T-79: a User-Agent of 100,000 characters takes no time', () => {
  const since = performance.now()
  expect(browserNameOf('Version/'.repeat(12_500))).toBeUndefined()
  expect(performance.now() - since).toBeLessThan(1000)
})

describe('the app’s own address', () => {
  test('may have a path, with or without a slash at its end', () => {
    for (const url of ['https://a.example/b/c', 'https://a.example/b/c/']) {
      expect(parseAppUrl(url)).toMatchObject({ origin: 'https://a.example', path: '/b/c' })
    }
  })

  test('is taken apart once', () => {
    expect(parseAppUrl('https://app.example.com:8443/')).toEqual({
      origin: 'https://app.example.com:8443',
      path: '',
      hostname: 'app.example.com',
      secure: true,
      loopback: false,
      trusted: [],
    })
    expect(parseAppUrl('http://localhost:3000')).toMatchObject({ secure: false, loopback: true })
  })

  test.each([
    ...[
      undefined,
      '',
      'x',
      'http://example.com',
      'https://a.example/b?c',
      'https://a.example//b',
      'ftp://a.example',
    ],
    'https://a.example.',
  ])('%o is none', (url) => {
    expect(() => parseAppUrl(url)).toThrow(TypeError)
  })
})
