import { systemClock } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'

const emulator = { rotateRefreshTokens: true, rotationGraceSeconds: 0 }
const fetching = { accept: 'application/json' }

/** A slow tab with rotation on. */
export function rotationCases(adapter: TestAdapter): void {
  describe(`a slow tab with rotation on, on ${adapter.name}`, () => {
    test('T-58: a late request with the old cookie signs no user out', async () => {
      await using app = await adapter.start({ emulator })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      // Both tabs of one browser send the same old cookie; the request of the second one is slow.
      const slowTab = browser.copy()
      const oldCookie = browser.cookie(app.cookieNames.refresh)
      expect((await browser.visit('/me')).status).toBe(200)
      expect(browser.cookie(app.cookieNames.refresh)).not.toBe(oldCookie)
      // The new cookies arrived: the next request brings them.
      await browser.visit('/me')

      app.emulator.clock.advance(30_000)
      const late = await slowTab.visit('/me', { headers: fetching })
      expect([late.status, late.body]).toEqual([401, '{"error":"unauthorized"}'])
      // A browser applies every response to the cookies that its tabs share.
      expect(late.headers['set-cookie']).toBeUndefined()
      expect((await browser.visit('/me')).status).toBe(200)

      const step = await slowTab.visit('/auth/email', { form: { email: 'new@example.test' } })
      expect(step.headers['set-cookie']).toBeUndefined()
      const refreshed = await slowTab.visit('/auth/refresh', { form: {} })
      expect([refreshed.status, refreshed.headers['set-cookie']]).toEqual([401, undefined])
    })

    test('U11: a browser that lost the response gets the same cookies when it is back', async () => {
      await using app = await adapter.start({ emulator })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      const lost = browser.copy()
      await lost.visit('/me')

      app.emulator.clock.advance(110_000)
      expect((await browser.visit('/me')).status).toBe(200)
      expect(browser.cookie(app.cookieNames.refresh)).toBe(lost.cookie(app.cookieNames.refresh))
      expect(app.calls('/v1/auth/refresh')).toBe(1)
    })

    test.each([-200, 200])(
      'P13: a stolen rotated token gets no successor that is in use, with our clock %i s ahead',
      async (seconds) => {
        let time = (): number => systemClock.now()
        const now = (): number => time() + seconds * 1000
        await using app = await adapter.start({
          emulator,
          client: { clock: { ...systemClock, now } },
        })
        time = () => app.emulator.clock.now()
        const browser = app.browser()
        await app.signIn(browser)
        const thief = browser.copy()
        app.emulator.clock.advance(20 * 60_000)
        await browser.visit('/me')
        expect((await browser.visit('/me')).status).toBe(200)

        app.emulator.clock.advance(30_000)
        const stolen = await thief.visit('/me', { headers: fetching })
        expect([stolen.status, stolen.headers['set-cookie']]).toEqual([401, undefined])
      },
    )

    test('a session that ended at the service is still cleared', async () => {
      await using app = await adapter.start({ emulator })
      const browser = app.browser()
      await app.signIn(browser)
      await app.client.logoutAll(browser.cookie(app.cookieNames.refresh) ?? '')
      app.emulator.clock.advance(11 * 60_000)
      await browser.visit('/me')
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
    })
  })
}
