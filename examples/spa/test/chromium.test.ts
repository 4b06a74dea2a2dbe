import { startEmulator } from '@linkpass/emulator'
import { describeInChromium, expectHeading, newPage } from '@linkpass/testing/chromium'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp, createFrontEnd } from '../src/app.ts'

const ada = 'ada@example.test'

describeInChromium('the example spa, in Chromium', () => {
  test('a page on another port signs in, and another tab signs it out', async () => {
    await using emulator = await startEmulator()
    let api = ''
    await using front = await startExample(
      emulator,
      () => (request, response) => createFrontEnd(api)(request, response),
    )
    await using app = await startExample(emulator, (...[client, appUrl, secret]) =>
      createApp(client, appUrl, secret, front.origin),
    )
    api = app.origin

    const page = await newPage()
    await page.goto(`${front.origin}/`)
    await expectHeading(page, 'You are signed out')
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('Email address').fill(ada)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    await page.goto(app.origin + (await app.linkFor(ada)))
    await expectHeading(page, /^Welcome, U/)
    expect(page.url()).toBe(`${front.origin}/`)

    const other = await page.context().newPage()
    await other.goto(`${front.origin}/`)
    await expectHeading(other, /^Welcome, U/)
    await other.getByRole('button', { name: 'Sign out' }).click()
    await expectHeading(other, 'You are signed out')
    await page.reload()
    await expectHeading(page, 'You are signed out')
  })
})
