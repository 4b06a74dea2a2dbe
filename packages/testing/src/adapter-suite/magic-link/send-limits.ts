import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { postJson } from '../steps.ts'

const address = 'ada@example.test'
/** Trouble of the deployment. The service processes nothing. */
const refusesOurKey = { status: 401, errorCode: 'E061004' }
const signInCalls = '/v1/auth/magiclink/signup-in/email'

/** Send limits and failed sends. */
export function sendLimitCases(adapter: TestAdapter): void {
  describe(`send limits and failed sends, on ${adapter.name}`, () => {
    test('a second link within the pause is 429, and the page counts down', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: address } })
      app.emulator.clock.advance(10_000)
      const page = await browser.visit('/auth/check-inbox')
      expect(Number(/data-ready-in="(\d+)"/.exec(page.body)?.[1])).toBeGreaterThan(15)
      const again = await browser.submit(page)
      expect(again.status).toBe(429)
      expect(Number(again.headers['retry-after'])).toBeGreaterThan(15)
      app.emulator.clock.advance(30_000)
      expect((await browser.submit(page)).status).toBe(303)
      expect(app.calls(signInCalls)).toBe(2)
    })

    test('a link used in this browser ends the pause, but not the count', async () => {
      const limits = { perAddress: 2, cooldownSeconds: 30 }
      await using app = await adapter.start({ limits })
      const browser = app.browser()
      await app.signIn(browser)
      await browser.visit('/auth/logout', { form: {} })
      await app.signIn(browser)
      expect((await browser.visit('/auth/magic-link', { form: { loginId: address } })).status).toBe(
        429,
      )
    })

    test('a link used in another browser does not end the pause', async () => {
      await using app = await adapter.start()
      const [browser, other] = [app.browser(), app.browser()]
      await browser.visit('/auth/magic-link', { form: { loginId: address } })
      const page = await other.visit(await app.linkFor(address))
      expect((await other.submit(page)).status).toBe(303)
      expect((await browser.visit('/auth/magic-link', { form: { loginId: address } })).status).toBe(
        429,
      )
    })

    test.each(['/auth/magic-link', '/auth/enchanted-link'])(
      'a failed request is repeated by one button, with the same fields: %s',
      async (path) => {
        await using app = await adapter.start({
          mode: 'sign-up',
          methods: ['email', 'enchanted'],
          client: { timeoutMs: 2000 },
        })
        const browser = app.browser()
        const form = { loginId: address, method: 'email', returnTo: '/me?tab=1', name: 'Ada' }
        await browser.visit(path, { form })
        const tooSoon = await browser.visit(path, { form })
        expect(tooSoon.status).toBe(429)
        expect(browser.hiddenFields(tooSoon)).toEqual(form)
        expect(Number(/data-ready-in="(\d+)"/.exec(tooSoon.body)?.[1])).toBeGreaterThan(15)
        app.emulator.clock.advance(30_000)
        app.emulator.faults.add({ path: '/v1/auth/*', ...refusesOurKey })
        const outage = await browser.submit(tooSoon)
        expect(outage.status).toBe(503)
        expect((await browser.submit(outage)).status).toBe(303)
      },
    )

    test('a sign-up that is sent again keeps the details of the new user', async () => {
      await using app = await adapter.start({ mode: 'sign-up' })
      const browser = app.browser()
      const names = { name: 'Ada "the Countess" Lovelace', givenName: 'Ada', familyName: '' }
      await browser.visit('/auth/magic-link', { form: { loginId: address, ...names } })
      await app.linkFor(address)
      app.emulator.clock.advance(30_000)
      const again = await browser.submit(await browser.visit('/auth/check-inbox'))
      expect(again.location).toBe('/auth/check-inbox')
      await browser.visit(await app.linkFor(address))
      const me = await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')
      expect(me.data).toMatchObject({ name: names.name, givenName: 'Ada' })
    })

    test('T-43: names too long for a cookie prevent neither the first link nor the next', async () => {
      await using app = await adapter.start({ mode: 'sign-up' })
      const browser = app.browser()
      const long = '名'.repeat(200)
      const names = { name: long, givenName: long, middleName: long, familyName: long }
      const form = { loginId: address, returnTo: '/me', ...names }
      await browser.visit('/auth/magic-link', { form })
      await app.linkFor(address)
      app.emulator.clock.advance(30_000)
      const page = await browser.visit('/auth/check-inbox')
      expect(browser.hiddenFields(page)).toEqual({
        loginId: address,
        method: 'email',
        returnTo: '/me',
      })
      await browser.submit(page)
      expect((await browser.visit(await app.linkFor(address))).location).toBe('/me')
    })

    test('sends are limited per address and per IP, equally for every address', async () => {
      const limits = { perAddress: 2, perIp: 4, cooldownSeconds: 0 }
      await using app = await adapter.start({ limits })
      const send = async (loginId: string): Promise<number> =>
        (await postJson(app.browser(), '/auth/magic-link', { loginId })).status
      expect([await send(address), await send(address), await send(address)]).toEqual([
        202, 202, 429,
      ])
      expect([await send('b@example.test'), await send('c@example.test')]).toEqual([202, 429])
      app.emulator.clock.advance(15 * 60_000)
      expect(await send(address)).toBe(202)
    })

    test.each<[string, (count: number) => string]>([
      ['with a port', (count) => `203.0.113.9:${4000 + count}`],
      ['of IPv6 with a port', (count) => `[2001:db8::9]:${4000 + count}`],
      ['of IPv6 in one network', (count) => `2001:db8:0:0:${count}::9`],
      ['with a zone', (count) => `fe80::9%eth${count}`],
      [
        'as IPv6 has it',
        (count) => ['203.0.113.9', '::ffff:203.0.113.9', '::FFFF:cb00:7109'][count % 3] ?? '',
      ],
      ['as IPv6 has it, with a port', (count) => `[::ffff:203.0.113.9]:${4000 + count}`],
      ['behind NAT64', (count) => ['203.0.113.9', '64:ff9b::203.0.113.9'][count % 2] ?? ''],
      ['by 6to4', (count) => `2002:cb00:7109:${count}::9`],
      ['behind others that it made up', (count) => `198.51.100.${count}, 203.0.113.9`],
    ])('U4: a sender %s is one sender', async (_how, from) => {
      const limits = { perIp: 3, cooldownSeconds: 0 }
      await using app = await adapter.start({ limits, isBehindProxy: true })
      const statuses: number[] = []
      for (let count = 0; count < 6; count += 1) {
        const headers = { 'x-forwarded-for': from(count) }
        const body = { loginId: `u${count}@example.test` }
        statuses.push((await postJson(app.browser(), '/auth/magic-link', body, headers)).status)
      }
      expect(statuses).toEqual([202, 202, 202, 429, 429, 429])
    })

    test('429 of the service is 429 of the app, with its Retry-After', async () => {
      await using app = await adapter.start()
      app.emulator.faults.add({ path: signInCalls, status: 429, retryAfterSeconds: 17 })
      const response = await postJson(app.browser(), '/auth/magic-link', { loginId: address })
      expect(response.status).toBe(429)
      expect(response.headers['retry-after']).toBe('17')
    })

    test('a request that was certainly not processed may be repeated at once', async () => {
      await using app = await adapter.start()
      app.emulator.faults.add({ path: signInCalls, ...refusesOurKey })
      const browser = app.browser()
      expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(503)
      expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
    })

    test('what the service certainly did not process does not count as sends', async () => {
      await using app = await adapter.start({ limits: { perAddress: 2 } })
      app.emulator.faults.add({ path: signInCalls, ...refusesOurKey, times: 6 })
      const browser = app.browser()
      for (let again = 0; again < 6; again += 1) {
        const failed = await postJson(browser, '/auth/magic-link', { loginId: address })
        expect(failed.status).toBe(503)
      }
      expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
    })

    test('a request whose response was lost is not sent twice, and its link works', async () => {
      await using app = await adapter.start()
      app.emulator.faults.add({ path: signInCalls, drop: 'after' })
      const browser = app.browser()
      expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(503)
      expect(app.calls(signInCalls)).toBe(1)
      expect((await browser.visit(await app.linkFor(address))).status).toBe(303)
    })
  })
}
