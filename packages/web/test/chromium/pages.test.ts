import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  axeViolations,
  chromiumPath,
  describeInChromium,
  errorsOf,
  eventually,
  loadAxe,
  looksAt,
  newLastingPage,
  newPage,
  show,
  usabilityProblems,
} from '@linkpass/testing/chromium'
import { gallery, languages } from '../pages/gallery.ts'
import { serveGallery } from '../pages/gallery-server.ts'

describeInChromium('every built-in page, in Chromium', () => {
  let site: Awaited<ReturnType<typeof serveGallery>>
  let page: Page
  let errors: readonly string[]

  /** Writes a page in place of the open one: its layout and script, for less than half of a navigation. */
  async function write(path: string): Promise<void> {
    const response = await fetch(`${site.url}/${path}`)
    await page.setContent(await response.text())
  }

  beforeAll(async () => {
    site = await serveGallery()
    if (chromiumPath === undefined) return
    page = await newLastingPage()
    await loadAxe(page)
    errors = errorsOf(page)
  })

  afterAll(() => site?.close())

  test.each([...gallery.keys()])(
    '%s is accessible in both themes, at 320 and 1280',
    async (name) => {
      const before = errors.length
      await page.goto(`${site.url}/${name}`)
      for (const look of looksAt(320, 1280)) {
        await show(page, look)
        expect(await axeViolations(page), JSON.stringify(look)).toEqual([])
        expect(await usabilityProblems(page), JSON.stringify(look)).toEqual([])
      }
      expect(errors.slice(before)).toEqual([])
    },
  )

  test.each(languages.tags.filter((tag) => tag !== 'en'))(
    'every page in %s has room for its texts, at 320 and 1280',
    async (tag) => {
      const before = errors.length
      await page.goto(`${site.url}/sign-in`)
      let widths = [320, 1280]
      for (const name of gallery.keys()) {
        await write(`${name}?lang=${tag}`)
        // The next page begins with the width that this one ends with, since a new width takes long.
        widths = widths.toReversed()
        for (const width of widths) {
          await show(page, { theme: 'light', width })
          expect(await usabilityProblems(page), `${name} at ${width}`).toEqual([])
        }
      }
      expect(errors.slice(before)).toEqual([])
    },
  )

  test('every page has room for the name of an app that is one word, at 320', async () => {
    await page.setViewportSize({ width: 320, height: 740 })
    await page.goto(`${site.url}/sign-in`)
    for (const name of gallery.keys()) {
      await write(`${name}?app=${'Donaudampfschifffahrt'.repeat(3)}`)
      expect(await usabilityProblems(page), name).toEqual([])
    }
  })

  test('the icon is as high above the title on every page that has one', async () => {
    const heights = new Set<unknown>()
    await page.goto(`${site.url}/sign-in`)
    for (const name of gallery.keys()) {
      await write(name)
      const height = await page.evaluate(
        `document.querySelector('.badge') && document.querySelector('h1').offsetTop - document.querySelector('.card').offsetTop`,
      )
      if (height !== null) heights.add(height)
    }
    expect([...heights]).toHaveLength(1)
  })

  test('the texts of the script are in the language of the page', async () => {
    await page.goto(`${site.url}/check-inbox?lang=de`)
    expect(await page.getByRole('button').textContent()).toMatch(/^Neuen Link senden in 0:[012]\d$/)
    await page.goto(`${site.url}/waiting?lang=fr`)
    await eventually(() => page.locator('[data-expires-in]').textContent()).toMatch(
      /^Valable encore 2:\d\d$/,
    )
  })

  test('with script, another link can be requested only after the pause', async () => {
    await page.goto(`${site.url}/check-inbox`)
    const button = page.getByRole('button')
    expect(await button.isDisabled()).toBe(true)
    expect(await button.textContent()).toMatch(/^Send another link in 0:[012]\d$/)
    await page.goto(`${site.url}/check-phone`)
    expect(await page.getByRole('button', { name: 'Send another link' }).isEnabled()).toBe(true)
  })

  test('without script, the button of the resend form simply works', async () => {
    const page = await newPage({ javaScriptEnabled: false })
    await page.goto(`${site.url}/check-inbox`)
    expect(await page.getByRole('button', { name: 'Send another link' }).isEnabled()).toBe(true)
  })

  test('the focused element is always visible', async () => {
    await page.goto(`${site.url}/sign-in-every-method`)
    const seen: string[] = []
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab')
      seen.push(
        await page.evaluate<string>(
          `document.activeElement.textContent.trim() + '|' + getComputedStyle(document.activeElement).outlineWidth`,
        ),
      )
    }
    expect(seen).toEqual([
      '|3px',
      'Continue|3px',
      'Send a link on WhatsApp|3px',
      'Sign in with another device|3px',
      'Open the inbox|3px',
    ])
  })

  test('a field with a mistake has the focus and its description', async () => {
    await page.goto(`${site.url}/sign-up-mistaken`)
    const field = page.getByRole('textbox', { name: 'Email address' })
    await eventually(() => page.evaluate('document.activeElement.id')).toBe('login-id')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.getAttribute('aria-describedby')).toBe('mistake')
  })
})
