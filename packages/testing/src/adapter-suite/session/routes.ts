import { describe, expect, test } from 'vitest'
import { vectorsOrSkip } from '../../tokens/vectors-or-skip.ts'
import { readVectors } from '../../tokens/vectors.ts'
import type { TestAdapter } from '../adapter.ts'
import { postForm } from '../steps.ts'
import { unsafeRoutes } from '../unsafe-routes.ts'

/** A row of Go's table for its cross-origin protection. */
interface GoCase {
  readonly name: string
  readonly method: string
  readonly secFetchSite: string
  readonly origin: string
  readonly allow: boolean
}

/** The session routes. */
export function sessionRouteCases(adapter: TestAdapter): void {
  describe(`the session routes, on ${adapter.name}`, () => {
    test('T-57: every unsafe route follows Go’s cross-origin rule', async (context) => {
      vectorsOrSkip(context)
      const { secFetchSite: cases }: { secFetchSite: readonly GoCase[] } = JSON.parse(
        readVectors('golang-csrf/cross_origin_cases.json'),
      )
      const appUrl = 'https://example.com'
      await using app = await adapter.start({ appUrl, methods: ['email', 'sms', 'enchanted'] })
      for (const { name, secFetchSite, origin, allow } of cases.filter(
        (c) => c.method === 'POST',
      )) {
        const headers = {
          accept: 'application/json',
          ...(secFetchSite && { 'sec-fetch-site': secFetchSite }),
          ...(origin && { origin }),
        }
        for (const route of unsafeRoutes) {
          const response = await app.browser().visit(`/auth${route}`, { form: { x: '1' }, headers })
          const refused = response.status === 403 && response.body.includes('cross_site_request')
          expect(refused, `${name}: ${route}`).toBe(!allow)
        }
      }
    })

    test('T-57: a wrong method is 405 with the allowed methods, and has no effect', async () => {
      await using app = await adapter.start({ methods: ['email', 'sms', 'enchanted'] })
      const browser = app.browser()
      await app.signIn(browser)
      for (const route of unsafeRoutes.filter((path) => !path.endsWith('/verify'))) {
        const response = await browser.visit(`/auth${route}`)
        expect(response.status, route).toBe(405)
        expect(response.headers['allow']).toBe('POST')
      }
      const session = await postForm(browser, '/auth/session')
      expect([session.status, session.headers['allow']]).toEqual([405, 'GET, HEAD'])
      expect((await browser.visit('/me')).status).toBe(200)
      expect((await browser.visit('/auth/nothing')).status).toBe(404)
    })

    test('GET /session describes the user without a secret, and is 401 without one', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      expect((await browser.visit('/auth/session')).status).toBe(401)
      await app.signIn(browser)
      const response = await browser.visit('/auth/session')
      const { userId, expiresAt, ...rest } = JSON.parse(response.body)
      expect(userId).toMatch(/^U/)
      expect(expiresAt).toBeGreaterThan(app.emulator.clock.now())
      expect(Object.keys(rest)).toEqual(['roles', 'permissions', 'tenants', 'amr'])
      expect(response.body).not.toContain(browser.cookie(app.cookieNames.session))
      expect(response.headers['cache-control']).toBe('no-store')
    })

    test('POST /refresh sets a new session before the old one expires', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      expect((await postForm(browser, '/auth/refresh')).status).toBe(401)
      await app.signIn(browser)
      const before = browser.cookie(app.cookieNames.session)
      app.emulator.clock.advance(60_000)
      const response = await postForm(browser, '/auth/refresh')
      expect(response.status).toBe(200)
      expect(JSON.parse(response.body).expiresAt).toBeGreaterThan(app.emulator.clock.now())
      expect(browser.cookie(app.cookieNames.session)).not.toBe(before)
    })

    test('T-61: a logout clears the cookies while the service is unavailable, too', async () => {
      await using app = await adapter.start()
      for (const route of ['/auth/logout', '/auth/logout-all']) {
        const browser = app.browser()
        await app.signIn(browser)
        const service = { path: route.replace('/auth/logout-all', '/auth/logoutall') }
        app.emulator.faults.add({ path: `/v1${service.path}`, drop: 'before', times: 'always' })
        const response = await postForm(browser, route)
        expect(response.status).toBe(204)
        expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
        app.emulator.clock.advance(60_000)
      }
    })

    test('a logout ends the refresh token at the service', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const stolen = browser.copy()
      await postForm(browser, '/auth/logout')
      app.emulator.clock.advance(11 * 60_000)
      expect((await stolen.visit('/auth/session')).status).toBe(401)
    })

    test('a logout with a Bearer token still ends the session of the cookies', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const refreshJwt = browser.cookie(app.cookieNames.refresh) ?? ''
      await postForm(browser, '/auth/logout', {}, { authorization: 'Bearer x.y.z' })
      expect((await app.client.me(refreshJwt)).ok).toBe(false)
    })

    test('a session cookie set by a sibling host does not prevent a logout', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const refreshJwt = browser.cookie(app.cookieNames.refresh) ?? ''
      const cookie = `${browser.cookiePairs(app.cookieNames.session)}; ${app.cookieNames.session}=tossed; ${browser.cookiePairs(app.cookieNames.refresh)}`
      await postForm(browser, '/auth/logout', {}, { cookie })
      expect((await app.client.me(refreshJwt)).ok).toBe(false)
    })

    test('a logout everywhere ends the other browser’s refresh token, too', async () => {
      await using app = await adapter.start()
      const [here, there] = [app.browser(), app.browser()]
      await app.signIn(here)
      app.emulator.clock.advance(60_000)
      await app.signIn(there)
      await postForm(here, '/auth/logout-all')
      app.emulator.clock.advance(11 * 60_000)
      expect((await there.visit('/auth/session')).status).toBe(401)
    })
  })
}
