import { expect, test } from 'vitest'
import { describeInChromium, expectHeading, newPage } from '../../chromium/index.ts'
import type { TestAdapter } from '../adapter.ts'
import {
  mailedLink,
  openLink,
  openSignedIn,
  requestLink,
  sessionCookies,
  signIn,
  startAccountApp,
  expectSignedIn,
} from './account-app.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

/** Several sign-ins in one browser. */
export function oneBrowserInChromium(adapter: TestAdapter): void {
  describeInChromium(`several sign-ins in one browser, in Chromium on ${adapter.name}`, () => {
    test('two requested links both sign in, the older one last', async () => {
      await using app = await startAccountApp(adapter, { limits: false })
      const page = await newPage()
      await requestLink(page, app)
      const older = await mailedLink(app)
      await signIn(page, app)
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await expectHeading(page, 'Sign in')
      await page.goto(older)
      await expectSignedIn(page)
      expect(app.calls(verifyCalls)).toBe(2)
    })

    test('a confirmation in two tabs signs in both, with one verification', async () => {
      await using app = await startAccountApp(adapter)
      await requestLink(await newPage(), app)
      const tab = await newPage()
      const other = await tab.context().newPage()
      const link = await mailedLink(app)
      for (const page of [tab, other]) await page.goto(link)
      await Promise.all([tab, other].map((page) => page.getByRole('button').click()))
      for (const page of [tab, other]) await expectSignedIn(page)
      expect(app.calls(verifyCalls)).toBe(1)
    })

    test('T-33: with another user signed in, a link is confirmed first, and then replaces the session', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app, 'eve@example.test')
      await requestLink(page, app)
      await openLink(page, app)
      await expectHeading(page, 'Sign in to Acme?')
      expect(await page.locator('.notice').innerText()).toContain('You are signed in here as')
      expect(app.calls(verifyCalls)).toBe(1)
      await page.goto(`${app.origin}/account`)
      await expectSignedIn(page, 'eve@example.test')
      await page.goBack()
      await page.getByRole('button').click()
      await expectSignedIn(page)
    })

    test('T-61: a used link redirects while signed in, and offers a new link once signed out', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      const link = await signIn(page, app)
      await page.goto(link)
      await expectSignedIn(page)
      expect(app.calls(verifyCalls)).toBe(1)
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await expectHeading(page, 'Sign in')
      await page.goto(link)
      await expectHeading(page, 'This link no longer works')
      expect(await sessionCookies(page, app)).toEqual([])
      await page.getByRole('link', { name: 'Get a new link' }).click()
      await expectHeading(page, 'Sign in')
    })
  })
}
