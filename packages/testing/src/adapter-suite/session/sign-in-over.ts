import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { isSignedIn, setCookies } from '../steps.ts'
import { callApi } from './steps.ts'

const minute = 60_000
const eve = 'eve@example.test'

/** A browser that signed in as one user and then as another, and a late tab with the old cookies. */
async function signInOver(app: TestApp): Promise<{ browser: Browser; lateTab: Browser }> {
  const browser = app.browser()
  await app.signIn(browser)
  const lateTab = browser.copy()
  app.emulator.clock.advance(minute)
  await browser.visit('/auth/magic-link', { form: { loginId: eve } })
  await browser.submit(await browser.visit(await app.linkFor(eve)))
  expect(browser.cookie(app.cookieNames.refresh)).not.toBe(lateTab.cookie(app.cookieNames.refresh))
  return { browser, lateTab }
}

/** A sign-in in a browser that has a session. */
export function signInOverCases(adapter: TestAdapter): void {
  describe(`a sign-in over a session, on ${adapter.name}`, () => {
    test('P12: a copy of the old refresh token is worthless, and a late tab clears nothing', async () => {
      await using app = await adapter.start()
      const { browser, lateTab } = await signInOver(app)
      expect((await app.client.me(lateTab.cookie(app.cookieNames.refresh) ?? '')).ok).toBe(false)
      expect((await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')).ok).toBe(true)

      app.emulator.clock.advance(11 * minute)
      const late = await callApi(lateTab, '/me')
      expect([late.status, setCookies(late)]).toEqual([401, []])
      const refreshed = await lateTab.visit('/auth/refresh', { form: {} })
      expect([refreshed.status, setCookies(refreshed)]).toEqual([401, []])
      expect(await isSignedIn(browser)).toBe(true)
    })

    test('P12: a late tab does not bring the old user back, although the service failed', async () => {
      await using app = await adapter.start()
      app.emulator.faults.add({ path: '/v1/auth/logout', status: 502, times: 'always' })
      const { lateTab } = await signInOver(app)
      app.emulator.clock.advance(11 * minute)
      const late = await callApi(lateTab, '/me')
      expect([late.status, setCookies(late)]).toEqual([401, []])
      expect(app.calls('/v1/auth/refresh')).toBe(0)
    })

    test('a sign-in in a browser without a session makes no logout', async () => {
      await using app = await adapter.start()
      await app.signIn(app.browser())
      expect(app.calls('/v1/auth/logout')).toBe(0)
    })
  })
}
