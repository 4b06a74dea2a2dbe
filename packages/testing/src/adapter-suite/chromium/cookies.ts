import { expect, test } from 'vitest'
import {
  describeInChromium,
  eventually,
  expectHeading,
  newPage,
  serveSite,
  startHttpsFront,
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
      const { session, refresh, attempt } = app.cookieNames
      expect(kept.map(({ name }) => name).sort()).toEqual([refresh, session, attempt])
      for (const { name, value, expires, ...attributes } of kept) {
        expect(attributes, name).toMatchObject({
          domain: 'localhost',
          path: '/',
          httpOnly: true,
          secure: false,
          sameSite: 'Lax',
        })
        if (name === attempt) continue
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

    test('P3: a sibling host that sets session cookies for the domain signs no user in as another', async () => {
      await using front = await startHttpsFront()
      const appUrl = `https://a.app.localhost:${front.port}`
      await using app = await startAccountApp(adapter, { appUrl })
      front.leadTo(app.address)
      const attacker = app.browser()
      await app.signIn(attacker, 'eve@example.test')
      const { session, refresh } = app.cookieNames
      const theirs = [attacker.cookie(session), attacker.cookie(refresh)]
      const names = [...['DS', 'DSR'], ...[session, refresh]]
      await using sibling = await serveSite(siblingPage, {
        'Set-Cookie': names.map(
          (name, index) => `${name}=${theirs[index % 2]}; Domain=app.localhost; Path=/; Secure`,
        ),
      })
      await using siblingFront = await startHttpsFront()
      siblingFront.leadTo(sibling.url)

      const page = await newPage({ ignoreHTTPSErrors: true })
      await signIn(page, app)
      await page.goto(`https://b.app.localhost:${siblingFront.port}/`)
      expect(await sessionCookies(page, app)).toEqual(['DS', 'DSR', refresh, session].sort())
      await page.goto(`${app.origin}/account`)
      await expectSignedIn(page)
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await expectHeading(page, 'Sign in')
      expect(await sessionCookies(page, app)).toEqual(['DS', 'DSR'])
      await page.goto(`${app.origin}/account`)
      await expectHeading(page, 'Sign in')
    })

    test('U12: two apps on two ports of localhost keep two sessions, and a sign-out ends one', async () => {
      await using first = await startAccountApp(adapter)
      await using second = await startAccountApp(adapter)
      const page = await newPage()
      await signIn(page, first)
      await page.goto(`${second.origin}/account`)
      await expectHeading(page, 'Sign in')
      await signIn(page, second, 'grace@example.test')
      await page.goto(`${first.origin}/account`)
      await expectSignedIn(page)
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await expectHeading(page, 'Sign in')
      await page.goto(`${second.origin}/account`)
      await expectSignedIn(page, 'grace@example.test')
    })

    test('T-44: a cookie set by a sibling host signs out, and the next sign-in works', async () => {
      await using app = await startAccountApp(adapter, { host: 'a.app.localhost' })
      const page = await newPage()
      await signIn(page, app)
      const siblingCookie = `${app.cookieNames.session}=${'x'.repeat(40)}; Domain=app.localhost; Path=/`
      await using sibling = await serveSite(siblingPage, {
        'Set-Cookie': siblingCookie,
      })
      await page.goto(sibling.url.replace('127.0.0.1', 'b.app.localhost'))
      const { session, refresh } = app.cookieNames
      expect(await sessionCookies(page, app)).toEqual([refresh, session, session])
      await page.goto(`${app.origin}/account`)
      await expectHeading(page, 'Sign in')
      await eventually(() => sessionCookies(page, app)).toEqual([])
      app.emulator.clock.advance(30_000)
      await signIn(page, app)
      await page.reload()
      await expectSignedIn(page)
      expect(await cookieOf(page, app, 'session')).toMatch(/^eyJ/)
    })
  })
}

// With an icon of its own, as the browser's request for one would set the cookie again, later.
const siblingPage = '<!doctype html><title>Sibling</title><link rel="icon" href="data:,">'
