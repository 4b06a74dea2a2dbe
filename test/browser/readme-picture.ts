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
  await page.setViewportSize({ width: 340, height: 560 })
  await page.goto(`${site.url}/${name}`)
  pictures.push((await page.screenshot()).toString('base64'))
}
await page.setViewportSize({ width: 1100, height: 600 })
const frames = pictures.map((data) => `<img src="data:image/png;base64,${data}">`)
await page.setContent(`<style>
  body { display: flex; gap: 20px; margin: 20px; }
  img { width: 340px; border: 1px solid #ccc; border-radius: 8px; }
</style>${frames.join('')}`)
await mkdir(folder, { recursive: true })
await page.screenshot({ path: new URL('sign-in.png', folder).pathname })
await site.close()
await browser.close()
