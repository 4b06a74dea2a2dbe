import type { AuthOptions } from '@linkpass/express'
import { expect, test } from 'vitest'
import { expressVersions, startApp } from './support/app.ts'

const address = 'ada@example.test'

test.each(expressVersions)(
  'whoever asked for a link is told how long it works, on every page before it is used (Express %i)',
  async (version) => {
    await using app = await startApp({
      ...{ version, methods: ['email', 'enchanted'] },
      linkLifetimeMinutes: { magic: 10, enchanted: 3 },
    })
    const browser = app.browser()
    await browser.visit('/auth/magic-link', { form: { loginId: address } })
    const magic = 'The link works for 10 minutes, once.'
    expect((await browser.visit('/auth/check-inbox')).body).toContain(magic)
    expect((await app.browser().visit('/auth/check-inbox')).body).toContain(magic)
    const elsewhere = await app.browser().visit(await app.linkFor(address))
    expect(elsewhere.body).toContain(magic)

    const other = 'grace@example.test'
    await app.browser().visit('/auth/enchanted-link', { form: { loginId: other } })
    const approval = await app.browser().visit(await app.linkFor(other))
    expect(approval.body).toContain('The link works for 3 minutes, once.')
  },
)

test('where nobody said how long links live, no page names a time', async () => {
  await using app = await startApp()
  const browser = app.browser()
  await browser.visit('/auth/magic-link', { form: { loginId: address } })
  const pages = [
    await browser.visit('/auth/check-inbox'),
    await app.browser().visit('/auth/check-inbox'),
    await app.browser().visit(await app.linkFor(address)),
  ]
  for (const { body } of pages) expect(body).not.toMatch(/works for|\bminutes?\b/)
  expect(pages[0]?.body).toContain('It works once, and not for long.')
})

test.each<[string, AuthOptions['linkLifetimeMinutes'], string, string]>([
  ['nobody said how long links live', undefined, 'This page waits for another', '10 minutes'],
  ['the links end with the wait', { enchanted: 3 }, 'It works for another', '3 minutes'],
  ['the links outlive the wait', 240, 'This page waits for another', '60 minutes'],
])('where %s, the waiting page says no more', async (_, linkLifetimeMinutes, says, time) => {
  await using app = await startApp({
    methods: ['enchanted'],
    ...(linkLifetimeMinutes !== undefined && { linkLifetimeMinutes }),
  })
  const browser = app.browser()
  await browser.visit('/auth/enchanted-link', { form: { loginId: address } })
  const { body } = await browser.visit('/auth/waiting')
  expect(body.replace(/\s+/g, ' ')).toContain(`${says} ${time}.`)
})
