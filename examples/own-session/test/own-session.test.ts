import { startEmulator } from '@linkpass/emulator'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

test('a human gets a link, and a session of the app’s own; a bot gets neither', async () => {
  await using emulator = await startEmulator()
  await using app = await startExample(emulator, createApp)
  const browser = app.browser()
  const request = (answer: string): Promise<number> =>
    browser
      .visit('/auth/magic-link', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-bot-check': answer },
        body: JSON.stringify({ loginId: 'ada@example.test' }),
      })
      .then(({ status }) => status)
  expect(await request('bot')).toBe(403)
  expect(await request('human')).toBe(202)
  const home = await browser.open(await app.linkFor('ada@example.test'))
  expect(home.body).toContain('Welcome, U')
  expect(browser.cookieNames).toContain('connect.sid')
  expect(browser.cookieNames.some((name) => name.startsWith('DS'))).toBe(false)
  expect((await browser.submit(home)).location).toBe('/auth/signed-out')
  expect((await browser.visit('/')).location).toBe('/hello')
})
