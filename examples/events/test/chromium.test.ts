import { startEmulator } from '@linkpass/emulator'
import { describeInChromium, eventually, expectHeading, newPage } from '@linkpass/testing/chromium'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const ada = 'ada@example.test'

describeInChromium('the example events, in Chromium', () => {
  test('a sign-out in another tab ends the stream of a page', async () => {
    await using emulator = await startEmulator()
    await using app = await startExample(emulator, createApp)
    const page = await newPage()
    await page.goto(`${app.origin}/`)
    await page.getByLabel('Email address').fill(ada)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    await page.goto(app.origin + (await app.linkFor(ada)))
    await expectHeading(page, 'Events')
    const seen = (): Promise<string> => page.locator('ul').innerText()
    await eventually(seen).toContain('hello')
    expect(await seen()).not.toContain('ended')

    const other = await page.context().newPage()
    await other.goto(`${app.origin}/`)
    await other.getByRole('button', { name: 'Sign out' }).click()
    await expectHeading(other, 'You are signed out')
    // It asks once more, some seconds later, and is refused.
    await eventually(seen).toContain('ended')
  })
})
