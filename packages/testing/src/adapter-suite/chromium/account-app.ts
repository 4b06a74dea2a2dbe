/** An app with an account page, and what a user does in it. */
import type { Page } from 'playwright-core'
import { eventually, expectHeading, tabTo } from '../../chromium/index.ts'
import type { TestAdapter, TestApp, TestAppOptions, TestCookieNames } from '../adapter.ts'
import { ada } from '../steps.ts'

/** Starts an app with an account page, where sign-ins end, and a page that requires a step-up. */
export function startAccountApp(
  adapter: TestAdapter,
  options: TestAppOptions = {},
): Promise<TestApp> {
  const addresses = new Map<string, string>()
  return adapter.start({
    methods: ['email', 'enchanted'],
    account: { email: true, phone: true },
    brand: { name: 'Acme' },
    pages: { afterSignIn: '/account', afterSignOut: '/account' },
    onSignIn: ({ user }) => {
      addresses.set(user.userId, user.email ?? '')
    },
    ...options,
    routes: [
      {
        path: '/account',
        guards: ['required'],
        respond: ({ session }) => ({
          body: accountPage(addresses.get(session?.userId ?? '') ?? 'unknown'),
        }),
      },
      {
        path: '/danger',
        guards: [{ stepUp: true }],
        respond: () => ({ body: '<h1>All keys were changed</h1>' }),
      },
      ...(options.routes ?? []),
    ],
  })
}

/** Types an address on the sign-in page, and requests a magic link. */
export async function requestLink(page: Page, app: TestApp, address = ada): Promise<void> {
  await page.goto(`${app.origin}/auth/sign-in`)
  await page.getByLabel('Email address').fill(address)
  await page.keyboard.press('Enter')
  await expectHeading(page, 'Check your inbox')
}

/** The next link that is sent to an address. */
export async function mailedLink(app: TestApp, address = ada): Promise<string> {
  return app.origin + (await app.linkFor(address))
}

/** Opens the next link that is sent to an address. */
export async function openLink(page: Page, app: TestApp, address = ada): Promise<void> {
  await page.goto(await mailedLink(app, address))
}

/** Signs in by a link, and ends on the account page; returns the used link. */
export async function signIn(page: Page, app: TestApp, address = ada): Promise<string> {
  await requestLink(page, app, address)
  const link = await mailedLink(app, address)
  await page.goto(link)
  await expectSignedIn(page, address)
  return link
}

/** Signs in over HTTP, and gives the session to the page's browser: faster than through pages. */
export async function signInDirectly(page: Page, app: TestApp, address = ada): Promise<void> {
  const browser = app.browser()
  await app.signIn(browser, address)
  const { session, refresh } = app.cookieNames
  const cookies = [session, refresh].map((name) => ({ name, value: browser.cookie(name) ?? '' }))
  await page.context().addCookies(cookies.map((cookie) => ({ ...cookie, url: app.origin })))
}

/** Opens the account page as a signed-in user. */
export async function openSignedIn(page: Page, app: TestApp, address = ada): Promise<void> {
  await signInDirectly(page, app, address)
  await page.goto(`${app.origin}/account`)
  await expectSignedIn(page, address)
}

/** Signs in through the pages, by keyboard alone, and ends on the account page. */
export async function signInByKeyboard(page: Page, app: TestApp): Promise<void> {
  await page.goto(`${app.origin}/account`)
  await tabTo(page, '')
  await page.keyboard.type(ada)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/auth/check-inbox')
  await openLink(page, app)
  await page.waitForURL('**/account')
}

/** Waits for the account page of a user. */
export async function expectSignedIn(page: Page, address = ada): Promise<void> {
  await expectHeading(page, 'Your account')
  await eventually(() => page.locator('#who').innerText()).toBe(address)
}

/** The value of a cookie that the browser holds for the app. */
export async function cookieOf(
  page: Page,
  app: TestApp,
  which: keyof TestCookieNames,
): Promise<string | undefined> {
  const cookies = await page.context().cookies(app.origin)
  return cookies.find(({ name }) => name === app.cookieNames[which])?.value
}

/** The names of the session cookies that the browser holds for the app. */
export async function sessionCookies(page: Page, app: TestApp): Promise<string[]> {
  const cookies = await page.context().cookies(app.origin)
  return cookies
    .map(({ name }) => name)
    .filter((name) => /^(?:__Host-)?DS/.test(name))
    .sort()
}

// The address comes from the tests, so there is nothing to escape.
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
