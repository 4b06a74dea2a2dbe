import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gallery } from '../../packages/web/test/pages/gallery.ts'
import { axeViolations } from './support/axe.ts'
import { chromiumPath } from './support/chromium.ts'
import { complaintsOf, lastingPage, person } from './support/in-chromium.ts'
import { serveGallery } from './support/gallery-server.ts'
import { looksAt, show, stumblingBlocks } from './support/looks.ts'
import { eventually } from './support/steps.ts'

describe.skipIf(chromiumPath === undefined)(
  'every built-in page, in Chromium',
  { timeout: 60_000 },
  () => {
    let site: Awaited<ReturnType<typeof serveGallery>>
    let page: Page
    let complaints: readonly string[]

    beforeAll(async () => {
      site = await serveGallery()
      page = await lastingPage()
      complaints = complaintsOf(page)
    })

    afterAll(() => site?.close())

    test.each([...gallery.keys()])(
      '%s is accessible in both themes, at 320 and 1280',
      async (name) => {
        const before = complaints.length
        await page.goto(`${site.url}/${name}`)
        for (const look of looksAt(320, 1280)) {
          await show(page, look)
          expect(await axeViolations(page), JSON.stringify(look)).toEqual([])
          expect(await stumblingBlocks(page), JSON.stringify(look)).toEqual([])
        }
        expect(complaints.slice(before)).toEqual([])
      },
    )

    test('with script, another link can be asked for only once the time has come', async () => {
      await page.goto(`${site.url}/check-inbox`)
      const button = page.getByRole('button')
      expect(await button.isDisabled()).toBe(true)
      expect(await button.textContent()).toMatch(/^Send another link in 0:2\d$/)
      await page.goto(`${site.url}/check-phone`)
      expect(await page.getByRole('button', { name: 'Send another link' }).isEnabled()).toBe(true)
    })

    test('without script, the button of the resend form simply works', async () => {
      const still = await person({ javaScriptEnabled: false })
      await still.goto(`${site.url}/check-inbox`)
      expect(await still.getByRole('button', { name: 'Send another link' }).isEnabled()).toBe(true)
    })

    test('the focused element is always visible', async () => {
      await page.goto(`${site.url}/sign-in-every-method`)
      const seen: string[] = []
      for (let step = 0; step < 6; step += 1) {
        await page.keyboard.press('Tab')
        seen.push(
          await page.evaluate<string>(
            `document.activeElement.textContent.trim() + '|' + getComputedStyle(document.activeElement).outlineWidth`,
          ),
        )
      }
      expect(seen).toEqual([
        '|3px',
        'Email me a link|3px',
        'Text me a link|3px',
        'Send a link on WhatsApp|3px',
        'Approve from another device|3px',
        'Open the inbox|3px',
      ])
    })

    test('a field with a mistake has the focus, and is read out with what is wrong', async () => {
      await page.goto(`${site.url}/sign-up-mistaken`)
      const field = page.getByRole('textbox', { name: 'Email address' })
      await eventually(() => page.evaluate('document.activeElement.id')).toBe('login-id')
      expect(await field.getAttribute('aria-invalid')).toBe('true')
      expect(await field.getAttribute('aria-describedby')).toBe('mistake')
    })
  },
)
