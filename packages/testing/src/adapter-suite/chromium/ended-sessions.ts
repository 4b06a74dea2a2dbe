import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  describeInChromium,
  eventually,
  expectHeading,
  newPage,
  serveSite,
} from '../../chromium/index.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import {
  cookieOf,
  expectSignedIn,
  openLink,
  openSignedIn,
  requestLink,
  sessionCookies,
  startAccountApp,
} from './account-app.ts'

const eve = 'eve@example.test'

/** Sessions that end, with the cookies that Chromium holds and sends. */
export function endedSessionsInChromium(adapter: TestAdapter): void {
  describeInChromium(`ended sessions, in Chromium on ${adapter.name}`, () => {
    test('P10: a logout ends both tokens of a refresh cookie that a sibling host set as well', async () => {
      await using app = await startAccountApp(adapter, { host: 'a.app.localhost' })
      const page = await newPage()
      await openSignedIn(page, app)
      const own = await cookieOf(page, app, 'refresh')
      const other = app.browser()
      await app.signIn(other, eve)
      const { session, refresh } = app.cookieNames
      const planted = other.cookie(refresh) ?? ''
      await using sibling = await serveSite(
        '<!doctype html><title>Sibling</title><link rel="icon" href="data:,">',
        {
          'Set-Cookie': `${refresh}=${planted}; Domain=app.localhost; Path=/`,
        },
      )
      const tab = await page.context().newPage()
      await tab.goto(sibling.url.replace('127.0.0.1', 'b.app.localhost'))
      expect(await sessionCookies(page, app)).toEqual([refresh, refresh, session].sort())
      await signOut(page)
      expect(await areLive(app, own, planted)).toEqual([false, false])
      await eventually(() => sessionCookies(page, app)).toEqual([])
    })

    test('P10: a logout ends the session token of a browser that lost its refresh token', async () => {
      const revocation = { onStoreError: 'deny' } as const
      await using app = await startAccountApp(adapter, { client: { revocation } })
      const page = await newPage()
      await openSignedIn(page, app)
      const copy = app.browser()
      const { session, refresh } = app.cookieNames
      copy.setCookie(`${session}=${await cookieOf(page, app, 'session')}; Path=/`)
      expect((await copy.visit('/me')).status).toBe(200)
      await page.context().clearCookies({ name: refresh })
      await signOut(page)
      expect((await copy.visit('/auth/session')).status).toBe(401)
    })

    test('P12: a sign-in over a session ends the refresh token that the browser held', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app, eve)
      const old = await cookieOf(page, app, 'refresh')
      await requestLink(page, app)
      await openLink(page, app)
      await expectHeading(page, 'Sign in to Acme?')
      await page.getByRole('button').click()
      await expectSignedIn(page)
      expect(await areLive(app, old, await cookieOf(page, app, 'refresh'))).toEqual([false, true])
      const { session, refresh } = app.cookieNames
      expect(await sessionCookies(page, app)).toEqual([refresh, session].sort())
    })
  })
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expectHeading(page, 'Sign in')
}

/** Whether the service still accepts each of these refresh tokens. */
async function areLive(app: TestApp, ...tokens: readonly (string | undefined)[]): Promise<unknown> {
  return await Promise.all(tokens.map(async (token) => (await app.client.me(token ?? '')).ok))
}
