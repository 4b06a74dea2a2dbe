import { expect, test } from 'vitest'
import {
  describeInChromium,
  eventually,
  expectHeading,
  newPage,
  serveSite,
} from '../../chromium/index.ts'
import type { TestAdapter } from '../adapter.ts'
import { ada } from '../steps.ts'
import {
  mailedLink,
  openLink,
  openSignedIn,
  requestLink,
  sessionCookies,
  startAccountApp,
  expectSignedIn,
} from './account-app.ts'

/** A magic link. */
export function magicLinkInChromium(adapter: TestAdapter): void {
  describeInChromium(`a magic link, in Chromium on ${adapter.name}`, () => {
    test('opened in the browser that requested it, signs in without another click', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await page.goto(`${app.origin}/account`)
      await expectHeading(page, 'Sign in')
      await page.getByLabel('Email address').fill(ada)
      await page.getByRole('button', { name: 'Email me a link' }).click()
      await expectHeading(page, 'Check your inbox')
      expect(await page.getByText(ada).isVisible()).toBe(true)
      await openLink(page, app)
      await expectSignedIn(page)
      expect(page.url()).toBe(`${app.origin}/account`)

      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await expectHeading(page, 'Sign in')
      expect(await sessionCookies(page, app)).toEqual([])
    })

    test.each([
      ['+1 (555) 010-0123', '+15550100123', 'Check your phone'],
      [ada, ada, 'Check your inbox'],
    ])(
      'U20: Enter on %s sends a link there, from one page for addresses and numbers',
      async (typed, to, heading) => {
        await using app = await adapter.start({ methods: ['email', 'sms'] })
        const page = await newPage()
        await page.goto(`${app.origin}/auth/sign-in`)
        await page.getByLabel('Email address or phone number').fill(typed)
        await page.keyboard.press('Enter')
        await expectHeading(page, heading)
        await app.linkFor(to)
      },
    )

    test('opened in another tab, is noticed once the tab that waits for it is shown again', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await requestLink(page, app)
      const other = await page.context().newPage()
      await openLink(other, app)
      await expectSignedIn(other)
      // Chromium without a window shows every tab all the time.
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
      await expectHeading(page, 'You are signed in')
      await page.getByRole('link', { name: 'Continue' }).click()
      await expectSignedIn(page)
    })

    test('is noticed by a sign-in page in another tab, too, once that is shown again', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await page.goto(`${app.origin}/auth/sign-in?returnTo=/account`)
      const other = await page.context().newPage()
      await requestLink(other, app)
      await openLink(other, app)
      await expectSignedIn(other)
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
      await page.getByRole('link', { name: 'Continue' }).click()
      await expectSignedIn(page)
    })

    test('opened in another browser, even without script, signs in by one button', async () => {
      await using app = await startAccountApp(adapter)
      const [first, second] = [await newPage(), await newPage({ javaScriptEnabled: false })]
      await requestLink(first, app)
      await openLink(second, app)
      await expectHeading(second, 'Sign in to Acme?')
      await second.getByRole('button').click()
      await expectSignedIn(second)

      await first.goto(`${app.origin}/account`)
      await expectHeading(first, 'Sign in')
    })

    test('leads on to another origin, where the app’s page redirects to one', async () => {
      await using elsewhere = await serveSite('<!doctype html><h1>Another origin</h1>')
      const headers = { Location: elsewhere.url }
      await using app = await startAccountApp(adapter, {
        pages: { afterSignIn: '/onward' },
        routes: [{ path: '/onward', respond: () => ({ status: 302, headers, body: '' }) }],
      })
      const [first, second] = [await newPage(), await newPage()]
      await requestLink(first, app)
      await openLink(second, app)
      await expectHeading(second, 'Sign in to Acme?')
      await second.getByRole('button').click()
      await expectHeading(second, 'Another origin')
      expect(await sessionCookies(second, app)).toHaveLength(2)
    })

    test('T-30: opened by a mail scanner first, still signs the user in', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await requestLink(page, app)
      const url = await mailedLink(app)
      for (const method of ['HEAD', 'GET', 'GET', 'GET']) {
        const response = await fetch(url, { method, redirect: 'manual' })
        expect(response.status).toBe(200)
        const names = response.headers.getSetCookie().map((line) => line.split('=', 1)[0])
        expect(names).toEqual([app.cookieNames.attempt])
      }
      expect(app.calls('/v1/auth/magiclink/verify')).toBe(0)
      await page.goto(url)
      await expectSignedIn(page)
    })

    test('gives a session that is refreshed once when its token expires', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app)
      app.emulator.clock.advance(11 * 60_000)
      // The browser's own clock cannot be moved: it removes the cookie when Max-Age has passed.
      await page.context().clearCookies({ name: app.cookieNames.session })
      await page.reload()
      await expectSignedIn(page)
      expect(app.calls('/v1/auth/refresh')).toBe(1)

      // The cookie is still there, but its token has expired.
      app.emulator.clock.advance(11 * 60_000)
      await page.reload()
      await expectSignedIn(page)
      expect(app.calls('/v1/auth/refresh')).toBe(2)
    })

    test('is not sent to a mistyped address, and the form keeps what was typed', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage({ javaScriptEnabled: false })
      await page.goto(`${app.origin}/account`)
      const field = page.getByLabel('Email address')
      // Browsers refuse most mistyped addresses, but accept this one.
      const mistyped = `${'a'.repeat(65)}@example.test`
      await field.fill(mistyped)
      await page.keyboard.press('Enter')
      await eventually(() => field.getAttribute('aria-invalid')).toBe('true')
      expect(await field.inputValue()).toBe(mistyped)
      await field.fill(ada)
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Check your inbox')
      expect(app.emulator.requests()).toHaveLength(1)
    })
  })
}
