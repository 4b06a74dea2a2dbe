import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { wrapStore } from '../../wrap-store.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { switchable } from '../deployment/store-outage.ts'
import { ada, isSignedIn, postForm, requestLink, setCookies } from '../steps.ts'
import { callApi } from './steps.ts'

const revocation = { onStoreError: 'deny' } as const
const minute = 60_000

/** Two sign-ins of one user, at different seconds, so that their tokens differ. */
async function signInTwice(app: TestApp): Promise<[Browser, Browser]> {
  const [first, second] = [app.browser(), app.browser()]
  await app.signIn(first)
  app.emulator.clock.advance(minute)
  await app.signIn(second)
  return [first, second]
}

/** Makes the service fail for a logout. */
function failLogout(app: TestApp, path: '/v1/auth/logout' | '/v1/auth/logoutall'): void {
  app.emulator.faults.add({ path, status: 502, times: 'always' })
}

/** What a logout ends, and what it responds where it could not. */
export function logoutCases(adapter: TestAdapter): void {
  describe(`a logout, on ${adapter.name}`, () => {
    test('P9: a copied token is worthless after a logout everywhere that only the store recorded', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const copy = browser.copy()
      failLogout(app, '/v1/auth/logoutall')
      expect((await postForm(browser, '/auth/logout-all')).status).toBe(204)
      for (const minutes of [20, 24 * 60]) {
        app.emulator.clock.advance(minutes * minute)
        expect(await isSignedIn(copy.copy())).toBe(false)
      }
    })

    test('with a guard that refreshes in front, a response has one line for each cookie, in any order', async () => {
      await using app = await adapter.start({ guardFirst: 'optional' })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * minute)
      const response = await postForm(browser, '/auth/logout')
      const { attempt, refresh, session } = app.cookieNames
      const lines = setCookies(response).map((line) => line.split(/=|; */).slice(0, 2))
      const others = lines.filter(([name]) => name !== attempt)
      expect(others).toEqual([
        [session, ''],
        [refresh, ''],
      ])
    })

    test('P9: a logout everywhere that nothing confirmed is 503, and can be repeated', async () => {
      const { store, fail, restore } = switchable()
      await using app = await adapter.start({ client: { store } })
      const [browser, elsewhere] = await signInTwice(app)
      failLogout(app, '/v1/auth/logoutall')
      fail()
      const failed = await postForm(browser, '/auth/logout-all')
      expect(failed.status).toBe(503)
      expect(setCookies(failed).map((line) => line.split('=')[0])).toEqual([
        app.cookieNames.attempt,
      ])
      expect(failed.headers['retry-after']).toBeDefined()
      const page = await browser.visit('/auth/logout-all', { form: { returnTo: '/bye' } })
      expect(page.status).toBe(503)

      restore()
      const repeated = await browser.submit(page)
      expect([repeated.status, repeated.location]).toEqual([303, '/bye'])
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
      app.emulator.clock.advance(11 * minute)
      expect(await isSignedIn(elsewhere)).toBe(false)
    })

    test('after a logout everywhere that was not recorded, a link opened twice signs in both times', async () => {
      let isRecording = false
      const store = wrapStore(memoryStore(), (operation, _, key) =>
        isRecording || !key.includes('revoked')
          ? operation()
          : Promise.reject(new Error('the store is unavailable')),
      )
      await using app = await adapter.start({ client: { store } })
      const browser = app.browser()
      await app.signIn(browser)
      failLogout(app, '/v1/auth/logoutall')
      expect((await postForm(browser, '/auth/logout-all')).status).toBe(503)
      isRecording = true
      for (const name of [app.cookieNames.session, app.cookieNames.refresh]) {
        browser.setCookie(`${name}=; Max-Age=0`)
      }
      const link = await requestLink(app, browser)
      const later = browser.copy()
      const opened = [await browser.visit(link), await later.visit(link)]
      expect(opened.map(({ location }) => location)).toEqual(['/me', '/me'])
    })

    test('P9: a logout that nothing confirmed is 503, and its cookies are cleared', async () => {
      const { store, fail } = switchable()
      await using app = await adapter.start({ client: { store } })
      const browser = app.browser()
      await app.signIn(browser)
      failLogout(app, '/v1/auth/logout')
      fail()
      const response = await postForm(browser, '/auth/logout')
      expect([response.status, response.body]).toEqual([503, '{"error":"unavailable"}'])
      expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
    })

    test('C5: with revocation, a logout that the store did not record is 503', async () => {
      for (const route of ['/auth/logout', '/auth/logout-all']) {
        const { store, fail, restore } = switchable()
        await using app = await adapter.start({ client: { store, revocation } })
        const browser = app.browser()
        await app.signIn(browser)
        const copy = browser.copy()
        const withoutRefresh = app.browser()
        withoutRefresh.setCookie(`${browser.cookiePairs(app.cookieNames.session)}; Path=/`)
        fail()
        for (const each of [browser, withoutRefresh]) {
          expect((await postForm(each, route)).status).toBe(503)
        }
        restore()
        expect((await postForm(copy.copy(), route)).status).toBe(204)
        expect(await isSignedIn(copy)).toBe(false)
      }
    })

    test('a logout is not confirmed by a service that rejects a token, since that was perhaps rotated', async () => {
      const { store, fail } = switchable()
      await using app = await adapter.start({ client: { store } })
      const browser = app.browser()
      await app.signIn(browser)
      const path = '/v1/auth/logout'
      app.emulator.faults.add({ path, status: 401, errorCode: 'E064001', times: 'always' })
      fail()
      expect((await postForm(browser, '/auth/logout')).status).toBe(503)
    })

    test('without revocation, the service alone confirms a logout', async () => {
      for (const route of ['/auth/logout', '/auth/logout-all']) {
        const { store, fail } = switchable()
        await using app = await adapter.start({ client: { store } })
        const browser = app.browser()
        await app.signIn(browser)
        fail()
        expect((await postForm(browser, route)).status).toBe(204)
        expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
      }
    })

    test('P10: of a refresh cookie that came twice, both tokens are ended', async () => {
      await using app = await adapter.start()
      const [first, second] = await signInTwice(app)
      const tokens = [
        first.cookie(app.cookieNames.refresh) ?? '',
        second.cookie(app.cookieNames.refresh) ?? '',
      ]
      const cookie = tokens.map((token) => `${app.cookieNames.refresh}=${token}`).join('; ')
      const response = await postForm(app.browser(), '/auth/logout', {}, { cookie })
      expect(response.status).toBe(204)
      for (const token of tokens) expect((await app.client.me(token)).ok).toBe(false)
    })

    test('P10: with revocation, of a session cookie that came twice, both tokens are ended', async () => {
      await using app = await adapter.start({ client: { revocation } })
      const [first, second] = await signInTwice(app)
      const cookie = `${first.cookiePairs(app.cookieNames.session)}; ${second.cookiePairs(app.cookieNames.session)}`
      await postForm(app.browser(), '/auth/logout', {}, { cookie })
      expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([false, false])
    })

    test('P10: with revocation, a session token is ended that came without its refresh token', async () => {
      for (const route of ['/auth/logout', '/auth/logout-all']) {
        await using app = await adapter.start({ client: { revocation } })
        const browser = app.browser()
        await app.signIn(browser, ada)
        const copy = browser.copy()
        const cookie = browser.cookiePairs(app.cookieNames.session)
        expect((await postForm(app.browser(), route, {}, { cookie })).status).toBe(204)
        expect((await copy.visit('/auth/session')).status).toBe(401)
      }
    })

    test.each(['/auth/logout', '/auth/logout-all'])(
      'P10: with revocation, a session token is ended that came as Bearer, by POST %s',
      async (path) => {
        await using app = await adapter.start({ client: { revocation } })
        const browser = app.browser()
        await app.signIn(browser)
        const bearer = { authorization: `Bearer ${browser.cookie(app.cookieNames.session)}` }
        const program = app.browser()
        expect((await callApi(program, '/me', bearer)).status).toBe(200)
        expect((await postForm(program, path, {}, bearer)).status).toBe(204)
        expect((await callApi(program, '/me', bearer)).status).toBe(401)
      },
    )
  })
}
