import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import type { TestContext } from 'vitest'

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The first Chromium that exists: `CHROMIUM_PATH`, then the usual places. */
export const chromiumPath: string | undefined = candidates.find(
  (path) => path !== undefined && existsSync(path),
)

/** Skips a test, with the reason, where there is no Chromium; fits `beforeEach`. */
export function chromiumOrSkip(context: TestContext): void {
  context.skip(
    chromiumPath === undefined,
    'no Chromium was found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH',
  )
}

// Chromium reads the last flag of this name, so that the list repeats what Playwright switches off. The
// last five are ours: pages of the address bar and a spare process, which are started with each window
// and cost more than half of a test's processor time, and a new frame in place of the old one for each
// document, which pages do not see and which is a fifth of a navigation.
const disabledFeatures = [
  ...['AimEnabled', 'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync'],
  ...['DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades'],
  ...['LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints'],
  ...['PaintHolding', 'PreconnectToSearch', 'ThirdPartyStoragePartitioning'],
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
  ...['SpareRendererForSitePerProcess', 'RenderDocument'],
]

/**
 * Starts a headless Chromium that sends no requests of its own.
 *
 * @param options `keepsPages`: whether Back shows a page as it was left, as in a user's browser
 *   @default false
 */
export async function launchChromium(options: { keepsPages?: boolean } = {}): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('No Chromium found: set CHROMIUM_PATH.')
  return chromium.launch({
    executablePath: chromiumPath,
    ignoreDefaultArgs: options.keepsPages ? ['--disable-back-forward-cache'] : [],
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      `--disable-features=${disabledFeatures.join(',')}`,
      // A page is not open for long enough that optimized machine code is worth its compilation.
      '--js-flags=--no-opt,--no-maglev',
    ],
  })
}
