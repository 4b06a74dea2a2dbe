import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The first Chromium there is, `CHROMIUM_PATH` before the usual places. */
export const chromiumPath: string | undefined = candidates.find(
  (path) => path !== undefined && existsSync(path),
)

if (chromiumPath === undefined) {
  process.stderr.write(
    'Skipping the browser tests: no Chromium found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH.\n',
  )
}

/** Starts a headless Chromium that calls nobody by itself. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('No Chromium found: set CHROMIUM_PATH.')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  })
}
