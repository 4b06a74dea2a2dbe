import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Express } from 'express'
import {
  type AppOptions,
  startApp,
  type TestApp,
} from '../../../packages/express/test/support/app.ts'
import { launchChromium } from './chromium.ts'
import { tabTo } from './steps.ts'

/** One Chromium for the tests of a file, with a profile of its own for each person. */
export function useChromium(): (options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser | undefined

  beforeAll(async () => {
    browser = await launchChromium()
  })

  afterAll(() => browser?.close())

  return async (options) => {
    if (browser === undefined) throw new Error('Chromium runs while tests run.')
    const context = await browser.newContext(options)
    context.setDefaultTimeout(10_000)
    return context.newPage()
  }
}

/** An app with an account page, and one page that asks for a step-up. */
export function startAccountApp(options: AppOptions): Promise<TestApp> {
  return startApp({
    ...options,
    routes: (app: Express, auth, client) => {
      app.get('/account', auth.requireSession(), (_req, res) => {
        res.send(accountPage)
      })
      app.get('/danger', auth.requireSession({ stepUp: true }), (_req, res) => {
        res.send('<h1>All keys were changed</h1>')
      })
      options.routes?.(app, auth, client)
    },
  })
}

/** Signs in as a person does, by keyboard alone, and ends on the account page. */
export async function signInByKeyboard(
  page: Page,
  app: TestApp,
  address = 'ada@example.test',
): Promise<void> {
  await page.goto(`${app.origin}/account`)
  await tabTo(page, '')
  await page.keyboard.type(address)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/auth/check-inbox')
  await page.goto(app.origin + (await app.linkFor(address)))
  await page.waitForURL('**/account')
}

const accountPage = `<!doctype html>
<html lang="en">
  <title>Account</title>
  <h1>Your account</h1>
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
  <form method="post" action="/auth/logout"><button>Sign out</button></form>
  <form method="post" action="/auth/logout-all"><button>Sign out everywhere</button></form>
</html>`
