import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStub, type Stub } from '@linkpass/testing'
import { check, checkOptional } from '../../src/calls/arguments.ts'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import type { AnyLinkpassError } from '../../src/errors.ts'
import type { Result } from '../../src/result.ts'
import { projectId, refreshJwt, uri } from '../fixtures.ts'

describe('T-54: arguments that become part of a path', () => {
  const traversals = ['..', '../../mgmt', '%2e%2e', 'email/..', 'email%2f..', '__proto__', '']

  it.each([...traversals, 'constructor', 'toString'])(
    'is not a delivery method: %j',
    async (method) => {
      await using stub = await startStub(() => ({ body: {} }))
      await using client = createDescopeClient({ projectId, baseUrl: stub.url })
      const { phone } = client.magicLink.update
      const result = await phone(method as 'sms', 'ada', '+15555550100', refreshJwt)
      expect(result.error).toMatchObject({ code: 'ERR_ARGUMENT', argument: 'deliveryMethod' })
      expect(stub.seen).toEqual([])
    },
  )

  it.each([
    ...traversals,
    `${projectId}/..`,
    `../${projectId}`,
    `${projectId}?x`,
    `${projectId}\n`,
  ])('is not a project id: %j', (id) => {
    expect(() => createDescopeClient({ projectId: id })).toThrow(/^projectId/)
  })
})

describe('the checks of arguments', () => {
  const table: [
    name: string,
    check: (value: unknown) => unknown,
    good: unknown[],
    bad: unknown[],
  ][] = [
    [
      'a login ID',
      (value) => check('loginId', value),
      ['a', 'ada@example.test', '+15555550100', 'john.q.public', 'Ада', 'x'.repeat(320)],
      [
        '',
        'x'.repeat(321),
        'a\nb',
        'a\u0000',
        'a\u0085',
        'a\u2028b',
        'ada＠evil.test@victim.test',
        'ada@evil.test﹫victim.test',
        undefined,
        null,
        1,
        {},
        [],
        refreshJwt,
      ],
    ],
    [
      'an e-mail address',
      (value) => check('email', value),
      ['ada@example.test', "o'hara+tag@mail.example.test", 'ada@localhost', 'ада@пример.test'],
      [
        'ada',
        '@example.test',
        'ada@',
        'a@b@c',
        'a b@c',
        'a@b..c',
        'a@.b',
        'a@b.',
        '"ada"@example.test',
        'ada＠evil.test@victim.test',
        `${'a'.repeat(320)}@b`,
        'a@b\r\nBcc: c@d',
        '<a@b>',
        refreshJwt,
        undefined,
      ],
    ],
    [
      'a phone number',
      (value) => check('phone', value),
      ['+1555', '+15555550100', '+493012345678901'],
      [
        '15555550100',
        '+05555550100',
        '+1 555 555',
        '+155',
        '+1234567890123456',
        '＋15555550100',
        '',
        undefined,
      ],
    ],
    [
      'a redirect',
      (value) => checkOptional('uri', value),
      [
        undefined,
        uri,
        'http://localhost:3000/auth/verify/abc?x=1#top',
        'HTTPS://EXAMPLE.test',
        'http://auth.company.com/api/verify_magiclink',
        'myapp://verify',
        'myapp:///verify?from=mail',
        'MyApp://verify',
        'exp://192.168.1.20:8081/--/verify',
        'exp+my-app://expo-development-client',
        'com.example.app:/oauth2redirect',
        'com.example.app://verify#top',
      ],
      [
        '',
        '/auth/verify',
        '//evil.test',
        'javascript:alert(1)',
        'ftp://a.test',
        'https:evil',
        'https://u:p@a.test',
        'https://u@a.test',
        'https://a.test/\n',
        ' https://a.test',
        'https:\\\\a.test',
        'http://',
        ...['http:/a.test', 'https:/evil', 'https:///', 'localhost:3000/verify', 'a.test/verify'],
        ...['myapp:verify', 'myapp', 'c:/verify', 'C:/Windows', '1app://verify', 'my app://verify'],
        ...['myapp://u:p@verify', 'myapp://u@verify', 'com.example.app://:p@verify'],
        ...[
          'myapp://verify\n',
          'myapp://ver\tify',
          'myapp://a b',
          'myapp:\\\\verify',
          'myapp://a\u0000',
        ],
        ...['javascript://%0aalert(1)', 'JavaScript:/alert(1)', 'java\nscript://x', 'vbscript:/x'],
        ...['data:/text/html,x', 'data://x', 'file:///etc/passwd', 'blob:/x', 'about:/blank'],
        ...['feed:/javascript:1', 'livescript://x', 'mhtml:/x', 'res://x', 'shell:/x', 'search:/x'],
        ...[
          'smb://a.test/x',
          'ldap://a.test',
          'telnet://a.test',
          'sftp://a.test',
          'android-app://x',
        ],
        ...['moz-extension://x', 'chrome-extension://x', 'itms-services://?action=x'],
        ...['ws://a.test', 'wss://a.test', 'ftp://a.test/x', 'filesystem:/x', 'view-source:/x'],
        ...[
          'intent://a.test#Intent;end',
          'content://x',
          'ms-msdt:/id',
          'mailto:/a',
          'tel:/1',
          'sms:/1',
        ],
        null,
        refreshJwt,
        {},
      ],
    ],
    [
      'a one-time token',
      (value) => check('token', value),
      ['a', 'Az09._~-', 'x'.repeat(3) + 'y', 'y'.repeat(4096)],
      ['', 'a b', 'a/b', 'a%20', 'y'.repeat(4097), 'xxxx', 'XX', 'é', undefined, ['a']],
    ],
    [
      'a refresh token',
      (value) => check('refreshToken', value),
      [refreshJwt, 'a.b.c'],
      [
        '',
        'xxxxx',
        'a.b',
        'a..c',
        'a.b.c.d',
        'a.b.c\n',
        'a.b.c=',
        uri,
        `a.b.${'c'.repeat(16_384)}`,
        undefined,
        null,
      ],
    ],
  ]

  describe.each(table)('%s', (_name, invalid, good, bad) => {
    it.each(good)('is %j', (value) => {
      expect(invalid(value)).toBeUndefined()
    })

    it.each(bad)('is not %j', (value) => {
      expect(invalid(value)).toMatchObject({ code: 'ERR_ARGUMENT', mayHaveBeenProcessed: false })
    })
  })
})

describe('a call with invalid arguments', () => {
  let stub: Stub
  let client: DescopeClient

  beforeAll(async () => {
    stub = await startStub(() => ({}))
    client = createDescopeClient({ projectId, baseUrl: stub.url })
  })

  afterAll(async () => {
    await client.close()
    await stub[Symbol.asyncDispose]()
  })

  // JavaScript callers can pass anything; `never` lets these cases do the same.
  const wrong = (value: unknown) => value as never
  const id = 'ada@example.test'
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic

  const calls: [
    argument: string,
    what: string,
    run: (client: DescopeClient) => Promise<Result<unknown, AnyLinkpassError>>,
  ][] = [
    ['loginId', 'is empty', (c) => c.magicLink.signUp.email('')],
    ['loginId', 'is missing', (c) => c.magicLink.signIn.sms(wrong(undefined))],
    [
      'uri',
      'is a refresh token, swapped',
      (c) => c.magicLink.signIn.email(id, refreshJwt, undefined, uri),
    ],
    [
      'uri',
      'is an object, swapped with the options',
      (c) => c.magicLink.signUpOrIn.email(id, wrong({ stepup: true })),
    ],
    ['user', 'is a string', (c) => c.magicLink.signUp.email(id, uri, wrong('Ada'))],
    [
      'signUpOptions',
      'has a name in capitals',
      (c) => c.magicLink.signUp.email(id, uri, {}, wrong({ RevokeOtherSessions: true })),
    ],
    [
      'loginOptions',
      'has nearly a name',
      (c) => c.magicLink.signIn.email(id, uri, wrong({ stepUp: true })),
    ],
    [
      'signUpOptions',
      'has a name with lines',
      (c) => c.enchantedLink.signUpOrIn(id, uri, wrong({ tenant_id: 'T1' })),
    ],
    [
      'updateOptions',
      'has nearly a name',
      (c) =>
        c.magicLink.update.email(id, 'a@example.test', refreshJwt, wrong({ addToLoginIds: true })),
    ],
    ['signUpOptions', 'is a list', (c) => c.magicLink.signUp.email(id, uri, {}, wrong([]))],
    ['signUpOptions', 'is null', (c) => c.magicLink.signUpOrIn.email(id, uri, wrong(null))],
    [
      'refreshToken',
      'is missing for stepup',
      (c) => c.magicLink.signIn.email(id, uri, { stepup: true }),
    ],
    ['refreshToken', 'is missing for mfa', (c) => c.enchantedLink.signIn(id, uri, { mfa: true })],
    [
      'refreshToken',
      'cannot be given to a sign-up with stepup',
      (c) => c.magicLink.signUpOrIn.email(id, uri, wrong({ stepup: true })),
    ],
    [
      'refreshToken',
      'is not a JWT',
      (c) => c.magicLink.update.email(id, 'new@example.test', 'xxxxx'),
    ],
    [
      'refreshToken',
      'is the redirect, swapped',
      (c) => c.magicLink.update.email(id, 'new@example.test', uri),
    ],
    [
      'uri',
      'is the refresh token, in the other order',
      (c) => c.magicLink.update.email(id, 'new@example.test', refreshJwt, refreshJwt),
    ],
    [
      'email',
      'is a refresh token, swapped',
      (c) => c.magicLink.update.email(id, refreshJwt, 'new@example.test'),
    ],
    [
      'phone',
      'has no country code',
      (c) => c.magicLink.update.phone.sms(id, '5555550100', refreshJwt),
    ],
    [
      'deliveryMethod',
      'is not a delivery method',
      (c) => c.magicLink.update.phone(wrong('../admin'), id, '+15555550100', refreshJwt),
    ],
    [
      'deliveryMethod',
      'is a name from the prototype',
      (c) => c.magicLink.update.phone(wrong('constructor'), id, '+15555550100', refreshJwt),
    ],
    [
      'updateOptions',
      'is a number',
      (c) => c.magicLink.update.email(id, 'new@example.test', uri, refreshJwt, wrong(1)),
    ],
    ['token', 'is the placeholder of the documents', (c) => c.magicLink.verify('xxxx')],
    ['token', 'is a whole URL', (c) => c.enchantedLink.verify(`${uri}?t=abc`)],
    ['options', 'is a string', (c) => c.enchantedLink.verify('abc', wrong('verifier'))],
    ['pendingRef', 'is empty', (c) => c.enchantedLink.getSession('')],
    ['pendingRef', 'holds a line break', (c) => c.enchantedLink.waitForSession('a\nb')],
    ['options', 'is null', (c) => c.enchantedLink.waitForSession('a', wrong(null))],
    [
      'pollingIntervalMs',
      'is not a number',
      (c) => c.enchantedLink.waitForSession('a', { pollingIntervalMs: wrong('5') }),
    ],
    ['timeoutMs', 'is negative', (c) => c.enchantedLink.waitForSession('a', { timeoutMs: -1 })],
    ['signal', 'is no signal', (c) => c.enchantedLink.waitForSession('a', { signal: wrong({}) })],
    ['refreshToken', 'is missing', (c) => c.me(wrong(undefined))],
    ['refreshToken', 'holds a header of its own', (c) => c.logout('a.b.c\r\nx: y')],
    ['refreshToken', 'is null', (c) => c.refresh(wrong(null))],
    [
      'options',
      'is a token, instead of an object that names it',
      (c) => c.logout(refreshJwt, wrong('a.b.c')),
    ],
    ['tenants', 'is false', (c) => c.myTenants(wrong(false), refreshJwt)],
    ['tenants', 'holds a number', (c) => c.myTenants(wrong([1]), refreshJwt)],
    ['tenantId', 'is empty', (c) => c.selectTenant('', refreshJwt)],
    ['accessKey', 'holds a space', (c) => c.exchangeAccessKey('a b')],
    [
      'loginOptions',
      'names the audience, which is an option after it',
      (c) => c.exchangeAccessKey('K2', wrong({ audience: 'api' })),
    ],
    [
      'loginOptions',
      'has a nearly right name',
      (c) => c.exchangeAccessKey('K2', wrong({ SelectedTenant: 'acme' })),
    ],
    [
      'options',
      'has a misspelt audience',
      (c) => c.exchangeAccessKey('K2', {}, wrong({ Audience: 'api' })),
    ],
    ['options', 'is the audience', (c) => c.exchangeAccessKey('K2', {}, wrong('api'))],
    ['audience', 'is empty', (c) => c.exchangeAccessKey('K2', {}, { audience: [] })],
    ['audience', 'is a number', (c) => c.exchangeAccessKey('K2', {}, { audience: wrong(1) })],
    [
      'user',
      'has a nearly right name',
      (c) => c.magicLink.signUp.email(id, uri, wrong({ given_name: 'Ada' })),
    ],
    [
      'options',
      'has a nearly right name',
      (c) => c.enchantedLink.verify('token', wrong({ pkce_verifier: 'v' })),
    ],
    [
      'body',
      'cannot be written as JSON',
      (c) => c.magicLink.signUp.email(id, uri, {}, { customClaims: cyclic }),
    ],
    [
      'body',
      'contains a bigint',
      (c) => c.magicLink.signUp.email(id, uri, {}, { customClaims: { n: 1n } }),
    ],
  ]

  it.each(calls)(
    'returns ERR_ARGUMENT for %s, which %s, and sends nothing',
    async (argument, _what, run) => {
      const result = await run(client)
      expect(result).toMatchObject({
        ok: false,
        code: 0,
        error: { code: 'ERR_ARGUMENT', argument },
      })
      expect(stub.seen).toEqual([])
    },
  )

  it('prints nothing of the argument', async () => {
    const result = await client.magicLink.update.email(id, 'canary-address', 'canary-token')
    expect(result.error?.message).not.toContain('canary')
    expect(JSON.stringify(result)).not.toContain('canary')
  })

  it('fills the three fields that the documented samples print', async () => {
    const { error } = await client.magicLink.verify('')
    expect(error?.errorCode).toBe('ERR_ARGUMENT')
    expect(error?.errorDescription).toContain('one-time token')
    expect(error?.errorMessage).toContain('one-time token')
  })
})

it('names the option that a nearly right name stands for', async () => {
  await using client = createDescopeClient({ projectId, baseUrl: 'https://auth.example.test' })
  const options = { RevokeOtherSessions: true } as object
  const { error } = await client.magicLink.signIn.email('ada@example.test', undefined, options)
  expect(error?.message).toBe(
    'loginOptions must be an object with "revokeOtherSessions" in place of "RevokeOtherSessions".',
  )
})
