import { describe, expect, test } from 'vitest'
import type { BrowserResponse } from '../../browser.ts'
import type { TestAdapter } from '../adapter.ts'
import { postJson } from '../steps.ts'
import { unsafeRoutes } from '../unsafe-routes.ts'

const pages = ['/sign-in', '/check-inbox', '/waiting', '/session', '/enchanted-link/status']

function expectPrivate({ headers, status }: BrowserResponse, what: string): void {
  expect(headers['cache-control'], what).toBe('no-store')
  expect(headers['etag'], what).toBeUndefined()
  if (status === 303) expect(headers['referrer-policy'], what).toBe('no-referrer')
  else if (status !== 204) expect(headers['x-content-type-options'], what).toBe('nosniff')
}

/** The headers of the responses of the routes. */
export function responseHeaderCases(adapter: TestAdapter): void {
  describe(`headers of the routes, on ${adapter.name}`, () => {
    test('P35, P36: no response is stored, sniffed, or sent on as a referrer', async () => {
      await using app = await adapter.start({ methods: ['email', 'enchanted'] })
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
      const link = await app.linkFor('ada@example.test')
      const other = app.browser()
      const page = await other.visit(link)
      expect(page.body).toContain('name="t"')
      expectPrivate(page, 'the confirmation page, which holds the token')
      expectPrivate(await browser.visit(link), 'the redeemed link')
      for (const path of pages) expectPrivate(await browser.visit(`/auth${path}`), path)
      for (const path of unsafeRoutes) {
        expectPrivate(await other.visit(`/auth${path}`, { form: {} }), path)
        expectPrivate(await postJson(other, `/auth${path}`, {}), path)
      }
    })
  })
}
