import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { setCookies } from '../steps.ts'
import { api, callApi } from './steps.ts'

/** Refreshing a session. */
export function refreshCases(adapter: TestAdapter): void {
  describe(`refreshing a session, on ${adapter.name}`, () => {
    test('unavailable keys: 503 with Retry-After, and cookies are kept, for pages and programs', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const cold = await adapter.start()
      await using _ = cold
      cold.emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
      const cookie = `${cold.cookieNames.session}=${browser.cookie(app.cookieNames.session)}`
      for (const headers of [api, { accept: 'text/html', 'sec-fetch-mode': '' }]) {
        const response = await cold.browser().visit('/me', { headers: { ...headers, cookie } })
        expect(response.status).toBe(503)
        expect(response.headers['retry-after']).toMatch(/^[1-9]\d*$/)
        expect(setCookies(response)).toEqual([])
      }
    })

    test('T-60: a refresh that fails by an outage is 503 and signs no user out', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      for (const fault of [{ status: 503 }, { status: 502 }, { drop: 'before' as const }]) {
        app.emulator.faults.add({ path: '/v1/auth/refresh', ...fault })
        const response = await callApi(browser, '/me')
        expect(response.status).toBe(503)
        expect(setCookies(response)).toEqual([])
        app.emulator.clock.advance(60_000)
      }
      expect((await callApi(browser, '/me')).status).toBe(200)
    })

    test('T-59: a refresh whose response was lost is not repeated, and ends no session', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      app.emulator.faults.add({ path: '/v1/auth/refresh', drop: 'after' })
      const response = await callApi(browser, '/me')
      expect(response.status).toBe(503)
      expect(response.headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expect(setCookies(response)).toEqual([])
      expect(app.calls('/v1/auth/refresh')).toBe(1)
      expect((await callApi(browser, '/me')).status).toBe(200)
    })

    test('a refresh that the service refuses ends the session', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      await app.client.logout(browser.cookie(app.cookieNames.refresh) ?? '')
      app.emulator.clock.advance(11 * 60_000)
      const response = await callApi(browser, '/me')
      expect(response.status).toBe(401)
      expect(response.body).toBe('{"error":"unauthorized"}')
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
    })

    test('an expired session is refreshed once', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      expect(browser.cookieNames).not.toContain(app.cookieNames.session)
      const response = await browser.visit('/me')
      expect(response.status).toBe(200)
      expect(response.headers['cache-control']).toBe('no-store')
      expect(browser.cookieNames).toContain(app.cookieNames.session)
      expect((await browser.visit('/me')).status).toBe(200)
      expect(app.calls('/v1/auth/refresh')).toBe(1)
    })

    test('T-58: fifty requests with one expired session make one refresh, and all succeed', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      const cookie = browser.cookiePairs(app.cookieNames.refresh)
      const responses = await Promise.all(
        Array.from({ length: 50 }, () => callApi(app.browser(), '/me', { cookie })),
      )
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
      expect(
        responses.every((response) =>
          setCookies(response).some((c) => c.startsWith(`${app.cookieNames.session}=`)),
        ),
      ).toBe(true)
      expect(app.calls('/v1/auth/refresh')).toBe(1)
    })

    test('a guard behind another guard sets no cookie a second time', async () => {
      await using app = await adapter.start({
        routes: [
          {
            path: '/twice',
            guards: ['optional', 'required'],
            respond: ({ session }) => ({ body: session?.userId }),
          },
        ],
      })
      const response = await (await browserWithExpiredSession(app)).visit('/twice')
      expect(response.status).toBe(200)
      const names = [response.headers['set-cookie'] ?? []].flat().map((line) => line.split('=')[0])
      expect(names).toEqual([app.cookieNames.session, app.cookieNames.refresh])
    })

    test('T-37: the page of an outage links to a path of the app, whatever the request target was', async () => {
      await using app = await adapter.start({
        routes: [{ path: '*', guards: ['required'], respond: () => ({ body: 'ok' }) }],
      })
      const browser = await browserWithExpiredSession(app)
      app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
      const response = await browser.visit(`${app.origin}//evil.example/x`)
      expect(response.status).toBe(503)
      expect(response.body).not.toContain('evil.example')
    })

    test('T-39: a refreshed session with the stylesheet of the pages is not cacheable', async () => {
      await using app = await adapter.start({ guardFirst: 'optional' })
      const browser = await browserWithExpiredSession(app)
      const styles = await browser.visit('/auth/verify/style.css')
      expect(String(styles.headers['set-cookie'])).toContain(`${app.cookieNames.session}=`)
      expect(styles.headers['cache-control']).toBe('no-store')
      const later = await browser.visit('/auth/verify/style.css')
      expect(later.headers['cache-control']).toBe('public, max-age=3600')
    })

    test('a logout behind a guard ends the session that the guard has just refreshed', async () => {
      await using app = await adapter.start({
        client: { revocation: { onStoreError: 'deny' } },
        guardFirst: 'optional',
      })
      const browser = await browserWithExpiredSession(app)
      // Another tab has the new session, which the guard gets as well.
      const other = browser.copy()
      expect((await other.visit('/me')).status).toBe(200)
      await browser.visit('/auth/logout', { form: {} })
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
      const { status } = await other.visit('/me', { headers: { accept: 'application/json' } })
      expect(status).toBe(401)
    })
  })
}

/** A browser whose session has to be refreshed. */
async function browserWithExpiredSession(app: TestApp): Promise<Browser> {
  const browser = app.browser()
  await app.signIn(browser)
  app.emulator.clock.advance(11 * 60_000)
  return browser
}
