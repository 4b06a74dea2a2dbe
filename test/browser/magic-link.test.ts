import { expect, test } from 'vitest'
import { axeViolations } from './support/axe.ts'
import { describeInDemo } from './support/describe-in-demo.ts'
import { looksAt, show, stumblingBlocks } from './support/looks.ts'
import { eventually, expectHeading, nextPage, tabTo } from './support/steps.ts'

describeInDemo('a magic link, in Chromium', (demo) => {
  test('opened in the browser that asked for it, signs in with no further click', async () => {
    const { context, page } = await demo.person()
    await page.goto(demo.appUrl)
    await expectHeading(page, 'Sign in')
    await page.getByLabel('Email address').fill(demo.address)
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expectHeading(page, 'Check your inbox')
    expect(await page.getByText(demo.address).isVisible()).toBe(true)

    const inbox = await nextPage(page, () =>
      page.getByRole('link', { name: 'Open the inbox' }).click(),
    )
    const app = await nextPage(inbox, () => inbox.getByRole('link', { name: 'Open link' }).click())
    await expectHeading(app, demo.address)
    expect(new URL(app.url()).href).toBe(`${demo.appUrl}/`)
    for (const look of looksAt(320, 1280)) {
      await show(app, look)
      expect(await axeViolations(app), JSON.stringify(look)).toEqual([])
      expect(await stumblingBlocks(app), JSON.stringify(look)).toEqual([])
    }

    await app.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expectHeading(app, 'Sign in')
    expect(await context.cookies(demo.appUrl)).not.toContainEqual(
      expect.objectContaining({ name: 'DSR' }),
    )
    await context.close()
  })

  test('opened in another browser, waits for one button and signs in there', async () => {
    const asker = await demo.person()
    const opener = await demo.person()
    await demo.askForLink(asker.page)
    await opener.page.goto(await demo.mailedLink())
    await expectHeading(opener.page, 'Sign in to Linkpass demo?')
    await opener.page.getByRole('button').click()
    await expectHeading(opener.page, demo.address)

    await asker.page.goto(demo.appUrl)
    await expectHeading(asker.page, 'Sign in')
    await asker.context.close()
    await opener.context.close()
  })

  test('read by a mail scanner first, still lets the person in', async () => {
    const { context, page } = await demo.person()
    await demo.askForLink(page)
    const url = await demo.mailedLink()
    for (const method of ['HEAD', 'GET', 'GET', 'GET']) {
      const answer = await fetch(url, { method, redirect: 'manual' })
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie().filter((line) => line.startsWith('DS'))).toEqual([])
    }
    expect(demo.emulator.inbox.list()[0]?.links[0]?.state).toBe('unused')
    await page.goto(url)
    await expectHeading(page, demo.address)
    await context.close()
  })

  test('gives a session that outlives its token: one refresh, and nobody signs in again', async () => {
    const { context, page } = await demo.person()
    await demo.askForLink(page)
    await page.goto(await demo.mailedLink())
    await expectHeading(page, demo.address)

    demo.emulator.clock.advance(11 * 60_000)
    // The browser's own clock cannot be moved: this is what it does when Max-Age has passed.
    await context.clearCookies({ name: 'DS' })
    await page.goto(demo.appUrl)
    await expectHeading(page, demo.address)
    expect(refreshes()).toHaveLength(1)

    // And where the cookie is still there, but what it holds has ended.
    demo.emulator.clock.advance(11 * 60_000)
    await page.reload()
    await expectHeading(page, demo.address)
    expect(refreshes()).toHaveLength(2)
    await context.close()
  })

  test('works without script, by keyboard alone', async () => {
    const { context, page } = await demo.person({ javaScriptEnabled: false })
    await page.goto(demo.appUrl)
    await page.keyboard.press('Tab')
    await page.keyboard.type(demo.address)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')

    const inbox = await context.newPage()
    await inbox.goto(demo.emulator.inboxUrl)
    await tabTo(inbox, 'Open link')
    const app = await nextPage(inbox, () => inbox.keyboard.press('Enter'))
    await expectHeading(app, demo.address)
    await tabTo(app, 'Sign out')
    await app.keyboard.press('Enter')
    await expectHeading(app, 'Sign in')
    await context.close()
  })

  test('is not asked for with a typing error, and nothing has to be typed twice', async () => {
    const { context, page } = await demo.person({ javaScriptEnabled: false })
    await page.goto(demo.appUrl)
    const field = page.getByLabel('Email address')
    // Browsers know a mistyped demo.address when they see one, but let this one through.
    const mistyped = `${'a'.repeat(65)}@example.test`
    await field.fill(mistyped)
    await page.keyboard.press('Enter')
    await eventually(() => field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.inputValue()).toBe(mistyped)
    await field.fill(demo.address)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    expect(demo.emulator.requests()).toHaveLength(1)
    await context.close()
  })

  test('that was used already leads to a page with one way forward', async () => {
    const { context, page } = await demo.person()
    await demo.askForLink(page)
    const url = await demo.mailedLink()
    await page.goto(url)
    await expectHeading(page, demo.address)

    const other = await demo.person()
    await other.page.goto(url)
    await other.page.getByRole('button', { name: 'Sign in on this device' }).click()
    await expectHeading(other.page, 'This link no longer works')
    await other.page.getByRole('link', { name: 'Get a new link' }).click()
    await expectHeading(other.page, 'Sign in')
    await other.context.close()
    await context.close()
  })

  function refreshes(): readonly unknown[] {
    return demo.emulator.requests().filter(({ path }) => path === '/v1/auth/refresh')
  }
})
