import { expect, test } from 'vitest'
import {
  arriveSignedIn,
  askForLink,
  expectSignedIn,
  mailedLink,
  openLink,
  sessionCookies,
  signIn,
  startAccountApp,
} from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { expectHeading } from './support/steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

describeInChromium('in one browser', (version) => {
  test('two links asked for both sign in, the older one last', async () => {
    await using app = await startAccountApp({ version, limits: false })
    const page = await person()
    await askForLink(page, app)
    const older = await mailedLink(app)
    await signIn(page, app)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expectHeading(page, 'Sign in')
    await page.goto(older)
    await expectSignedIn(page)
    expect(app.calls(verifyCalls)).toBe(2)
  })

  test('the button pressed in two tabs signs in both, with one verification', async () => {
    await using app = await startAccountApp({ version })
    await askForLink(await person(), app)
    const tab = await person()
    const other = await tab.context().newPage()
    const link = await mailedLink(app)
    for (const page of [tab, other]) await page.goto(link)
    await Promise.all([tab, other].map((page) => page.getByRole('button').click()))
    for (const page of [tab, other]) await expectSignedIn(page)
    expect(app.calls(verifyCalls)).toBe(1)
  })

  test('T-33: with somebody else signed in, a link asks first, and then replaces them', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app, 'eve@example.test')
    await askForLink(page, app)
    await openLink(page, app)
    await expectHeading(page, 'Sign in to Acme?')
    expect(await page.locator('.notice').innerText()).toContain('You are signed in here as')
    expect(app.calls(verifyCalls)).toBe(1)
    await page.goto(`${app.origin}/account`)
    await expectSignedIn(page, 'eve@example.test')
    await page.goBack()
    await page.getByRole('button').click()
    await expectSignedIn(page)
  })

  test('T-61: a link opened again lands signed in, and once signed out it only offers a new one', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    const link = await signIn(page, app)
    await page.goto(link)
    await expectSignedIn(page)
    expect(app.calls(verifyCalls)).toBe(1)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expectHeading(page, 'Sign in')
    await page.goto(link)
    await expectHeading(page, 'This link no longer works')
    expect(await sessionCookies(page, app)).toEqual([])
    await page.getByRole('link', { name: 'Get a new link' }).click()
    await expectHeading(page, 'Sign in')
  })
})
