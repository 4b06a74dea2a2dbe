import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { TestApp } from '../../packages/express/test/support/app.ts'
import { openRequests } from '../../packages/express/test/support/open-requests.ts'
import { ada, expectSignedIn, sessionCookies, startAccountApp } from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { eventually, expectHeading, tabTo } from './support/steps.ts'

const pollCalls = '/v1/auth/enchantedlink/pending-session'

describeInChromium('an enchanted link', (version) => {
  test('approved on another device, signs in each tab of the screen where it began', async () => {
    await using app = await startAccountApp({ version })
    const [desk, phone] = [await person(), await person()]
    const number = await ask(desk, app)
    const tab = await desk.context().newPage()
    await tab.goto(`${app.origin}/auth/waiting`)
    await expectHeading(tab, `Press ${number} in the email`)
    await phone.goto(linkOf(app, number))
    await expectHeading(phone, 'Is this you signing in?')
    expect(await phone.locator('dl').innerText()).toMatch(/Asked from\s+[\w ]+ on \w+/)
    await phone.getByRole('button', { name: 'Yes, sign that device in' }).click()
    await expectHeading(phone, 'Go back to your other device')

    for (const page of [desk, tab]) await expectSignedIn(page)
    expect(await sessionCookies(phone, app)).toEqual([])
  })

  test('signs in without script and by keyboard alone, with one button more', async () => {
    await using app = await startAccountApp({ version })
    const desk = await person({ javaScriptEnabled: false })
    const phone = await person({ javaScriptEnabled: false })
    await desk.goto(`${app.origin}/account`)
    await tabTo(desk, '')
    await desk.keyboard.type(ada)
    await tabTo(desk, 'Approve from another device')
    await desk.keyboard.press('Enter')
    await expectHeading(desk, /^Press \d\d in the email$/)

    await phone.goto(linkOf(app, await desk.locator('.number').innerText()))
    await tabTo(phone, 'Yes, sign that device in')
    await phone.keyboard.press('Enter')
    await expectHeading(phone, 'Go back to your other device')

    // The page would ask again by itself in five seconds, and the service in one.
    app.emulator.clock.advance(1000)
    await desk.reload()
    await expectHeading(desk, 'Approved')
    await tabTo(desk, 'Continue')
    await desk.keyboard.press('Enter')
    await expectSignedIn(desk)
  })

  test('T-31: approves nothing by being opened, be it all three by a scanner', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await ask(page, app)
    for (const { url } of newestMail(app)) {
      for (const method of ['HEAD', 'GET']) {
        expect((await fetch(url, { method, redirect: 'manual' })).status).toBe(200)
      }
    }
    expect(newestMail(app).map(({ state }) => state)).toEqual(['unused', 'unused', 'unused'])
    await page.reload()
    await expectHeading(page, /^Press \d\d in the email$/)
  })

  test('T-64: once the tabs that wait are closed, nobody asks the service any more', async () => {
    const { before, count } = openRequests('/auth/enchanted-link/status')
    await using app = await startAccountApp({ version, before })
    const page = await person()
    await ask(page, app)
    const tab = await page.context().newPage()
    await tab.goto(`${app.origin}/auth/waiting`)
    await eventually(count).toBe(2)
    await Promise.all([page, tab].map((one) => one.close()))
    await eventually(count).toBe(0)
    const polls = app.calls(pollCalls)
    // A poller that nobody has told would ask once or so in each of these seconds.
    for (let second = 0; second < 20; second += 1) {
      app.emulator.clock.advance(1000)
      await fetch(`${app.origin}/auth/session`)
    }
    // At most the one that was under way.
    expect(app.calls(pollCalls) - polls).toBeLessThanOrEqual(1)
  })

  test('T-63: a browser that did not ask finds nothing to wait for', async () => {
    await using app = await startAccountApp({ version })
    await ask(await person(), app)
    const thief = await person()
    await thief.goto(`${app.origin}/auth/waiting`)
    await expectHeading(thief, 'Sign in')
    expect(await sessionCookies(thief, app)).toEqual([])
  })

  test('with the wrong number approves nothing, and says nothing of the right one', async () => {
    await using app = await startAccountApp({ version })
    const [desk, phone] = [await person(), await person()]
    const number = await ask(desk, app)
    const wrong = newestMail(app).find((link) => link.number !== number)
    await phone.goto(wrong?.url ?? '')
    await phone.getByRole('button', { name: 'Yes, sign that device in' }).click()
    await expectHeading(phone, 'Nothing was approved')
    expect(await phone.locator('main').innerText()).not.toContain(number)
    await desk.reload()
    await expectHeading(desk, `Press ${number} in the email`)
  })

  test('refused as not mine, tells the waiting screen', async () => {
    await using app = await startAccountApp({ version })
    const [desk, phone] = [await person(), await person()]
    const number = await ask(desk, app)
    await phone.goto(linkOf(app, number))
    await phone.getByRole('button', { name: 'No, this was not me' }).click()
    await expectHeading(phone, 'Stopped')
    await expectHeading(desk, 'This sign-in was stopped')
    await desk.getByRole('link', { name: 'Start again' }).click()
    await expectHeading(desk, 'Sign in')
    // Back on the page with the two buttons, to press the other one after all.
    await phone.goBack()
    await expectHeading(phone, 'This sign-in was stopped')
  })

  test('refused once the other screen is signed in, says that it comes too late', async () => {
    await using app = await startAccountApp({ version })
    const [desk, phone] = [await person(), await person()]
    const link = linkOf(app, await ask(desk, app))
    const tab = await phone.context().newPage()
    for (const page of [phone, tab]) await page.goto(link)
    await phone.getByRole('button', { name: 'Yes, sign that device in' }).click()
    await expectSignedIn(desk)
    await tab.getByRole('button', { name: 'No, this was not me' }).click()
    await expectHeading(tab, 'That device is signed in already')
    await tab.getByRole('link', { name: 'Sign in' }).click()
    await expectHeading(tab, 'Sign in')
  })

  test('that nobody pressed in time, tells the waiting screen', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await ask(page, app)
    app.emulator.clock.advance(11 * 60_000)
    await expectHeading(page, 'The link has expired')
  })
})

/** Asks for an enchanted link, and reads the number off the waiting page. */
async function ask(page: Page, app: TestApp): Promise<string> {
  await page.goto(`${app.origin}/account`)
  await page.getByLabel('Email address').fill(ada)
  await page.getByRole('button', { name: 'Approve from another device' }).click()
  await expectHeading(page, /^Press \d\d in the email$/)
  return page.locator('.number').innerText()
}

type Link = ReturnType<TestApp['emulator']['inbox']['list']>[number]['links'][number]

function newestMail(app: TestApp): readonly Link[] {
  return app.emulator.inbox.list({ to: ada })[0]?.links ?? []
}

function linkOf(app: TestApp, number: string): string {
  return newestMail(app).find((link) => link.number === number)?.url ?? ''
}
