import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { expressVersions, type TestApp } from '../../packages/express/test/support/app.ts'
import { signInByKeyboard, startAccountApp, useChromium } from './support/app-in-chromium.ts'
import { chromiumPath } from './support/chromium.ts'
import { expectHeading, tabTo } from './support/steps.ts'

const ways = expressVersions.flatMap((version) =>
  [true, false].map((script) => ({ version, script, how: script ? 'with' : 'without' })),
)

describe.skipIf(chromiumPath === undefined).each(ways)(
  'in Chromium by keyboard, $how script, on Express $version',
  { timeout: 60_000 },
  ({ version, script }) => {
    const newPage = useChromium()
    const person = (): Promise<Page> => newPage({ javaScriptEnabled: script })

    test('a step-up leads back to the page that asked for it', async () => {
      await using app = await startAccountApp({ version })
      const page = await person()
      await signInByKeyboard(page, app)
      await page.goto(`${app.origin}/danger`)
      await expectHeading(page, 'Confirm it’s you')
      await tabTo(page, 'Send me the link')
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Check your inbox')
      await page.goto(app.origin + (await app.linkFor('ada@example.test')))
      await expectHeading(page, 'All keys were changed')
      expect(new URL(page.url()).pathname).toBe('/danger')
      await page.context().close()
    })

    test('a step-up asked for here and opened elsewhere asks first, and opens nothing here', async () => {
      await using app = await startAccountApp({ version })
      const [here, elsewhere] = [await person(), await person()]
      await signInByKeyboard(here, app)
      await here.goto(`${app.origin}/danger`)
      await tabTo(here, 'Send me the link')
      await here.keyboard.press('Enter')
      await expectHeading(here, 'Check your inbox')
      await elsewhere.goto(app.origin + (await app.linkFor('ada@example.test')))
      await expectHeading(elsewhere, 'Confirm it’s you')
      expect(await sessionCookies(elsewhere, app)).toEqual([])
      await here.goto(`${app.origin}/danger`)
      await expectHeading(here, 'Confirm it’s you')
      await here.context().close()
      await elsewhere.context().close()
    })

    test('a new email address is theirs once its link was opened', async () => {
      await using app = await startAccountApp({ version })
      const page = await person()
      await signInByKeyboard(page, app)
      await tabTo(page, '')
      await page.keyboard.type('new@example.test')
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Check your inbox')
      expect(await page.getByText('new@example.test').isVisible()).toBe(true)
      expect(await own(page, app)).toMatchObject({ email: 'ada@example.test' })
      await page.goto(app.origin + (await app.linkFor('new@example.test')))
      await expectHeading(page, 'Your account')
      expect(page.url()).toBe(`${app.origin}/account?email`)
      expect(await own(page, app)).toMatchObject({ email: 'new@example.test' })
      await page.context().close()
    })

    test('a new email address opened on another device takes a press there, and says what for', async () => {
      await using app = await startAccountApp({ version })
      const [desk, phone] = [await person(), await person()]
      await signInByKeyboard(desk, app)
      await tabTo(desk, '')
      await desk.keyboard.type('new@example.test')
      await desk.keyboard.press('Enter')
      await expectHeading(desk, 'Check your inbox')
      await phone.goto(app.origin + (await app.linkFor('new@example.test')))
      await expectHeading(phone, 'Confirm your new address')
      expect(await own(desk, app)).toMatchObject({ email: 'ada@example.test' })
      await tabTo(phone, 'Use this address')
      await phone.keyboard.press('Enter')
      await phone.waitForURL(`${app.origin}/`)
      expect(await own(desk, app)).toMatchObject({ email: 'new@example.test' })
      await desk.context().close()
      await phone.context().close()
    })

    test('a new number is theirs once its link was opened', async () => {
      await using app = await startAccountApp({ version })
      const page = await person()
      await signInByKeyboard(page, app)
      await tabTo(page, 'Change email')
      await page.keyboard.press('Tab')
      await page.keyboard.type('+44 20 7946 0018')
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Check your phone')
      await page.goto(app.origin + (await app.linkFor('+442079460018')))
      await expectHeading(page, 'Your account')
      expect(page.url()).toBe(`${app.origin}/account?phone`)
      expect(await own(page, app)).toMatchObject({ phone: '+442079460018' })
      await page.context().close()
    })
  },
)

async function sessionCookies(page: Page, app: TestApp): Promise<string[]> {
  const cookies = await page.context().cookies(app.origin)
  return cookies.map(({ name }) => name).filter((name) => name.startsWith('DS'))
}

/** What the service says of whoever is signed in. */
async function own(page: Page, app: TestApp): Promise<unknown> {
  const cookies = await page.context().cookies(app.origin)
  const refresh = cookies.find(({ name }) => name === 'DSR')
  return (await app.client.me(refresh?.value ?? '')).data
}
