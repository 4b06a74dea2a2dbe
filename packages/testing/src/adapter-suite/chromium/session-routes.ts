import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, expectHeading, newPage, tabTo } from '../../chromium/index.ts'
import type { TestAdapter } from '../adapter.ts'
import {
  cookieOf,
  mailedLink,
  openSignedIn,
  sessionCookies,
  signInByKeyboard,
  startAccountApp,
  expectSignedIn,
} from './account-app.ts'

const refreshCalls = '/v1/auth/refresh'
const minutes = 60_000

/** The session routes. */
export function sessionRoutesInChromium(adapter: TestAdapter): void {
  describeInChromium(`the session routes, in Chromium on ${adapter.name}`, () => {
    test.each([
      ['as it is', 'event.request'],
      ['with options', "event.request, { cache: 'no-store' }"],
      ['as a request of its own', 'new Request(event.request, { headers: event.request.headers })'],
    ])(
      'a guarded page leads to the sign-in page through a service worker that passes it on %s',
      async (_, passed) => {
        const worker = `addEventListener('install', () => skipWaiting())
        addEventListener('activate', (event) => event.waitUntil(clients.claim()))
        addEventListener('fetch', (event) => event.respondWith(fetch(${passed})))`
        const headers = { 'Content-Type': 'text/javascript' }
        await using app = await startAccountApp(adapter, {
          routes: [{ path: '/worker.js', respond: () => ({ headers, body: worker }) }],
        })
        const page = await newPage()
        await page.goto(`${app.origin}/`)
        await page.evaluate(`new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', resolve)
        navigator.serviceWorker.register('/worker.js')
      })`)
        await page.goto(`${app.origin}/account`)
        await expectHeading(page, 'Sign in')
        expect(page.url()).toBe(`${app.origin}/auth/sign-in?returnTo=%2Faccount`)
      },
    )

    test('POST /refresh by script sets a new session, and GET /session says when it expires', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app)
      const before = await cookieOf(page, app, 'session')
      app.emulator.clock.advance(5 * minutes)
      const response = await callRoute(page, '/auth/refresh', 'POST')
      expect(response).toEqual({ status: 200, body: { expiresAt: expect.any(Number) } })
      expect(await cookieOf(page, app, 'session')).not.toBe(before)
      expect(await callRoute(page, '/auth/session')).toMatchObject({
        status: 200,
        body: response.body,
      })
      expect(app.calls(refreshCalls)).toBe(1)
    })

    test('POST /refresh by a form, without script and by keyboard, returns to the page', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage({ javaScriptEnabled: false })
      await signInByKeyboard(page, app)
      const before = await cookieOf(page, app, 'session')
      app.emulator.clock.advance(5 * minutes)
      await tabTo(page, 'Stay signed in')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/account?refreshed')
      await expectSignedIn(page)
      expect(await cookieOf(page, app, 'session')).not.toBe(before)
      expect(app.calls(refreshCalls)).toBe(1)
    })

    test('POST /refresh for an ended session is 401, and its cookies are cleared', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app)
      await app.client.logout((await cookieOf(page, app, 'refresh')) ?? '')
      const unauthorized = { status: 401, body: { error: 'unauthorized' } }
      expect(await callRoute(page, '/auth/refresh', 'POST')).toEqual(unauthorized)
      expect(await sessionCookies(page, app)).toEqual([])
      expect(await callRoute(page, '/auth/session')).toEqual(unauthorized)
    })

    test('T-58: ten requests of a page with one expired session make one refresh, and all succeed', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app)
      app.emulator.clock.advance(11 * minutes)
      const statuses = await page.evaluate<number[]>(`Promise.all(
      Array.from({ length: 10 }, async () => (await fetch('/auth/session')).status))`)
      expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
      expect(app.calls(refreshCalls)).toBe(1)
    })

    test('T-62: POST /email changes the own account only, and requires the refresh token', async () => {
      await using app = await startAccountApp(adapter, { limits: false })
      const page = await newPage()
      await openSignedIn(page, app)
      await callRoute(page, '/auth/step-up', 'POST', {})
      await page.goto(await mailedLink(app))
      await page.goto(`${app.origin}/account`)
      const email = 'new@example.test'
      const named = await callRoute(page, '/auth/email', 'POST', {
        email,
        loginId: 'eve@example.test',
      })
      expect(named).toEqual({ status: 400, body: { error: 'bad_request', field: 'loginId' } })
      await page.context().clearCookies({ name: app.cookieNames.refresh })
      const alone = await callRoute(page, '/auth/email', 'POST', { email })
      expect(alone.status).toBe(401)
      expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
    })

    test('POST /logout-all by keyboard ends the session of the other browser, too', async () => {
      await using app = await startAccountApp(adapter)
      const [here, there] = [await newPage({ javaScriptEnabled: false }), await newPage()]
      await signInByKeyboard(here, app)
      await openSignedIn(there, app)
      await tabTo(here, 'Sign out everywhere')
      await here.keyboard.press('Enter')
      await expectHeading(here, 'Sign in')
      expect(await sessionCookies(here, app)).toEqual([])
      app.emulator.clock.advance(11 * minutes)
      await there.reload()
      await expectHeading(there, 'Sign in')
      expect(await sessionCookies(there, app)).toEqual([])
    })

    test.each([
      ['Sign out', '/v1/auth/logout'],
      ['Sign out everywhere', '/v1/auth/logoutall'],
    ])(
      'T-61: "%s" clears the cookies while the service is unavailable, too',
      async (name, path) => {
        await using app = await startAccountApp(adapter)
        const page = await newPage()
        await openSignedIn(page, app)
        app.emulator.faults.add({ path, drop: 'before', times: 'always' })
        await page.getByRole('button', { name, exact: true }).click()
        await expectHeading(page, 'Sign in')
        expect(await sessionCookies(page, app)).toEqual([])
      },
    )
  })
}

/** The response that a script of the open page gets from a route. */
function callRoute(
  page: Page,
  path: string,
  method = 'GET',
  fields?: Readonly<Record<string, string>>,
): Promise<{ status: number; body: unknown }> {
  const body = fields && new URLSearchParams(fields).toString()
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const options = JSON.stringify({ method, ...(body !== undefined && { headers, body }) })
  return page.evaluate(`fetch('${path}', ${options}).then(async (response) =>
    ({ status: response.status, body: await response.json() }))`)
}
