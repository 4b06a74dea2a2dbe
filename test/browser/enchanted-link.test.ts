import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInDemo } from './support/describe-in-demo.ts'
import { expectHeading, nextPage, tabTo } from './support/steps.ts'

describeInDemo('an enchanted link, in Chromium', (demo) => {
  test('approved on another device, signs in the screen where it began', async () => {
    const desk = await demo.person()
    const phone = await demo.person()
    const number = await ask(desk.page)
    await phone.page.goto(demo.emulator.inboxUrl)
    const approval = await nextPage(phone.page, () =>
      phone.page.getByRole('link', { name: `Open link ${number}` }).click(),
    )
    await expectHeading(approval, 'Is this you signing in?')
    expect(await approval.locator('dl').innerText()).toMatch(/Asked from\s+[\w ]+ on \w+/)
    await approval.getByRole('button', { name: 'Yes, sign that device in' }).click()
    await expectHeading(approval, 'Go back to your other device')

    await expectHeading(desk.page, demo.address)
    expect(new URL(desk.page.url()).pathname).toBe('/')
    await phone.page.goto(demo.appUrl)
    await expectHeading(phone.page, 'Sign in')
    await desk.context.close()
    await phone.context.close()
  })

  test('signs in without script and by keyboard alone, with one button more', async () => {
    const desk = await demo.person({ javaScriptEnabled: false })
    const phone = await demo.person({ javaScriptEnabled: false })
    await desk.page.goto(demo.appUrl)
    await tabTo(desk.page, '')
    await desk.page.keyboard.type(demo.address)
    await tabTo(desk.page, 'Approve from another device')
    await desk.page.keyboard.press('Enter')
    await expectHeading(desk.page, /^Press \d\d in the email$/)

    await phone.page.goto(await linkOf(await desk.page.locator('.number').innerText()))
    await tabTo(phone.page, 'Yes, sign that device in')
    await phone.page.keyboard.press('Enter')
    await expectHeading(phone.page, 'Go back to your other device')

    // The page would ask again by itself in five seconds.
    await desk.page.reload()
    await expectHeading(desk.page, 'Approved')
    await tabTo(desk.page, 'Continue')
    await desk.page.keyboard.press('Enter')
    await expectHeading(desk.page, demo.address)
    await desk.context.close()
    await phone.context.close()
  })

  test('T-31: approves nothing by being opened, be it all three by a scanner', async () => {
    const { context, page } = await demo.person()
    await ask(page)
    const [message] = demo.emulator.inbox.list()
    for (const { url } of message?.links ?? []) {
      for (const method of ['HEAD', 'GET']) {
        expect((await fetch(url, { method, redirect: 'manual' })).status).toBe(200)
      }
    }
    const states = demo.emulator.inbox.list()[0]?.links.map(({ state }) => state)
    expect(states).toEqual(['unused', 'unused', 'unused'])
    await page.reload()
    await expectHeading(page, /^Press \d\d in the email$/)
    await context.close()
  })

  test('with the wrong number approves nothing, and says nothing of the right one', async () => {
    const desk = await demo.person()
    const phone = await demo.person()
    const number = await ask(desk.page)
    const wrong = demo.emulator.inbox.list()[0]?.links.find((link) => link.number !== number)
    await phone.page.goto(wrong?.url ?? '')
    await phone.page.getByRole('button', { name: 'Yes, sign that device in' }).click()
    await expectHeading(phone.page, 'Nothing was approved')
    expect(await phone.page.locator('main').innerText()).not.toContain(number)
    await desk.page.reload()
    await expectHeading(desk.page, `Press ${number} in the email`)
    await desk.context.close()
    await phone.context.close()
  })

  test('refused as not mine, tells the waiting screen', async () => {
    const desk = await demo.person()
    const phone = await demo.person()
    const number = await ask(desk.page)
    await phone.page.goto(await linkOf(number))
    await phone.page.getByRole('button', { name: 'No, this was not me' }).click()
    await expectHeading(phone.page, 'Stopped')
    await expectHeading(desk.page, 'This sign-in was stopped')
    await desk.page.getByRole('link', { name: 'Start again' }).click()
    await expectHeading(desk.page, 'Sign in')
    await desk.context.close()
    await phone.context.close()
  })

  test('that nobody pressed in time, tells the waiting screen', async () => {
    const { context, page } = await demo.person()
    await ask(page)
    demo.emulator.clock.advance(11 * 60_000)
    await expectHeading(page, 'The link has expired')
    await context.close()
  })

  /** Asks for an enchanted link, and reads the number off the waiting page. */
  async function ask(page: Page): Promise<string> {
    await page.goto(demo.appUrl)
    await page.getByLabel('Email address').fill(demo.address)
    await page.getByRole('button', { name: 'Approve from another device' }).click()
    await expectHeading(page, /^Press \d\d in the email$/)
    return page.locator('.number').innerText()
  }

  async function linkOf(number: string): Promise<string> {
    const { links } = await demo.emulator.inbox.waitFor({ to: demo.address })
    return links.find((link) => link.number === number)?.url ?? ''
  }
})
