import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { chromiumPath } from './chromium.ts'
import { type DemoBrowser, startDemoBrowser } from './demo-browser.ts'
import { expectHeading } from './steps.ts'

/** The demo that runs beside the tests of one file. */
export interface RunningDemo extends Omit<DemoBrowser, 'close'> {
  /** A new one for each test, since links to one address are some seconds apart. */
  readonly address: string
  /** Types the address on the demo's sign-in page, and asks for a magic link. */
  askForLink(page: Page): Promise<void>
  /** The first link of the newest mail to the address. */
  mailedLink(): Promise<string>
}

/** Tests of the demo in Chromium; skipped where there is none. */
export function describeInDemo(name: string, tests: (demo: RunningDemo) => void): void {
  describe.skipIf(chromiumPath === undefined)(name, { timeout: 60_000 }, () => {
    let started: DemoBrowser | undefined
    let count = 0

    beforeAll(async () => {
      started = await startDemoBrowser()
    })

    beforeEach(() => {
      running().emulator.reset()
      count += 1
    })

    afterAll(() => started?.close())

    function running(): DemoBrowser {
      if (started === undefined) throw new Error('The demo runs while tests run.')
      return started
    }

    const demo: RunningDemo = {
      get appUrl() {
        return running().appUrl
      },
      get emulator() {
        return running().emulator
      },
      get address() {
        return `ada${count}@example.test`
      },
      person: (options) => running().person(options),
      askForLink: async (page) => {
        await page.goto(demo.appUrl)
        await page.getByLabel('Email address').fill(demo.address)
        await page.getByRole('button', { name: 'Email me a link' }).click()
        await expectHeading(page, 'Check your inbox')
      },
      mailedLink: async () => {
        const { links } = await demo.emulator.inbox.waitFor({ to: demo.address })
        return links[0]?.url ?? ''
      },
    }
    tests(demo)
  })
}
