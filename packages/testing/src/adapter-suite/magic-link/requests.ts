import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import type { BrowserResponse } from '../../browser.ts'
import type { TestAdapter } from '../adapter.ts'
import { postJson } from '../steps.ts'

const address = 'ada@example.test'
const signInCalls = '/v1/auth/magiclink/signup-in/email'

/** Requesting a magic link. */
export function magicLinkRequestCases(adapter: TestAdapter): void {
  describe(`requesting a magic link, on ${adapter.name}`, () => {
    test('a request by JSON gets 202 with a masked address', async () => {
      await using app = await adapter.start()
      const response = await postJson(app.browser(), '/auth/magic-link', { loginId: address })
      expect(response.status).toBe(202)
      expect(JSON.parse(response.body)).toEqual({ maskedEmail: 'a***@example.test' })
      expect(response.headers['cache-control']).toBe('no-store')
    })

    test('links go by SMS and WhatsApp where the app offers them', async () => {
      await using app = await adapter.start({ methods: ['sms', 'whatsapp'] })
      for (const method of ['sms', 'whatsapp']) {
        const browser = app.browser()
        const loginId = method === 'sms' ? '+44 20 7946 0018' : '+44 20 7946 0019'
        const response = await postJson(browser, '/auth/magic-link', { loginId, method })
        expect(JSON.parse(response.body)).toEqual({ maskedPhone: `***${loginId.slice(-4)}` })
        const link = await app.linkFor(loginId.replaceAll(' ', ''))
        expect((await browser.visit(link)).status).toBe(303)
      }
      const email = await postJson(app.browser(), '/auth/magic-link', {
        loginId: address,
        method: 'email',
      })
      expect(JSON.parse(email.body)).toEqual({ error: 'bad_request', field: 'method' })
    })

    test('T-50: a known and an unknown address get the same response', async () => {
      const events: unknown[] = []
      const listen = (event: unknown): unknown => events.push(event)
      await using app = await adapter.start({ mode: 'sign-in', limits: false })
      await app.client.magicLink.signUp.email(address)
      const { links } = await app.emulator.inbox.waitFor({ to: address })
      await app.client.magicLink.verify(links[0]?.token ?? '')
      subscribe('linkpass:sign-in:refused', listen)
      const known = await postJson(app.browser(), '/auth/magic-link', { loginId: address })
      const unknown = await postJson(app.browser(), '/auth/magic-link', {
        loginId: 'bob@example.test',
      })
      unsubscribe('linkpass:sign-in:refused', listen)
      const shape = (response: BrowserResponse): unknown => {
        const { date: _date, 'set-cookie': _cookie, etag: _etag, ...headers } = response.headers
        return [response.status, Object.keys(JSON.parse(response.body)), Object.keys(headers)]
      }
      expect(shape(unknown)).toEqual(shape(known))
      expect(events).toEqual([{ step: 'send', code: 'E062108', status: 400 }])
    })

    test.each([
      ['a byte order mark', `\uFEFF{"loginId":"${address}"}`, {}],
      ['no encoding, in capitals', `{"loginId":"${address}"}`, { 'content-encoding': 'Identity' }],
      [
        'a charset',
        `{"loginId":"${address}"}`,
        { 'content-type': 'Application/JSON;charset="UTF-8"' },
      ],
    ])('a body with %s is read', async (_, body, headers) => {
      await using app = await adapter.start()
      expect((await postJson(app.browser(), '/auth/magic-link', body, headers)).status).toBe(202)
    })

    test('a browser without cookies gets a page that says its link is on its way', async () => {
      await using app = await adapter.start()
      const page = await app.browser().visit('/auth/check-inbox')
      expect(page.status).toBe(200)
      expect(page.body).toContain('it is on its way')
      expect(page.body).toContain('href="/auth/sign-in"')
    })

    test('P28: a name with a URL, which a mail would show, is refused', async () => {
      await using app = await adapter.start()
      for (const name of ['https://evil.test', 'Ada, see http://evil.test/x now']) {
        const response = await postJson(app.browser(), '/auth/magic-link', {
          loginId: address,
          name,
        })
        expect([response.status, response.body]).toEqual([
          400,
          '{"error":"bad_request","field":"name"}',
        ])
      }
      expect(app.calls(signInCalls)).toBe(0)
      const named = { loginId: address, name: 'Dr. Ada s/o George: King' }
      expect((await postJson(app.browser(), '/auth/magic-link', named)).status).toBe(202)
    })

    test('U13: names in every script are accepted, and reach the service unchanged', async () => {
      await using app = await adapter.start({ mode: 'sign-up' })
      for (const [index, name] of ['علی\u200Cرضا', 'ශ්\u200Dරී', '👩\u200D💻 Ada'].entries()) {
        const loginId = `u${index}@example.test`
        const browser = app.browser()
        const body = { loginId, name, givenName: name }
        expect((await postJson(browser, '/auth/magic-link', body)).status).toBe(202)
        await browser.visit(await app.linkFor(loginId))
        const me = await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')
        expect(me.data).toMatchObject({ name, givenName: name })
      }
      for (const name of [
        'Ada\u202Egnp.exe',
        'Ada\u2028',
        'Ada\u0000',
        'https:/\u200D/evil.test',
      ]) {
        const body = { loginId: address, name }
        const response = await postJson(app.browser(), '/auth/magic-link', body)
        expect(JSON.parse(response.body)).toEqual({ error: 'bad_request', field: 'name' })
      }
    })

    test.each([
      ['with another secret', { cookieSecret: 'another secret, of 32 bytes and more' }],
      ['with the same secret', { appUrl: 'http://127.0.0.1:3000' }],
    ])('P28: an attempt cookie of another app %s is ignored', async (_, options) => {
      await using app = await adapter.start()
      await using other = await adapter.start(options)
      const browser = app.browser()
      await postJson(browser, '/auth/magic-link', { loginId: address })
      const sealed = browser.cookie(app.cookieNames.attempt)
      const stolen = { cookie: `${other.cookieNames.attempt}=${sealed}` }
      const page = await other.browser().visit('/auth/check-inbox', { headers: stolen })
      expect(page.body).not.toContain(address)
      expect(page.body).toContain('If you requested a link')
    })

    test('login options come from the function of the app', async () => {
      await using app = await adapter.start({
        loginOptions: (request) => ({ customClaims: { from: request.header('user-agent') } }),
      })
      const browser = app.browser()
      await postJson(browser, '/auth/magic-link', { loginId: address }, { 'user-agent': 'Firefox' })
      await browser.visit(await app.linkFor(address))
      const [, payload = ''] = (browser.cookie(app.cookieNames.session) ?? '').split('.')
      expect(Buffer.from(payload, 'base64url').toString()).toContain('"from":"Firefox"')
    })
  })
}
