import type { Emulator } from '@linkpass/emulator'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo } from '../../examples/demo/src/demo.ts'
import {
  axeViolations,
  describeInChromium,
  expectHeading,
  looksAt,
  newPage,
  nextPage,
  show,
  tabTo,
  usabilityProblems,
} from '@linkpass/testing/chromium'

describeInChromium('the demo and its inbox, in Chromium', () => {
  let appUrl: string
  let emulator: Emulator | undefined
  let close: (() => Promise<void>) | undefined

  beforeAll(async () => {
    ;({ appUrl, emulator, close } = await startDemo({ PORT: '0', EMULATOR_PORT: '0' }, () => {}))
  })

  afterAll(() => close?.())

  test('sign in by a magic link, from the page that offers the inbox', async () => {
    const page = await newPage()
    await fillIn(page, 'ada@example.test')
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expectHeading(page, 'Check your inbox')
    const inbox = await openInbox(page)
    const app = await nextPage(inbox, () => inbox.getByRole('link', { name: 'Open link' }).click())
    await expectHeading(app, 'ada@example.test')
    expect(app.url()).toBe(`${appUrl}/`)
    await expectUsable(app)
  })

  test('sign in by an enchanted link, with the number that the screen shows', async () => {
    const page = await newPage()
    await fillIn(page, 'bob@example.test')
    await page.getByRole('button', { name: 'Sign in with another device' }).click()
    await expectHeading(page, /^Choose \d\d in the email$/)
    const number = await page.locator('.number').innerText()
    const inbox = await openInbox(page)
    const approval = await nextPage(inbox, () =>
      inbox.getByRole('link', { name: `Open link ${number}` }).click(),
    )
    await expectHeading(page, /^Type \d{4} on your other device$/)
    await approval.getByLabel('Code on that screen').fill(await page.locator('.number').innerText())
    await approval.getByRole('button', { name: 'Yes, sign that device in' }).click()
    await expectHeading(approval, 'Go back to your other device')
    await expectHeading(page, 'bob@example.test')
  })

  test('a role, a tenant and a step-up, each from its button', async () => {
    const page = await newPage()
    await fillIn(page, 'mary@example.test')
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expectHeading(page, 'Check your inbox')
    await page.goto(await newestLink('mary@example.test'))
    await expectHeading(page, 'mary@example.test')
    await page.getByRole('link', { name: 'Open the page for admins' }).click()
    expect(await page.title()).not.toContain('For admins')
    await page.goBack()
    await page.getByRole('button', { name: 'Make me an admin of two tenants' }).click()
    await expectHeading(page, 'mary@example.test')
    await page.getByRole('link', { name: 'Open the page for admins' }).click()
    await expectHeading(page, 'For admins')
    await expectUsable(page)
    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'globex' }).click()
    await page.getByRole('button', { name: 'globex (current)' }).waitFor()
    await page.getByRole('link', { name: 'Open the vault' }).click()
    await page.getByRole('main').getByRole('button').first().click()
    await expectHeading(page, 'Check your inbox')
    await page.goto(await newestLink('mary@example.test'))
    await expectHeading(page, 'The vault')
    await expectUsable(page)
    const list = await page.locator('.history li').allInnerTexts()
    expect(list.some((entry) => entry.includes('The tokens of a step-up were checked'))).toBe(true)
  })

  test('sign in and out without script, by keyboard alone', async () => {
    const page = await newPage({ javaScriptEnabled: false })
    await page.goto(appUrl)
    await tabTo(page, '')
    await page.keyboard.type('grace@example.test')
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    const inbox = await page.context().newPage()
    await inbox.goto(emulator?.inboxUrl ?? '')
    await tabTo(inbox, 'Open link')
    const app = await nextPage(inbox, () => inbox.keyboard.press('Enter'))
    await expectHeading(app, 'grace@example.test')
    await tabTo(app, 'Sign out')
    await app.keyboard.press('Enter')
    await expectHeading(app, 'You are signed out')
  })

  async function expectUsable(page: Page): Promise<void> {
    for (const look of looksAt(320, 1280)) {
      await show(page, look)
      expect(await axeViolations(page), JSON.stringify(look)).toEqual([])
      expect(await usabilityProblems(page), JSON.stringify(look)).toEqual([])
    }
  }

  async function newestLink(to: string): Promise<string> {
    const message = emulator?.inbox.list({ to })[0]
    return message?.links[0]?.url ?? ''
  }

  async function fillIn(page: Page, address: string): Promise<void> {
    await page.goto(appUrl)
    await page.getByLabel('Email address').fill(address)
  }

  function openInbox(page: Page): Promise<Page> {
    return nextPage(page, () => page.getByRole('link', { name: 'Open the inbox' }).click())
  }
})
