import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { postJson } from '../steps.ts'

const address = 'ada@example.test'

/** An outage or a wrong key of the service. */
export function serviceOutageCases(adapter: TestAdapter): void {
  describe(`an outage or a wrong key of the service, on ${adapter.name}`, () => {
    test('T-60: a management key that the service refuses signs no user out, and redeems no link', async () => {
      await using app = await adapter.start()
      const { clock, faults } = app.emulator
      const browser = app.browser()
      await app.signIn(browser)
      clock.advance(60_000)
      const other = app.browser()
      await other.visit('/auth/magic-link', { form: { loginId: address } })
      const link = await app.linkFor(address)
      const unauthorized = { status: 401, errorCode: 'E061004', times: 'always' } as const
      faults.add({ path: '/v1/auth/*', ...unauthorized })

      // The session token is still valid; requests to the service with it are refused.
      const stepUp = await browser.visit('/auth/step-up', { form: {} })
      const opened = await other.visit(link)
      clock.advance(11 * 60_000)
      const page = await browser.visit('/me')
      const program = await browser.visit('/me', { headers: { accept: 'application/json' } })
      const refresh = await browser.visit('/auth/refresh', { form: {} })
      for (const response of [stepUp, opened, page, program, refresh]) {
        expect(response.status).toBe(503)
        expect(response.headers['set-cookie']).toBeUndefined()
      }
      expect(browser.cookieNames).toContain(app.cookieNames.refresh)

      faults.clear()
      expect((await browser.visit('/me')).status).toBe(200)
    })

    test.each([
      [400, 'E061004', 503],
      [403, 'E099001', 503],
      [404, 'E099001', 503],
      [400, 'E064001', 401],
      [401, 'E061005', 401],
    ])(
      'P17: the service looks no user up (%i %s): %i, and the session goes on',
      async (status, errorCode, expected) => {
        await using app = await adapter.start({ limits: false })
        const browser = app.browser()
        await app.signIn(browser)
        app.emulator.faults.add({ path: '/v1/auth/me', status, errorCode })
        const refused = await postJson(browser, '/auth/step-up', {})
        expect([refused.status, refused.headers['set-cookie']]).toEqual([expected, undefined])
        expect((await postJson(browser, '/auth/step-up', {})).status).toBe(202)
      },
    )

    test('a login option that is nearly right is trouble of the app, and not of what a visitor typed', async () => {
      const loginOptions = (): object => ({ RevokeOtherSessions: true })
      await using app = await adapter.start({ loginOptions })
      const response = await postJson(app.browser(), '/auth/magic-link', { loginId: address })
      expect(response.status).toBe(503)
      expect(JSON.parse(response.body)).toEqual({ error: 'unavailable' })
      expect(app.emulator.inbox.list({ to: address })).toEqual([])
    })
  })
}
