import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, beforeEach, describe } from 'vitest'
import { chromiumOrSkip, launchChromium } from './launch.ts'

/** Registers tests in Chromium; they are skipped, with the reason, where there is no Chromium. */
export function describeInChromium(name: string, tests: () => void): void {
  describe(name, () => {
    beforeEach(chromiumOrSkip)
    afterEach(async () => {
      await Promise.all(open.splice(0).map((context) => context.close()))
    })
    tests()
  })
}

// Starting Chromium is slow, so all tests of a process share one, which ends with the process.
let running: Promise<Browser> | undefined
const open: BrowserContext[] = []

/** A page in a browser profile of its own, closed when the test ends. */
export async function newPage(options?: BrowserContextOptions): Promise<Page> {
  const page = await newLastingPage(options)
  open.push(page.context())
  return page
}

/** A page that stays open for all tests of a file, where no test changes it for the next. */
export async function newLastingPage(options?: BrowserContextOptions): Promise<Page> {
  running ??= launchChromium()
  // Without motion: to draw a page that pulses takes a fifth of a core for as long as it is open.
  const context = await (await running).newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(60_000)
  return context.newPage()
}

/** The errors of a page from now on: in its console, or uncaught. */
export function errorsOf(page: Page): readonly string[] {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return errors
}
