import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, eventually, launchChromium } from '../../chromium/index.ts'
import type { TestAdapter, TestApp, TestGuard, TestRoute } from '../adapter.ts'
import { sessionCookies, signInDirectly } from './account-app.ts'

const secretPage = `<!doctype html><title>Account</title><h1>A secret</h1>
  <form method="post" action="/auth/logout"><button>Sign out</button></form>
  <script>addEventListener('pageshow', (event) => { document.body.dataset.kept = event.persisted })</script>`

function routeBehind(path: string, guard: TestGuard): TestRoute {
  return { path, guards: [guard], respond: () => ({ body: secretPage }) }
}

const options = {
  pages: { afterSignOut: '/' },
  routes: [routeBehind('/guarded', 'required'), routeBehind('/stored', { cacheControl: false })],
}

/** What Back shows after a sign-out. */
export function backAfterSignOutInChromium(adapter: TestAdapter): void {
  const caches = [
    ['a browser that keeps whole pages', true],
    ['a browser that keeps responses alone', false],
  ] as const

  describeInChromium(`Back after a sign-out, in Chromium on ${adapter.name}`, () => {
    test.each(caches)('P22: in %s, a guarded page is not shown again', async (_in, keepsPages) => {
      await using browser = await launchChromium({ keepsPages })
      await using app = await adapter.start(options)
      const page = await openSignedIn(await browser.newPage(), app, '/guarded')
      await signOut(page, app)
      await goBack(page, '/auth/sign-in')
      expect(await page.locator('h1').innerText()).toBe('Sign in')
    })

    test.each(caches)(
      'P22: in %s, nor after a sign-out in another tab',
      async (_in, keepsPages) => {
        await using browser = await launchChromium({ keepsPages })
        await using app = await adapter.start(options)
        const context = await browser.newContext()
        const page = await openSignedIn(await context.newPage(), app, '/guarded')
        await page.goto(`${app.origin}/`)
        const other = await context.newPage()
        await other.goto(`${app.origin}/guarded`)
        await signOut(other, app)
        await goBack(page, '/auth/sign-in')
        expect(await page.locator('h1').innerText()).toBe('Sign in')
      },
    )

    // So the cases above can fail: this is what Chromium does without the header.
    test.each(caches)(
      'in %s, one without Cache-Control is shown again',
      async (_in, keepsPages) => {
        await using browser = await launchChromium({ keepsPages })
        await using app = await adapter.start(options)
        const page = await openSignedIn(await browser.newPage(), app, '/stored')
        await signOut(page, app)
        await goBack(page, '/stored')
        expect(await page.locator('h1').innerText()).toBe('A secret')
        expect(await page.locator('body').getAttribute('data-kept')).toBe(String(keepsPages))
      },
    )
  })
}

async function openSignedIn(page: Page, app: TestApp, path: string): Promise<Page> {
  await signInDirectly(page, app)
  await page.goto(app.origin + path)
  expect(await page.locator('h1').innerText()).toBe('A secret')
  return page
}

async function signOut(page: Page, app: TestApp): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${app.origin}/`)
  expect(await sessionCookies(page, app)).toEqual([])
}

// Playwright's `goBack` waits for a load, which a page that was kept does not have. The script returns
// before the page goes: one that the page left while it ran would count as failed.
async function goBack(page: Page, path: string): Promise<void> {
  await page.evaluate('void setTimeout(() => history.back())')
  await eventually(() => page.evaluate<string>('location.pathname')).toBe(path)
}
