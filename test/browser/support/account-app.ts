import type { Page } from 'playwright-core'
import {
  type AppOptions,
  startApp,
  type TestApp,
} from '../../../packages/express/test/support/app.ts'
import { getSession } from '@linkpass/express'
import { eventually, expectHeading, tabTo } from './steps.ts'

export const ada = 'ada@example.test'

/** An app with an account page, which sign-ins lead to, and one page that asks for a step-up. */
export function startAccountApp(options: AppOptions): Promise<TestApp> {
  const people = new Map<string, string>()
  return startApp({
    methods: ['email', 'enchanted'],
    brand: { name: 'Acme' },
    pages: { afterSignIn: '/account' },
    onSignIn: ({ user }) => {
      people.set(user.userId, user.email ?? '')
    },
    ...options,
    routes: (app, auth, client) => {
      app.get('/account', auth.requireSession(), (req, res) => {
        res.send(accountPage(people.get(getSession(req).userId) ?? 'somebody'))
      })
      app.get('/danger', auth.requireSession({ stepUp: true }), (_req, res) => {
        res.send('<h1>All keys were changed</h1>')
      })
      options.routes?.(app, auth, client)
    },
  })
}

/** Types an address where a person is sent to sign in, and asks for a magic link. */
export async function askForLink(page: Page, app: TestApp, address = ada): Promise<void> {
  await page.goto(`${app.origin}/auth/sign-in`)
  await page.getByLabel('Email address').fill(address)
  await page.keyboard.press('Enter')
  await expectHeading(page, 'Check your inbox')
}

/** The link that was sent to an address since this was last asked. */
export async function mailedLink(app: TestApp, address = ada): Promise<string> {
  return app.origin + (await app.linkFor(address))
}

/** Opens the link that was sent to an address just now. */
export async function openLink(page: Page, app: TestApp, address = ada): Promise<void> {
  await page.goto(await mailedLink(app, address))
}

/** Signs in by a link, and ends on the account page; returns the link, which is spent. */
export async function signIn(page: Page, app: TestApp, address = ada): Promise<string> {
  await askForLink(page, app, address)
  const link = await mailedLink(app, address)
  await page.goto(link)
  await expectSignedIn(page, address)
  return link
}

/** Signs in elsewhere, and hands the browser the session that came of it: quicker than pages. */
export async function signInAtOnce(page: Page, app: TestApp, address = ada): Promise<void> {
  const browser = app.browser()
  await app.signIn(browser, address)
  await page
    .context()
    .addCookies(
      ['DS', 'DSR'].map((name) => ({ name, value: browser.cookie(name) ?? '', url: app.origin })),
    )
}

/** Opens the account page as somebody who has been signed in for a while. */
export async function arriveSignedIn(page: Page, app: TestApp, address = ada): Promise<void> {
  await signInAtOnce(page, app, address)
  await page.goto(`${app.origin}/account`)
  await expectSignedIn(page, address)
}

/** Signs in as a person does, by keyboard alone, and ends on the account page. */
export async function signInByKeyboard(page: Page, app: TestApp): Promise<void> {
  await page.goto(`${app.origin}/account`)
  await tabTo(page, '')
  await page.keyboard.type(ada)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/auth/check-inbox')
  await openLink(page, app)
  await page.waitForURL('**/account')
}

/** Waits for the account page of that person. */
export async function expectSignedIn(page: Page, address = ada): Promise<void> {
  await expectHeading(page, 'Your account')
  await eventually(() => page.locator('#who').innerText()).toBe(address)
}

/** The value of a cookie that the browser holds for the app. */
export async function cookieOf(
  page: Page,
  app: TestApp,
  name: string,
): Promise<string | undefined> {
  const cookies = await page.context().cookies(app.origin)
  return cookies.find((cookie) => cookie.name === name)?.value
}

/** The names of the session cookies that the browser holds for the app. */
export async function sessionCookies(page: Page, app: TestApp): Promise<string[]> {
  const cookies = await page.context().cookies(app.origin)
  return cookies
    .map(({ name }) => name)
    .filter((name) => name.startsWith('DS'))
    .sort()
}

// Addresses come from the tests alone, so there is nothing to escape.
function accountPage(address: string): string {
  return `<!doctype html>
<html lang="en">
  <title>Account</title>
  <h1>Your account</h1>
  <p>Signed in as <strong id="who">${address}</strong></p>
  <form method="post" action="/auth/email">
    <label>New email <input type="email" name="email" required></label>
    <input type="hidden" name="returnTo" value="/account?email">
    <button>Change email</button>
  </form>
  <form method="post" action="/auth/phone">
    <label>New number <input type="tel" name="phone" required></label>
    <input type="hidden" name="returnTo" value="/account?phone">
    <button>Change number</button>
  </form>
  <form method="post" action="/auth/refresh">
    <input type="hidden" name="returnTo" value="/account?refreshed">
    <button>Stay signed in</button>
  </form>
  <form method="post" action="/auth/logout"><button>Sign out</button></form>
  <form method="post" action="/auth/logout-all"><button>Sign out everywhere</button></form>
</html>`
}
