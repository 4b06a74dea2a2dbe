import { expect } from '@playwright/test'
import { test as base } from '@linkpass/emulator/playwright'
import { type App, startApp } from './app.ts'

const test = base.extend<object, { app: App }>({
  app: [
    async ({ workerEmulator }, use) => {
      const app = await startApp(workerEmulator)
      await use(app)
      await app.close()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ app }, use) => use(app.url),
  cookieNames: async ({ app }, use) => use(app.cookieNames),
})

test('a user signs in by the link of the mail', async ({ page, inbox }) => {
  await page.goto('/me')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByRole('button', { name: 'Email me a link' }).click()
  const { links } = await inbox.waitFor({ to: 'ada@example.com' })
  await page.goto(links[0]?.url ?? '')
  await expect(page).toHaveURL(/\/me$/)
})

test('a signed-in user stays signed in while the session is refreshed', async ({
  page,
  clock,
  signInAs,
}) => {
  const { userId } = await signInAs(page, 'ada@example.com', { roles: ['editor'] })
  await page.goto('/me')
  await expect(page.getByRole('heading')).toHaveText(`Signed in as ${userId}`)
  clock.advance(11 * 60_000)
  await page.reload()
  await expect(page.getByRole('heading')).toHaveText(`Signed in as ${userId}`)
})

test('two users are signed in, each in a browser of their own', async ({
  browser,
  app,
  signedInState,
}) => {
  for (const loginId of ['ada@example.com', 'grace@example.com']) {
    const context = await browser.newContext({
      baseURL: app.url,
      storageState: await signedInState(loginId),
    })
    const page = await context.newPage()
    await page.goto('/me')
    await expect(page.getByRole('heading')).toContainText('Signed in as U2')
    await context.close()
  }
})
