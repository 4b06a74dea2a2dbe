import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { isSignedIn, requestLink } from '../steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

const wrongQueries = [
  ...['', '?t=', '?t', '?t=a&t=b', '?t[]=a', '?t[x]=1', '?t[__proto__][x]=1', '?T=a'],
  ...['?t=%E0%A4%A', '?t=a+b', '?t=%2541', '?t=a%00b', '?t=a%0d%0ab', '?t=%F0%9F%92%A9'],
  ...['?t=%3Cscript%3Ealert(1)%3C/script%3E', `?t=${'a'.repeat(4097)}`],
]

/** Opening and confirming a link. */
export function confirmationCases(adapter: TestAdapter): void {
  describe(`opening and confirming a link, on ${adapter.name}`, () => {
    test('T-30: HEAD and GET by a scanner redeem nothing, and the user still signs in', async () => {
      await using app = await adapter.start()
      const user = app.browser()
      const link = await requestLink(app, user)
      const scanner = app.browser()
      const chrome = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 HeadlessChrome/126' }
      expect((await scanner.visit(link, { method: 'HEAD' })).status).toBe(200)
      for (const headers of [{}, { accept: '*/*' }, chrome]) {
        expect((await scanner.visit(link, { headers })).status).toBe(200)
      }
      expect(app.calls(verifyCalls)).toBe(0)
      expect(scanner.cookieNames).not.toContain(app.cookieNames.session)
      expect((await user.visit(link)).location).toBe('/me')
      expect(await isSignedIn(user)).toBe(true)
    })

    test('T-30: in the browser that requested it, only a navigation redeems the link', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
      for (const [what, headers] of Object.entries({
        'a prefetch': { 'sec-purpose': 'prefetch' },
        'a prerender': { 'sec-purpose': 'prefetch;prerender' },
        'an image': { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
        'a frame': { 'sec-fetch-dest': 'iframe' },
        'a script': { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
        'a browser without Fetch Metadata': { 'sec-fetch-mode': '', 'sec-fetch-dest': '' },
      })) {
        const response = await browser.visit(link, { headers: { ...navigation, ...headers } })
        expect(response.status, what).toBe(200)
        expect(response.body).toContain('Sign in on this device')
      }
      expect(app.calls(verifyCalls)).toBe(0)
    })

    test('a confirmation without cookies redeems nothing, and the page says what to allow', async () => {
      await using app = await adapter.start()
      const link = await requestLink(app, app.browser())
      const page = await app.browser().visit(link)
      // A browser without the cookie that the page set.
      const withoutCookies = app.browser()
      const refused = await withoutCookies.submit(page)
      expect(refused.status).toBe(400)
      expect(refused.body).toContain('did not keep the cookie')
      expect(app.calls(verifyCalls)).toBe(0)
      // Cookies are allowed now: the button on the error page works.
      expect((await withoutCookies.submit(refused)).status).toBe(303)
      expect(await isSignedIn(withoutCookies)).toBe(true)
    })

    test('T-47: a click in a mail on another site signs in with one redirect', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      const headers = {
        accept: 'text/html',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        'sec-fetch-site': 'cross-site',
      }
      expect((await browser.visit(link, { headers })).location).toBe('/me')
      expect((await browser.visit('/me', { headers })).status).toBe(200)
    })

    test('T-32: a link forwarded to another user signs in only after a confirmation', async () => {
      await using app = await adapter.start({ brand: { name: 'Acme' } })
      const attacker = app.browser()
      const link = await requestLink(app, attacker)
      const victim = app.browser()
      const page = await victim.visit(link, { headers: { 'sec-fetch-site': 'cross-site' } })
      expect(page.body).toContain('Sign in to Acme?')
      expect(victim.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('T-32: a confirmation sent by another site is refused', async () => {
      await using app = await adapter.start()
      const victim = app.browser()
      const form = victim.hiddenFields(await victim.visit(await requestLink(app, app.browser())))
      for (const headers of [
        { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'null' },
      ]) {
        expect((await victim.visit('/auth/verify', { form, headers })).status).toBe(403)
      }
      expect(app.calls(verifyCalls)).toBe(0)
    })

    test('T-33: a sign-in as another user replaces the whole session', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser, 'eve@example.test')
      const { session, refresh } = app.cookieNames
      const [oldSession, oldRefresh] = [browser.cookie(session), browser.cookie(refresh)]
      const link = await requestLink(app, browser)
      const page = await browser.visit(link)
      expect(page.status).toBe(200)
      expect(page.body).toContain('You are signed in here as')
      expect(app.calls(verifyCalls)).toBe(1)
      await browser.submit(page)
      expect(browser.cookie(session)).not.toBe(oldSession)
      expect(browser.cookie(refresh)).not.toBe(oldRefresh)
      const subjects = [session, refresh].map((name) => {
        const [, payload = ''] = (browser.cookie(name) ?? '').split('.')
        return JSON.parse(Buffer.from(payload, 'base64url').toString()).sub
      })
      expect(subjects[0]).toBe(subjects[1])
    })

    test('T-33: while an outage hides who is signed in, a link has to be confirmed', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser, 'eve@example.test')
      app.emulator.clock.advance(11 * 60_000)
      const link = await requestLink(app, browser)
      app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503 })
      const page = await browser.visit(link)
      expect(page.body).toContain('Sign in on this device')
      expect(app.calls(verifyCalls)).toBe(1)
    })

    test('T-34, T-35: a link with a malformed t is 400, and no request to the service is made', async () => {
      await using app = await adapter.start()
      const { pathname } = new URL(await requestLink(app, app.browser()), app.origin)
      for (const query of wrongQueries) {
        for (const path of ['/auth/verify', pathname]) {
          const response = await app.browser().visit(path + query)
          expect(response.status, query).toBe(400)
          expect(response.body).not.toContain('<script>alert')
        }
      }
      expect(app.calls(verifyCalls)).toBe(0)
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    })

    test('T-36: a URL of 17 kB is refused by the server', async () => {
      await using app = await adapter.start()
      expect((await app.browser().visit(`/auth/verify?t=${'a'.repeat(17_000)}`)).status).toBe(431)
    })

    test('T-37: a returnTo of another site leads to the app', async () => {
      await using app = await adapter.start({ limits: false })
      for (const returnTo of ['//evil.example', '/\\evil.example', '/.//evil.example']) {
        const browser = app.browser()
        const link = await requestLink(app, browser, returnTo)
        expect((await browser.visit(link)).location).toBe('/')
      }
    })

    test('T-39: pages that hold a token are not stored, indexed, framed or sent as referrer', async () => {
      await using app = await adapter.start()
      const link = await requestLink(app, app.browser())
      const { headers } = await app.browser().visit(link)
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'strict-origin',
        'x-robots-tag': 'noindex, noarchive',
        'x-content-type-options': 'nosniff',
      })
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    })

    test('confirm: always needs a confirmation in the same browser, too', async () => {
      await using app = await adapter.start({ confirm: 'always' })
      const browser = app.browser()
      const page = await browser.visit(await requestLink(app, browser))
      expect(page.status).toBe(200)
      expect((await browser.submit(page)).location).toBe('/me')
    })

    test('confirm: dangerously-never signs in every client that opens the link, except by HEAD', async () => {
      await using app = await adapter.start({ confirm: 'dangerously-never' })
      const link = await requestLink(app, app.browser())
      const otherBrowser = app.browser()
      expect((await otherBrowser.visit(link, { method: 'HEAD' })).status).toBe(200)
      expect(app.calls(verifyCalls)).toBe(0)
      expect((await otherBrowser.visit(link, { headers: {} })).status).toBe(303)
      expect(await isSignedIn(otherBrowser)).toBe(true)
    })
  })
}
