import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../packages/express/test/support/app.ts'
import {
  ada,
  cookieOf,
  openLink,
  sessionCookies,
  signInByKeyboard,
  startAccountApp,
} from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { expectHeading, tabTo } from './support/steps.ts'

describe.each([
  ['with', true],
  ['without', false],
] as const)('by keyboard, %s script:', (_, javaScriptEnabled) => {
  describeInChromium('one’s own account', (version) => {
    const atKeyboard = (): Promise<Page> => person({ javaScriptEnabled })

    test('a step-up leads back to the page that asked for it', async () => {
      await using app = await startAccountApp({ version })
      const page = await atKeyboard()
      await askForStepUp(page, app)
      await openLink(page, app)
      await expectHeading(page, 'All keys were changed')
      expect(page.url()).toBe(`${app.origin}/danger`)
    })

    test('a step-up asked for here and opened elsewhere asks first, and opens nothing here', async () => {
      await using app = await startAccountApp({ version })
      const [here, elsewhere] = [await atKeyboard(), await atKeyboard()]
      await askForStepUp(here, app)
      await openLink(elsewhere, app)
      await expectHeading(elsewhere, 'Confirm it’s you')
      expect(await sessionCookies(elsewhere, app)).toEqual([])
      await here.goto(`${app.origin}/danger`)
      await expectHeading(here, 'Confirm it’s you')
    })

    test('a new email address is theirs once its link was opened', async () => {
      await using app = await startAccountApp({ version })
      const page = await atKeyboard()
      await askForChange(page, app, 'email', 'new@example.test')
      await expectHeading(page, 'Check your inbox')
      expect(await page.getByText('new@example.test').isVisible()).toBe(true)
      expect(await own(page, app)).toMatchObject({ email: ada })
      await openLink(page, app, 'new@example.test')
      await expectHeading(page, 'Your account')
      expect(page.url()).toBe(`${app.origin}/account?email`)
      expect(await own(page, app)).toMatchObject({ email: 'new@example.test' })
    })

    test('a new email address opened on another device takes a press there, and says what for', async () => {
      await using app = await startAccountApp({ version })
      const [desk, phone] = [await atKeyboard(), await atKeyboard()]
      await askForChange(desk, app, 'email', 'new@example.test')
      await expectHeading(desk, 'Check your inbox')
      await openLink(phone, app, 'new@example.test')
      await expectHeading(phone, 'Confirm your new address')
      expect(await own(desk, app)).toMatchObject({ email: ada })
      await tabTo(phone, 'Use this address')
      await phone.keyboard.press('Enter')
      await expectHeading(phone, 'Your account')
      expect(await own(desk, app)).toMatchObject({ email: 'new@example.test' })
    })

    test('a new number is theirs once its link was opened', async () => {
      await using app = await startAccountApp({ version })
      const page = await atKeyboard()
      await askForChange(page, app, 'number', '+44 20 7946 0018')
      await expectHeading(page, 'Check your phone')
      await openLink(page, app, '+442079460018')
      await expectHeading(page, 'Your account')
      expect(page.url()).toBe(`${app.origin}/account?phone`)
      expect(await own(page, app)).toMatchObject({ phone: '+442079460018' })
    })
  })
})

/** Signs in, opens the page that wants more, and asks for its link. */
async function askForStepUp(page: Page, app: TestApp): Promise<void> {
  await signInByKeyboard(page, app)
  await page.goto(`${app.origin}/danger`)
  await expectHeading(page, 'Confirm it’s you')
  await tabTo(page, 'Send me the link')
  await page.keyboard.press('Enter')
  await expectHeading(page, 'Check your inbox')
}

/** Signs in, and asks on the account page for another address or number. */
async function askForChange(
  page: Page,
  app: TestApp,
  what: 'email' | 'number',
  value: string,
): Promise<void> {
  await signInByKeyboard(page, app)
  // The button of the form before it, or the first field at once.
  if (what === 'number') await tabTo(page, 'Change email')
  await page.keyboard.press('Tab')
  await page.keyboard.type(value)
  await page.keyboard.press('Enter')
}

/** What the service says of whoever is signed in. */
async function own(page: Page, app: TestApp): Promise<unknown> {
  return (await app.client.me((await cookieOf(page, app, 'DSR')) ?? '')).data
}
