import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import type { WebOptions } from '../web-options.ts'
import { visitWaiting } from '../enchanted-link/steps.ts'

const address = 'ada@example.test'

/** The lifetime of links on pages. */
export function linkLifetimeCases(adapter: TestAdapter): void {
  describe(`the lifetime of links on pages, on ${adapter.name}`, () => {
    test('every page before a link is used says how long it works', async () => {
      await using app = await adapter.start({
        methods: ['email', 'enchanted'],
        linkLifetimeMinutes: { magic: 10, enchanted: 3 },
      })
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: address } })
      const magic = 'The link works once, for 10 minutes.'
      expect((await browser.visit('/auth/check-inbox')).body).toContain(magic)
      expect((await app.browser().visit('/auth/check-inbox')).body).toContain(magic)
      const confirmation = await app.browser().visit(await app.linkFor(address))
      expect(confirmation.body).toContain(magic)

      const other = 'grace@example.test'
      await app.browser().visit('/auth/enchanted-link', { form: { loginId: other } })
      const approval = await app.browser().visit(await app.linkFor(other))
      expect(approval.body).toContain('The link works once, for 3 minutes.')
    })

    test('without linkLifetimeMinutes no page names a time', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: address } })
      const pages = [
        await browser.visit('/auth/check-inbox'),
        await app.browser().visit('/auth/check-inbox'),
        await app.browser().visit(await app.linkFor(address)),
      ]
      for (const { body } of pages) expect(body).not.toMatch(/works for|\bminutes?\b/)
      expect(pages[0]?.body).toContain('The link works once, for a short time.')
    })

    test.each<[string, WebOptions['linkLifetimeMinutes'], string, string]>([
      ['without linkLifetimeMinutes', undefined, 'This page waits for another', '10 minutes'],
      ['links that end with the wait', { enchanted: 3 }, 'Works for another', '3 minutes'],
      ['links that outlive the wait', 240, 'This page waits for another', '60 minutes'],
    ])(
      'the waiting page says how long it waits: %s',
      async (_, linkLifetimeMinutes, says, time) => {
        await using app = await adapter.start({
          methods: ['enchanted'],
          ...(linkLifetimeMinutes !== undefined && { linkLifetimeMinutes }),
        })
        const browser = app.browser()
        await browser.visit('/auth/enchanted-link', { form: { loginId: address } })
        const { body } = await visitWaiting(app, browser)
        expect(body.replace(/\s+/g, ' ')).toContain(`${says} ${time} </p>`)
      },
    )
  })
}
