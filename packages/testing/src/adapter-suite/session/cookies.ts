import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import type { BrowserResponse } from '../../browser.ts'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter } from '../adapter.ts'
import type { WebOptions } from '../web-options.ts'
import { requestLink, setCookies } from '../steps.ts'
import { callApi, startWith } from './steps.ts'

const issuer = await createTokenIssuer()
const address = 'ada@example.test'
const plain = 'Path=/; HttpOnly; Secure; SameSite=Lax'

const options: readonly [WebOptions['cookies'], names: string[], attributes: string][] = [
  [{}, ['__Host-DS', '__Host-DSR'], plain],
  [{ prefix: false }, ['DS', 'DSR'], plain],
  [{ domain: 'example.test' }, ['DS', 'DSR'], `Domain=example.test; ${plain}`],
  [
    { sameSite: 'strict' },
    ['__Host-DS', '__Host-DSR'],
    'Path=/; HttpOnly; Secure; SameSite=Strict',
  ],
  [{ names: { session: 'sid', refresh: 'rid' } }, ['sid', 'rid'], plain],
  [{ names: { session: 'sid' }, prefix: '__Host-' }, ['__Host-sid', '__Host-DSR'], plain],
]

/** The session cookies that a response sets or clears: the name, and what follows the lifetime. */
function cookiesOf(response: BrowserResponse, kind: 'set' | 'cleared'): string[][] {
  return setCookies(response)
    .filter((line) => !line.includes('linkpass-attempt'))
    .filter((line) => line.includes('Max-Age=0;') === (kind === 'cleared'))
    .map((line) => [line.split('=')[0] ?? '', line.replace(/^.*?Max-Age=\d+; /, '')])
}

/** Cookies. */
export function cookieCases(adapter: TestAdapter): void {
  describe(`cookies, on ${adapter.name}`, () => {
    test.each(options)(
      'T-41: with the option %j the session is set, read and cleared',
      async (...row) => {
        const [cookies, names, attributes] = row
        const appUrl = 'https://app.example.test'
        await using app = await adapter.start({ appUrl, ...(cookies && { cookies }) })
        const browser = app.browser()
        await browser.visit('/auth/magic-link', { form: { loginId: address } })
        const signedIn = await browser.visit(await app.linkFor(address))
        const expected = names.map((name) => [name, attributes])
        expect(cookiesOf(signedIn, 'set')).toEqual(expected)
        expect((await browser.visit('/me')).status).toBe(200)
        const signedOut = await browser.visit('/auth/logout', { form: {} })
        expect(cookiesOf(signedOut, 'cleared')).toEqual(expect.arrayContaining(expected))
        expect((await browser.visit('/auth/session')).status).toBe(401)
      },
    )

    test('T-41: cookies are HttpOnly, Lax and host-only, and expire with their tokens', async () => {
      for (const [appUrl, secure] of [
        [undefined, ''],
        ['https://app.example.test', ' Secure;'],
      ] as const) {
        await using app = await adapter.start({ ...(appUrl && { appUrl }) })
        const browser = app.browser()
        const link = await requestLink(app, browser)
        // The configuration decides whether a cookie is Secure, and never a request.
        const response = await browser.visit(link, {
          headers: {
            'sec-fetch-mode': 'navigate',
            'sec-fetch-dest': 'document',
            'x-forwarded-proto': secure === '' ? 'https' : 'http',
          },
        })
        const lines = setCookies(response)
        const rest = `Path=/; HttpOnly;${secure} SameSite=Lax`
        const grammar = /^([\w-]*DSR?(?:_\d+)?)=[\w-]+\.([\w-]+)\.[\w-]+; Max-Age=(\d+); (.*)$/
        const names = lines.flatMap((line) => {
          const [, name, payload = '', maxAge, attributes] = grammar.exec(line) ?? []
          if (name === undefined) return []
          expect(attributes).toBe(rest)
          const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString())
          // To the second, on a clock that runs.
          const over = exp - app.emulator.clock.now() / 1000 - Number(maxAge)
          expect(Math.abs(over)).toBeLessThan(10)
          return [name]
        })
        expect(names).toEqual([app.cookieNames.session, app.cookieNames.refresh])
      }
    })

    test('an https app names all its cookies with __Host-', async () => {
      await using app = await adapter.start({ appUrl: 'https://app.example.test' })
      const browser = app.browser()
      await app.signIn(browser)
      const names = ['__Host-DS', '__Host-DSR', '__Host-linkpass-attempt']
      expect(browser.cookieNames.sort()).toEqual(names)
      const response = await browser.visit('/auth/logout', { form: {} })
      expect(response.headers['cache-control']).toBe('no-store')
    })

    test.each([
      ['http', undefined, undefined],
      ['https', 'https://localhost:3443', 'https://localhost:4443'],
    ])('U12: two apps on two ports of localhost keep two sessions by %s', async (_, ...urls) => {
      const [url, otherUrl] = urls.map((appUrl) => (appUrl === undefined ? {} : { appUrl }))
      await using first = await adapter.start(url)
      await using second = await adapter.start(otherUrl)
      const browser = first.browser()
      await first.signIn(browser)
      browser.balanceTo(second.address)
      expect((await browser.visit('/auth/session')).status).toBe(401)
      await second.signIn(browser, 'grace@example.test')
      const { body } = await browser.visit('/me')
      await browser.visit('/auth/logout', { form: {} })
      expect((await browser.visit('/auth/session')).status).toBe(401)
      browser.balanceTo(first.address)
      const mine = await browser.visit('/me')
      expect([mine.status, mine.body === body]).toEqual([200, false])
    })

    test('P3: session cookies that a sibling host sets for the domain are not read', async () => {
      await using app = await startWith(adapter, issuer, { appUrl: 'https://app.example.test' })
      const theirs = `DS=${await issuer.session({ sub: 'U2' })}; DSR=${await issuer.refresh()}`
      const own = `${app.cookieNames.session}=${await issuer.session()}`
      for (const cookie of [`${theirs}; ${own}`, `${own}; ${theirs}`]) {
        const response = await callApi(app.browser(), '/me', { cookie })
        expect([response.body, setCookies(response)]).toEqual(['{"userId":"U1"}', []])
      }
      const alone = await callApi(app.browser(), '/me', { cookie: theirs })
      expect([alone.status, setCookies(alone)]).toEqual([401, []])
    })

    test('T-43: two hundred attempts leave one cookie below 4,096 bytes', async () => {
      await using app = await adapter.start({ limits: false })
      const browser = app.browser()
      const returnTo = `/me?${'x'.repeat(2000)}`
      for (let count = 0; count < 200; count += 1) {
        await browser.visit('/auth/magic-link', { form: { loginId: address, returnTo } })
      }
      expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
      expect(browser.cookie(app.cookieNames.attempt)?.length).toBeLessThan(4096)
    })

    test('T-44: a cookie set by a sibling host signs out, and both are cleared', async () => {
      const options = { appUrl: 'https://a.app.example.test', cookies: { prefix: false } } as const
      await using app = await startWith(adapter, issuer, options)
      const [mine, theirs] = [await issuer.session(), await issuer.session({ sub: 'U2' })]
      for (const cookie of [`DS=${mine}; DS=${theirs}`, `DS=${theirs}; DS=${mine}`]) {
        const response = await callApi(app.browser(), '/me', { cookie })
        expect(response.status).toBe(401)
        const domains = setCookies(response)
          .filter((line) => line.startsWith('DS=;'))
          .map((line) => /Domain=([^;]+)/.exec(line)?.[1])
        expect(domains).toEqual([
          undefined,
          'a.app.example.test',
          'app.example.test',
          'example.test',
        ])
      }
      const twice = await callApi(app.browser(), '/me', { cookie: `DS=${mine}; DS=${mine}` })
      expect(twice.status).toBe(200)
    })

    test('T-42: a session cookie above 4,096 bytes is refused with an error, not dropped by the browser', async () => {
      const received: unknown[] = []
      const listen = (event: unknown): unknown => received.push(event)
      subscribe('linkpass:sign-in:refused', listen)
      await using app = await adapter.start({
        loginOptions: () => ({ customClaims: { big: 'x'.repeat(4000) } }),
      })
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
      const response = await browser.visit(await app.linkFor('ada@example.test'))
      unsubscribe('linkpass:sign-in:refused', listen)
      expect(received).toEqual([{ step: 'cookies', code: 'cookie_too_large' }])
      expect(response.status).toBe(500)
      expect(browser.cookieNames).not.toContain(app.cookieNames.session)
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
    })
  })
}
