import { memoryStore, systemClock } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import { makeKey, refreshToken } from '../../tokens/keys.ts'
import { wrapStore } from '../../wrap-store.ts'
import type { TestAdapter } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'

/** What a logout costs the service and the store whose tokens no one has issued. */
export function madeUpTokenCases(adapter: TestAdapter): void {
  describe(`a logout with made-up tokens, on ${adapter.name}`, () => {
    test('P4: made-up refresh tokens that name unknown keys cause few requests, in any number', async () => {
      // A second that never ends, in which the service may be sent ten of them.
      const clock = { ...systemClock, monotonic: () => 0 }
      await using app = await adapter.start({ client: { clock } })
      await app.client.warmUp()
      const { projectId: iss } = app.emulator
      const forger = makeKey('K1', 'ES256')
      const statuses = new Set<number>()
      const logOut = async (index: number): Promise<void> => {
        const parts = { header: { kid: `made-up-${index}` }, claims: { iss } }
        const cookie = `${app.cookieNames.refresh}=${refreshToken(forger, parts, clock.now())}`
        const route = index % 2 === 0 ? '/auth/logout' : '/auth/logout-all'
        statuses.add((await postForm(app.browser(), route, {}, { cookie })).status)
      }
      await Promise.all(Array.from({ length: 60 }, (_, index) => logOut(index)))
      const sent = app.calls('/v1/auth/logout') + app.calls('/v1/auth/logoutall')
      expect(sent).toBeLessThanOrEqual(10)
      expect(statuses).toEqual(new Set([204, 503]))
      const browser = app.browser()
      await app.signIn(browser)
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
    })

    test('made-up refresh cookies put nothing into the store', async () => {
      const written: string[] = []
      const store = wrapStore(memoryStore(), (operation, name, key) => {
        if (/^(?:set|append|replace|increment)/.test(name)) written.push(key)
        return operation()
      })
      await using app = await adapter.start({ client: { store } })
      const browser = app.browser()
      // Whoever opens a page of a link has a sealed attempt cookie, and a new one after each logout.
      await browser.visit('/auth/magic-link', { form: { loginId: ada } })
      await app.client.warmUp()
      const { clock, projectId: iss } = app.emulator
      const forged = refreshToken(makeKey('K1', 'ES256'), { claims: { iss } }, clock.now())
      written.length = 0
      for (const [index, token] of ['a.b.c', forged, 'a.b.d', forged].entries()) {
        browser.setCookie(`${app.cookieNames.refresh}=${token}; Path=/`)
        await postForm(browser, index < 2 ? '/auth/logout' : '/auth/logout-all')
      }
      expect(written).toEqual([])
    })

    test('made-up refresh cookies are not sent to the service', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const made = Array.from(
        { length: 50 },
        (_, index) => `${app.cookieNames.refresh}=a.b.${index}`,
      )
      const cookie = [...made, browser.cookiePairs(app.cookieNames.refresh)].join('; ')
      const response = await postForm(app.browser(), '/auth/logout', {}, { cookie })
      expect(response.status).toBe(204)
      expect(app.calls('/v1/auth/logout')).toBe(1)
      expect((await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')).ok).toBe(false)
    })
  })
}
