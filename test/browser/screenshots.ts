import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { startDemo } from '../../examples/demo/src/demo.ts'
import { launchChromium } from '@linkpass/testing/chromium/launch'
import { looksAt, show } from '@linkpass/testing/chromium/looks'
import { serveGallery } from '../../packages/web/test/pages/gallery-server.ts'

const folder = new URL('../../screenshots/', import.meta.url)

/** Of the built-in pages: `npm run screenshots -- de`. */
const language = process.argv[2] ?? 'en'

/** Writes a picture of every page, in both themes, at the width of a phone and of a desk. */
async function main(): Promise<void> {
  await mkdir(folder, { recursive: true })
  const browser = await launchChromium()
  const site = await serveGallery()
  for (const name of site.pages) {
    await picture(browser, name, `${site.url}/${name}?lang=${language}`)
  }
  await site.close()
  await pictureDemo(browser)
  await browser.close()
  process.stdout.write(`The pictures are in ${fileURLToPath(folder)}\n`)
}

async function pictureDemo(browser: Browser): Promise<void> {
  const { appUrl, emulator, close } = await startDemo({ PORT: '0', EMULATOR_PORT: '0' }, () => {})
  if (emulator === undefined) throw new Error('The demo started without its emulator.')
  await picture(browser, 'inbox-empty', emulator.inboxUrl)

  const send = (path: string, loginId: string): Promise<Response> =>
    fetch(`${emulator.url}/v1/auth/${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${emulator.projectId}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ loginId, redirectUrl: `${appUrl}/auth/verify` }),
    })
  await send('magiclink/signup-in/sms', '+447700900123')
  await send('magiclink/signin/email', 'nobody@example.test')
  await send('enchantedlink/signup-in/email', 'grace@example.test')
  await fetch(`${appUrl}/auth/magic-link`, {
    method: 'POST',
    body: new URLSearchParams({ loginId: 'ada@example.test' }),
  })
  await picture(browser, 'inbox', emulator.inboxUrl)
  await picture(browser, 'inbox-requests', `${emulator.inboxUrl}?tab=requests`)
  for (const { id, kind, channel } of emulator.inbox.list()) {
    const url = `${emulator.inboxUrl}?project=${emulator.projectId}&message=${id}`
    await picture(browser, `inbox-${channel}-${kind}`, url)
  }

  const page = await browser.newPage()
  await page.goto(emulator.inbox.list({ to: 'ada@example.test' })[0]?.links[0]?.url ?? '')
  await page.getByRole('button').click()
  await page.getByText('You are signed in as').waitFor()
  for (const look of looksAt(390, 1280)) {
    await show(page, look)
    await page.screenshot({ path: pathOf('demo-signed-in', look) })
  }
  await page.close()
  await close()
}

async function picture(browser: Browser, name: string, url: string): Promise<void> {
  const page = await browser.newPage()
  await page.goto(url)
  for (const look of looksAt(390, 1280)) {
    await show(page, look)
    await page.screenshot({ path: pathOf(name, look), fullPage: true })
  }
  await page.close()
}

function pathOf(name: string, look: { theme: string; width: number }): string {
  return fileURLToPath(new URL(`${name}-${look.theme}-${look.width}.png`, folder))
}

await main()
