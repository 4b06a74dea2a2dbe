import type { Emulator } from '@linkpass/emulator'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startDemo } from '../../../examples/demo/src/demo.ts'
import { launchChromium } from './chromium.ts'

/** The demo, as `npm start` starts it, and a browser to use it with. */
export interface DemoBrowser {
  readonly appUrl: string
  readonly emulator: Emulator
  /** A browser profile of its own: no cookie is shared with another. */
  person(options?: BrowserContextOptions): Promise<Person>
  close(): Promise<void>
}

/** Somebody at a browser. */
export interface Person {
  readonly context: BrowserContext
  readonly page: Page
}

/** Starts both, on free ports. */
export async function startDemoBrowser(): Promise<DemoBrowser> {
  const { appUrl, emulator, close } = await startDemo({ PORT: '0', EMULATOR_PORT: '0' }, () => {})
  if (emulator === undefined) throw new Error('The demo started without its emulator.')
  const browser: Browser = await launchChromium()
  return {
    appUrl,
    emulator,
    person: async (options = {}) => {
      const context = await browser.newContext(options)
      context.setDefaultTimeout(10_000)
      return { context, page: await context.newPage() }
    },
    close: async () => {
      await browser.close()
      await close()
    },
  }
}
