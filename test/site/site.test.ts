import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, posix } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  axeViolations,
  chromiumPath,
  describeInChromium,
  errorsOf,
  looksAt,
  newLastingPage,
  show,
} from '@linkpass/testing/chromium'
import { listenOnFreePort } from '@linkpass/testing'

const dist = 'tools/site/dist'
const types: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}
// 390 pixels in light and 1,280 in dark: both themes and both widths, and each page is checked twice.
const looks = looksAt(390, 1280).filter(
  ({ theme, width }) => (theme === 'light') === (width === 390),
)

describeInChromium('the documents as a site', () => {
  const server = createServer((request, response) => {
    const file = fileOf(new URL(request.url ?? '', 'http://localhost').pathname)
    if (file === undefined) return void response.writeHead(404).end()
    const type = types[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type }).end(readFileSync(file))
  })
  let site = ''
  let page: Page
  let errors: readonly string[]

  beforeAll(async () => {
    if (chromiumPath === undefined) return
    execFileSync(process.execPath, ['tools/site/run.mjs'], { stdio: 'pipe' })
    site = `http://localhost:${await listenOnFreePort(server)}`
    page = await newLastingPage()
    page.setDefaultTimeout(60_000)
    errors = errorsOf(page)
  }, 600_000)

  afterAll(() => void server.close())

  test('every page is accessible, and scrolls downwards alone', async () => {
    for (const path of pagePaths()) {
      await page.goto(site + path)
      for (const look of looks) {
        await show(page, look)
        const where = `${path} ${JSON.stringify(look)}`
        const isDark = await page.locator('html.dark').count()
        expect(isDark, where).toBe(look.theme === 'dark' ? 1 : 0)
        expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBe(look.width)
        expect(await axeViolations(page), where).toEqual([])
      }
    }
    expect(errors).toEqual([])
  }, 1_200_000)

  test('every link leads to a page, and to a heading of it', async () => {
    for (const path of pagePaths()) {
      for (const [, href = ''] of htmlOf(path).matchAll(/<a [^>]*href="([^"]*)"/g)) {
        if (/^https?:/.test(href)) continue
        const { pathname, hash } = new URL(href, `http://localhost${path}`)
        const target = fileOf(pathname)
        expect(target, `${path} links to ${href}`).toBeDefined()
        const id = decodeURIComponent(hash.slice(1))
        if (id === '' || target === undefined) continue
        expect(readFileSync(target, 'utf8'), `${path} links to ${href}`).toContain(`id="${id}"`)
      }
    }
  })

  test('the search finds an error code', async () => {
    await page.goto(site)
    await page.getByRole('button', { name: 'Search' }).first().click()
    await page.getByRole('searchbox').fill('step_up_required')
    await page.getByRole('option').first().click()
    await expect.poll(() => page.url()).toContain('#')
  })
})

function pagePaths(): string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join('/', file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.html') && file !== '/404.html')
    .map((file) => file.replace(/(?:index)?\.html$/, ''))
}

function fileOf(path: string): string | undefined {
  const file = join(dist, decodeURIComponent(path))
  return [file, `${file}.html`, join(file, 'index.html')].find(
    (found) => existsSync(found) && /\.\w+$/.test(found),
  )
}

function htmlOf(path: string): string {
  return readFileSync(fileOf(path) ?? '', 'utf8')
}
