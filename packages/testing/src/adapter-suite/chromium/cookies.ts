import { expect, test } from 'vitest'
import {
  describeInChromium,
  eventually,
  expectHeading,
  newPage,
  serveSite,
} from '../../chromium/index.ts'
import type { TestAdapter } from '../adapter.ts'
import { ada, claimsOf } from '../steps.ts'
import {
  cookieOf,
  openLink,
  requestLink,
  sessionCookies,
  signIn,
  startAccountApp,
  expectSignedIn,
} from './account-app.ts'

/** Cookies. */
export function cookiesInChromium(adapter: TestAdapter): void {
  describeInChromium(`cookies, in Chromium on ${adapter.name}`, () => {
    test('T-41: cookies are HttpOnly and Lax, and expire with their tokens', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await signIn(page, app)
      expect(await page.evaluate('document.cookie')).toBe('')
      const kept = await page.context().cookies(app.origin)
      expect(kept.map(({ name }) => name).sort()).toEqual(['DS', 'DSR', 'linkpass-attempt'])
      for (const { name, value, expires, ...attributes } of kept) {
        expect(attributes, name).toMatchObject({
          ...{ domain: 'localhost', path: '/', httpOnly: true, secure: false, sameSite: 'Lax' },
        })
        if (name === 'linkpass-attempt') continue
        const { exp } = claimsOf(value)
        // To the second, on a clock that runs.
        expect(Math.abs(Number(exp) - expires), name).toBeLessThan(10)
      }
    })

    test('T-42: a session too large for a cookie gets an error page, without a redirect loop', async () => {
      await using app = await startAccountApp(adapter, {
        loginOptions: () => ({ customClaims: { big: 'x'.repeat(4000) } }),
      })
      const page = await newPage()
      await requestLink(page, app)
      const statuses: number[] = []
      page.on('response', (response) => {
        if (response.request().isNavigationRequest()) statuses.push(response.status())
      })
      await openLink(page, app)
      await expectHeading(page, 'Sign-in didn’t finish')
      expect(statuses).toEqual([500])
      expect(await sessionCookies(page, app)).toEqual([])
    })

    test('T-43: many attempts with a long returnTo leave one cookie, and the last link works', async () => {
      await using app = await startAccountApp(adapter, { limits: false })
      const page = await newPage()
      const returnTo = `/account?${'x'.repeat(2000)}`
      await page.goto(`${app.origin}/auth/sign-in`)
      const statuses = await page.evaluate<number[]>(`(async () => {
      const statuses = []
      for (let count = 0; count < 20; count += 1) {
        const body = new URLSearchParams({ loginId: '${ada}', returnTo: '${returnTo}' })
        const response = await fetch('/auth/magic-link', { method: 'POST', body })
        statuses.push(response.status)
      }
      return statuses
    })()`)
      expect(new Set(statuses)).toEqual(new Set([202]))
      const [cookie, ...others] = await page.context().cookies(app.origin)
      expect(others).toEqual([])
      expect(`${cookie?.name}${cookie?.value}`.length).toBeLessThanOrEqual(4096)
      const [newest] = app.emulator.inbox.list({ to: ada })
      await page.goto(newest?.links[0]?.url ?? '')
      await expectSignedIn(page)
    })

    test('T-44: a cookie set by a sibling host signs out, and the next sign-in works', async () => {
      await using app = await startAccountApp(adapter, { host: 'a.app.localhost' })
      const page = await newPage()
      await signIn(page, app)
      const siblingCookie = `DS=${'x'.repeat(40)}; Domain=app.localhost; Path=/`
      await using sibling = await serveSite('<!doctype html><title>Sibling</title>', {
        'Set-Cookie': siblingCookie,
      })
      await page.goto(sibling.url.replace('127.0.0.1', 'b.app.localhost'))
      expect(await sessionCookies(page, app)).toEqual(['DS', 'DS', 'DSR'])
      await page.goto(`${app.origin}/account`)
      await expectHeading(page, 'Sign in')
      await eventually(() => sessionCookies(page, app)).toEqual([])
      app.emulator.clock.advance(30_000)
      await signIn(page, app)
      await page.reload()
      await expectSignedIn(page)
      expect(await cookieOf(page, app, 'DS')).toMatch(/^eyJ/)
    })
  })
}
