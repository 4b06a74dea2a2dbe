import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, describe } from 'vitest'
import { expressVersions } from '../../../packages/express/test/support/app.ts'
import { chromiumPath, launchChromium } from './chromium.ts'

/** Tests in Chromium, once for each Express; skipped where there is no Chromium. */
export function describeInChromium(name: string, tests: (version: 4 | 5) => void): void {
  describe.skipIf(chromiumPath === undefined).each(expressVersions)(
    `${name}, in Chromium on Express %i`,
    { timeout: 60_000 },
    tests,
  )
}

// Starting Chromium takes its time, so the tests of a file share one.
let running: Promise<Browser> | undefined
const open: BrowserContext[] = []

/** Somebody at a browser with a profile of its own, for as long as the test runs. */
export async function person(options?: BrowserContextOptions): Promise<Page> {
  const page = await lastingPage(options)
  open.push(page.context())
  return page
}

/** A page for all tests of a file, where none leaves anything behind for the next. */
export async function lastingPage(options?: BrowserContextOptions): Promise<Page> {
  running ??= launchChromium()
  const context = await (await running).newContext(options)
  context.setDefaultTimeout(10_000)
  return context.newPage()
}

/** What a page complains of from now on: in its console, or by an error that nobody caught. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((context) => context.close()))
})

afterAll(async () => {
  await (await running)?.close()
})
