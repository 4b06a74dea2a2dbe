import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, expectHeading, newPage, tabTo } from '../../chromium/index.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada } from '../steps.ts'
import {
  cookieOf,
  mailedLink,
  openLink,
  sessionCookies,
  signInByKeyboard,
  startAccountApp,
} from './account-app.ts'

/** The account by keyboard. */
export function accountInChromium(adapter: TestAdapter): void {
  for (const [how, javaScriptEnabled] of [
    ['with', true],
    ['without', false],
  ] as const) {
    describeInChromium(
      `the account by keyboard, ${how} script, in Chromium on ${adapter.name}`,
      () => {
        test('a step-up returns to the page that required it', async () => {
          await using app = await startAccountApp(adapter)
          const page = await newPage({ javaScriptEnabled })
          await requestStepUp(page, app)
          await openLink(page, app)
          await expectHeading(page, 'All keys were changed')
          expect(page.url()).toBe(`${app.origin}/danger`)
        })

        test('P8: a step-up confirmed on another device by its code goes on where it was requested', async () => {
          await using app = await startAccountApp(adapter)
          const [desk, phone] = [
            await newPage({ javaScriptEnabled }),
            await newPage({ javaScriptEnabled }),
          ]
          await requestStepUp(desk, app)
          const code = await desk.locator('.code').innerText()
          await phone.goto(await mailedLink(app))
          await expectHeading(phone, 'Confirm it’s you on another device?')
          await tabTo(phone, '')
          await phone.keyboard.type(code)
          await phone.keyboard.press('Enter')
          await expectHeading(phone, 'Go back to your other device')
          expect(await sessionCookies(phone, app)).toEqual([])
          if (!javaScriptEnabled) {
            // The page would reload by itself in five seconds.
            await desk.reload()
            await expectHeading(desk, 'Approved')
            await tabTo(desk, 'Continue')
            await desk.keyboard.press('Enter')
          }
          await expectHeading(desk, 'All keys were changed')
          expect(desk.url()).toBe(`${app.origin}/danger`)
        })

        test('a new email address is set once its link was opened', async () => {
          await using app = await startAccountApp(adapter)
          const page = await newPage({ javaScriptEnabled })
          await requestChange(page, app, 'email', 'new@example.test')
          await expectHeading(page, 'Check your inbox')
          expect(await page.getByText('new@example.test').isVisible()).toBe(true)
          expect(await accountOf(page, app)).toMatchObject({ email: ada })
          await openLink(page, app, 'new@example.test')
          await expectHeading(page, 'Your account')
          expect(page.url()).toBe(`${app.origin}/account?email`)
          expect(await accountOf(page, app)).toMatchObject({ email: 'new@example.test' })
        })

        test('P8: a new email address is confirmed on another device, which gets no session', async () => {
          await using app = await startAccountApp(adapter)
          const [desk, phone] = [
            await newPage({ javaScriptEnabled }),
            await newPage({ javaScriptEnabled }),
          ]
          await requestChange(desk, app, 'email', 'new@example.test')
          await expectHeading(desk, 'Check your inbox')
          await openLink(phone, app, 'new@example.test')
          await expectHeading(phone, 'Confirm your new address')
          expect(await accountOf(desk, app)).toMatchObject({ email: ada })
          await tabTo(phone, 'Use this address')
          await phone.keyboard.press('Enter')
          await expectHeading(phone, 'The address was changed')
          expect(await sessionCookies(phone, app)).toEqual([])
          expect(await accountOf(desk, app)).toMatchObject({ email: 'new@example.test' })
        })

        test('a new number is set once its link was opened', async () => {
          await using app = await startAccountApp(adapter)
          const page = await newPage({ javaScriptEnabled })
          await requestChange(page, app, 'number', '+44 20 7946 0018')
          await expectHeading(page, 'Check your phone')
          await openLink(page, app, '+442079460018')
          await expectHeading(page, 'Your account')
          expect(page.url()).toBe(`${app.origin}/account?phone`)
          expect(await accountOf(page, app)).toMatchObject({ phone: '+442079460018' })
        })
      },
    )
  }
}

/** Signs in, opens the page that requires a step-up, and requests its link. */
async function requestStepUp(page: Page, app: TestApp): Promise<void> {
  await signInByKeyboard(page, app)
  await page.goto(`${app.origin}/danger`)
  await expectHeading(page, 'Confirm it’s you')
  await tabTo(page, 'Send me the link')
  await page.keyboard.press('Enter')
  await expectHeading(page, 'Check your inbox')
}

/** Signs in, steps up when the account page requires it, and requests another address or number. */
async function requestChange(
  page: Page,
  app: TestApp,
  what: 'email' | 'number',
  value: string,
): Promise<void> {
  await signInByKeyboard(page, app)
  await fillChange(page, what, value)
  await expectHeading(page, 'Confirm it’s you')
  await tabTo(page, 'Send me the link')
  await page.keyboard.press('Enter')
  await expectHeading(page, 'Check your inbox')
  await openLink(page, app)
  // The form that the step-up interrupted.
  await expectHeading(page, 'Thank you')
  await tabTo(page, 'Continue')
  await page.keyboard.press('Enter')
}

async function fillChange(page: Page, what: 'email' | 'number', value: string): Promise<void> {
  // The first field has the focus next; the second one follows the button of the first form.
  if (what === 'number') await tabTo(page, 'Change email')
  await page.keyboard.press('Tab')
  await page.keyboard.type(value)
  await page.keyboard.press('Enter')
}

/** The account of the signed-in user, as the service has it. */
async function accountOf(page: Page, app: TestApp): Promise<unknown> {
  return (await app.client.me((await cookieOf(page, app, 'refresh')) ?? '')).data
}
