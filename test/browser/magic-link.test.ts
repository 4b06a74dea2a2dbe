import { expect, test } from 'vitest'
import {
  ada,
  arriveSignedIn,
  askForLink,
  expectSignedIn,
  mailedLink,
  openLink,
  sessionCookies,
  startAccountApp,
} from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { eventually, expectHeading } from './support/steps.ts'

describeInChromium('a magic link', (version) => {
  test('opened in the browser that asked for it, signs in with no further click', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await page.goto(`${app.origin}/account`)
    await expectHeading(page, 'Sign in')
    await page.getByLabel('Email address').fill(ada)
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expectHeading(page, 'Check your inbox')
    expect(await page.getByText(ada).isVisible()).toBe(true)
    await openLink(page, app)
    await expectSignedIn(page)
    expect(page.url()).toBe(`${app.origin}/account`)

    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expectHeading(page, 'Sign in')
    expect(await sessionCookies(page, app)).toEqual([])
  })

  test('opened in another browser, even without script, waits for one button', async () => {
    await using app = await startAccountApp({ version })
    const [asker, opener] = [await person(), await person({ javaScriptEnabled: false })]
    await askForLink(asker, app)
    await openLink(opener, app)
    await expectHeading(opener, 'Sign in to Acme?')
    await opener.getByRole('button').click()
    await expectSignedIn(opener)

    await asker.goto(`${app.origin}/account`)
    await expectHeading(asker, 'Sign in')
  })

  test('T-30: read by a mail scanner first, still lets the person in', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await askForLink(page, app)
    const url = await mailedLink(app)
    for (const method of ['HEAD', 'GET', 'GET', 'GET']) {
      const answer = await fetch(url, { method, redirect: 'manual' })
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie().filter((line) => line.startsWith('DS'))).toEqual([])
    }
    expect(app.calls('/v1/auth/magiclink/verify')).toBe(0)
    await page.goto(url)
    await expectSignedIn(page)
  })

  test('gives a session that outlives its token: one refresh, and nobody signs in again', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    app.emulator.clock.advance(11 * 60_000)
    // The browser's own clock cannot be moved: this is what it does when Max-Age has passed.
    await page.context().clearCookies({ name: 'DS' })
    await page.reload()
    await expectSignedIn(page)
    expect(app.calls('/v1/auth/refresh')).toBe(1)

    // And where the cookie is still there, but what it holds has ended.
    app.emulator.clock.advance(11 * 60_000)
    await page.reload()
    await expectSignedIn(page)
    expect(app.calls('/v1/auth/refresh')).toBe(2)
  })

  test('is not asked for with a typing error, and nothing has to be typed twice', async () => {
    await using app = await startAccountApp({ version })
    const page = await person({ javaScriptEnabled: false })
    await page.goto(`${app.origin}/account`)
    const field = page.getByLabel('Email address')
    // Browsers know a mistyped address when they see one, but let this one through.
    const mistyped = `${'a'.repeat(65)}@example.test`
    await field.fill(mistyped)
    await page.keyboard.press('Enter')
    await eventually(() => field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.inputValue()).toBe(mistyped)
    await field.fill(ada)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    expect(app.emulator.requests()).toHaveLength(1)
  })
})
