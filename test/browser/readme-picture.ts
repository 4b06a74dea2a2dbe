/** Writes docs/images/sign-in.png, the picture in the README: three pages beside each other. */
import { mkdir } from 'node:fs/promises'
import { launchChromium } from '@linkpass/testing/chromium/launch'
import { show } from '@linkpass/testing/chromium/looks'
import { serveGallery } from '../../packages/web/test/pages/gallery-server.ts'

const folder = new URL('../../docs/images/', import.meta.url)
const pages = ['sign-in', 'check-inbox', 'confirm']

const browser = await launchChromium()
const site = await serveGallery()
const pictures: string[] = []
const page = await browser.newPage()
for (const name of pages) {
  await show(page, { theme: 'light', width: 340 })
  await page.setViewportSize({ width: 340, height: 600 })
  await page.goto(`${site.url}/${name}`)
  pictures.push((await page.screenshot()).toString('base64'))
}
// Another page, since the policy of the last one would refuse this style.
const frame = await browser.newPage({ viewport: { width: 1110, height: 642 } })
const frames = pictures.map((data) => `<img src="data:image/png;base64,${data}">`)
await frame.setContent(`<style>
  body { display: flex; gap: 20px; margin: 20px; background: #fff; }
  img { width: 340px; border: 1px solid #ccc; border-radius: 8px; }
</style>${frames.join('')}`)
await mkdir(folder, { recursive: true })
await frame.screenshot({ path: new URL('sign-in.png', folder).pathname })
await site.close()
await browser.close()
