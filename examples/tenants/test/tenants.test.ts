import { startEmulator } from '@linkpass/emulator'
import { startExample } from '@linkpass/testing/example'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const ada = 'ada@example.test'

test('a user switches tenants, and a payment goes on after the step-up', async () => {
  await using emulator = await startEmulator()
  await using app = await startExample(emulator, createApp)
  await emulator.signIn(ada, { tenants: { acme: {}, umbrella: {} } })
  const browser = app.browser()
  await browser.visit('/auth/magic-link', { form: { loginId: ada } })
  const home = await browser.open(await app.linkFor(ada))
  expect(home.body).toContain('Tenant: none')
  expect((await browser.submit(home)).location).toBe('/')
  const switched = await browser.visit('/')
  expect(switched.body).toContain('Tenant: acme')
  expect((await browser.visit('/t/umbrella')).status).toBe(200)
  expect((await browser.visit('/t/other')).status).toBe(403)

  const refused = await browser.visit('/pay', { form: { amount: '250' } })
  expect(refused.status).toBe(401)
  await browser.submit(refused)
  const resumed = await browser.open(await app.linkFor(ada))
  expect((await browser.submit(resumed)).body).toBe('<h1>Paid 250</h1>')
})
