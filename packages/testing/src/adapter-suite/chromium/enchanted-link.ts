import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  describeInChromium,
  eventually,
  expectHeading,
  newPage,
  tabTo,
} from '../../chromium/index.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada } from '../steps.ts'
import { sessionCookies, startAccountApp, expectSignedIn } from './account-app.ts'

const pollCalls = '/v1/auth/enchantedlink/pending-session'
const statusPath = '/auth/enchanted-link/status'

/** An enchanted link. */
export function enchantedLinkInChromium(adapter: TestAdapter): void {
  describeInChromium(`an enchanted link, in Chromium on ${adapter.name}`, () => {
    test('approved on another device, signs in each tab of the browser that requested it', async () => {
      await using app = await startAccountApp(adapter)
      const [desk, phone] = [await newPage(), await newPage()]
      const number = await requestNumber(desk, app)
      const tab = await desk.context().newPage()
      await tab.goto(`${app.origin}/auth/waiting`)
      await expectHeading(tab, `Choose ${number} in the email`)
      await phone.goto(linkOf(app, number))
      await expectHeading(phone, 'Is this you signing in?')
      expect(await phone.locator('dl').innerText()).toMatch(/Requested from\s+[\w ]+ on \w+/)
      const code = await readCode(desk)
      expect(await readCode(tab)).toBe(code)
      await approve(phone, code)
      await expectHeading(phone, 'Go back to your other device')

      for (const page of [desk, tab]) await expectSignedIn(page)
      expect(await sessionCookies(phone, app)).toEqual([])
    })

    test('signs in without script and by keyboard alone, with one more button', async () => {
      await using app = await startAccountApp(adapter)
      const desk = await newPage({ javaScriptEnabled: false })
      const phone = await newPage({ javaScriptEnabled: false })
      await desk.goto(`${app.origin}/account`)
      await tabTo(desk, '')
      await desk.keyboard.type(ada)
      await tabTo(desk, 'Sign in with another device')
      await desk.keyboard.press('Enter')
      await expectHeading(desk, /^Choose \d\d in the email$/)

      await phone.goto(linkOf(app, await desk.locator('.number').innerText()))
      await desk.reload()
      const code = await readCode(desk)
      await tabTo(phone, '')
      await phone.keyboard.type(code)
      await phone.keyboard.press('Enter')
      await expectHeading(phone, 'Go back to your other device')

      // The page would reload by itself in five seconds, and the service is polled after one.
      app.emulator.clock.advance(1000)
      await desk.reload()
      await expectHeading(desk, 'Approved')
      await tabTo(desk, 'Continue')
      await desk.keyboard.press('Enter')
      await expectSignedIn(desk)
    })

    test('T-31: approves nothing when a scanner opens all three links', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await requestNumber(page, app)
      for (const { url } of newestMail(app)) {
        for (const method of ['HEAD', 'GET']) {
          expect((await fetch(url, { method, redirect: 'manual' })).status).toBe(200)
        }
      }
      expect(newestMail(app).map(({ state }) => state)).toEqual(['unused', 'unused', 'unused'])
      // A user who did not choose a number yet still reads it here.
      await readCode(page)
      expect(await page.locator('main').innerText()).toMatch(/Choose \d\d in the email first/)
    })

    test('P7: approves nothing when a scanner submits the forms of all three links', async () => {
      await using app = await startAccountApp(adapter)
      const [page, scanner] = [await newPage(), await newPage()]
      await requestNumber(page, app)
      for (const { url } of newestMail(app)) {
        await scanner.goto(url)
        await scanner.getByRole('button', { name: 'Yes, sign that device in' }).click()
        await expectHeading(scanner, 'Is this you signing in?')
        // It does not mind that the field is required.
        await scanner.locator('form').evaluate((form) => form.setAttribute('novalidate', ''))
        await scanner.getByRole('button', { name: 'Yes, sign that device in' }).click()
        await eventually(() => scanner.locator('#mistake').count()).toBe(1)
      }
      expect(newestMail(app).map(({ state }) => state)).toEqual(['unused', 'unused', 'unused'])
      await readCode(page)
    })

    test('with a wrong code asks once more, then ends on both screens', async () => {
      await using app = await startAccountApp(adapter)
      const [desk, phone] = [await newPage(), await newPage()]
      await phone.goto(linkOf(app, await requestNumber(desk, app)))
      const code = Number(await readCode(desk))
      const wrong = [1, 2].map((more) => String((code + more) % 10_000).padStart(4, '0'))
      await approve(phone, wrong[0] ?? '')
      await expectHeading(phone, 'Is this you signing in?')
      expect(await phone.locator('#mistake').innerText()).toContain('That is not the code')
      await approve(phone, wrong[1] ?? '')
      await expectHeading(phone, 'This request was stopped')
      await expectHeading(desk, 'This sign-in was stopped')
      expect(await desk.locator('main').innerText()).toContain('Two wrong codes were typed')
      expect(await sessionCookies(desk, app)).toEqual([])
    })

    test('approved by the button alone where the app says so', async () => {
      await using app = await startAccountApp(adapter, { approval: 'button' })
      const [desk, phone] = [await newPage(), await newPage()]
      await phone.goto(linkOf(app, await requestNumber(desk, app)))
      await phone.getByRole('button', { name: 'Yes, sign that device in' }).click()
      await expectHeading(phone, 'Go back to your other device')
      await expectSignedIn(desk)
    })

    test('T-64: once the waiting tabs are closed, the service is polled no more', async () => {
      await using app = await startAccountApp(adapter)
      const count = (): number => app.openRequests(statusPath)
      const page = await newPage()
      await requestNumber(page, app)
      const tab = await page.context().newPage()
      await tab.goto(`${app.origin}/auth/waiting`)
      await eventually(count).toBe(2)
      await Promise.all([page, tab].map((one) => one.close()))
      await eventually(count).toBe(0)
      const polls = app.calls(pollCalls)
      // A poller that goes on would send about one request in each of these seconds.
      for (let second = 0; second < 20; second += 1) {
        app.emulator.clock.advance(1000)
        await fetch(`${app.origin}/auth/session`)
      }
      // At most the request that was in progress.
      expect(app.calls(pollCalls) - polls).toBeLessThanOrEqual(1)
    })

    test('T-63: another browser has nothing to wait for', async () => {
      await using app = await startAccountApp(adapter)
      await requestNumber(await newPage(), app)
      const other = await newPage()
      await other.goto(`${app.origin}/auth/waiting`)
      await expectHeading(other, 'Sign in')
      expect(await sessionCookies(other, app)).toEqual([])
    })

    test('with the wrong number approves nothing, and does not show the right one', async () => {
      await using app = await startAccountApp(adapter)
      const [desk, phone] = [await newPage(), await newPage()]
      const number = await requestNumber(desk, app)
      const wrong = newestMail(app).find((link) => link.number !== number)
      await phone.goto(wrong?.url ?? '')
      await approve(phone, await readCode(desk))
      await expectHeading(phone, 'Nothing was approved')
      expect(await phone.locator('main').innerText()).not.toContain(number)
      await desk.reload()
      await readCode(desk)
      // The right one still works, with the same code.
      await phone.goto(linkOf(app, number))
      await approve(phone, await readCode(desk))
      await expectSignedIn(desk)
    })

    test('refused on the phone, is shown as refused on the waiting page', async () => {
      await using app = await startAccountApp(adapter)
      const [desk, phone] = [await newPage(), await newPage()]
      const number = await requestNumber(desk, app)
      await phone.goto(linkOf(app, number))
      await phone.getByRole('button', { name: 'No, this was not me' }).click()
      await expectHeading(phone, 'Sign-in stopped')
      await expectHeading(desk, 'This sign-in was stopped')
      await desk.getByRole('link', { name: 'Start again' }).click()
      await expectHeading(desk, 'Sign in')
      // Back on the page with the two buttons, to click the other one.
      await phone.goBack()
      await expectHeading(phone, 'This sign-in was stopped')
    })

    test('refused after the sign-in has completed, says that it is too late', async () => {
      await using app = await startAccountApp(adapter)
      const [desk, phone] = [await newPage(), await newPage()]
      const link = linkOf(app, await requestNumber(desk, app))
      const tab = await phone.context().newPage()
      for (const page of [phone, tab]) await page.goto(link)
      await approve(phone, await readCode(desk))
      await expectSignedIn(desk)
      await tab.getByRole('button', { name: 'No, this was not me' }).click()
      await expectHeading(tab, 'That device is already signed in')
      await tab.getByRole('link', { name: 'Sign in' }).click()
      await expectHeading(tab, 'Sign in')
    })

    test('that was not approved in time, is shown as expired on the waiting page', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await requestNumber(page, app)
      app.emulator.clock.advance(11 * 60_000)
      await expectHeading(page, 'The link has expired')
    })
  })
}

/** Requests an enchanted link, and reads the number on the waiting page. */
async function requestNumber(page: Page, app: TestApp): Promise<string> {
  await page.goto(`${app.origin}/account`)
  await page.getByLabel('Email address').fill(ada)
  await page.getByRole('button', { name: 'Sign in with another device' }).click()
  await expectHeading(page, /^Choose \d\d in the email$/)
  return page.locator('.number').innerText()
}

/** The code on the waiting page, once a link was opened. */
async function readCode(page: Page): Promise<string> {
  await expectHeading(page, /^Type \d{4} on your other device$/)
  return page.locator('.number').innerText()
}

/** Types a code on the approval page, and approves. */
async function approve(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code on that screen').fill(code)
  await page.getByRole('button', { name: 'Yes, sign that device in' }).click()
}

/** A link of a message. */
type Link = ReturnType<TestApp['emulator']['inbox']['list']>[number]['links'][number]

/** The links of the newest mail. */
function newestMail(app: TestApp): readonly Link[] {
  return app.emulator.inbox.list({ to: ada })[0]?.links ?? []
}

/** The URL of the link with a number. */
function linkOf(app: TestApp, number: string): string {
  return newestMail(app).find((link) => link.number === number)?.url ?? ''
}
