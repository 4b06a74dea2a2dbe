import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Reads again and again until the value is as expected. */
export function eventually<T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read)
}

/** Waits until the main heading of a page is this. */
export async function expectHeading(page: Page, heading: string | RegExp): Promise<void> {
  const title = page.getByRole('heading', { level: 1 })
  await eventually(() => title.innerText()).toMatch(heading)
}

/** The page that an action opens in a new tab. */
export async function nextPage(page: Page, action: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), action()])
  await opened.waitForLoadState()
  return opened
}

/** Presses Tab until the link or button of that name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.locator(':focus', { hasText: name })
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab')
    if ((await wanted.count()) > 0) return
  }
  throw new Error(`Tab never reached "${name}".`)
}
