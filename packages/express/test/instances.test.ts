import { memoryStore } from '@linkpass/core'
import { expect, test } from 'vitest'
import { type AppOptions, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'

const address = 'ada@example.test'

/** Two instances of one app: one address, one secret, one store. */
async function startTwo(options: AppOptions = {}): Promise<[TestApp, TestApp]> {
  const store = memoryStore()
  const shared = { appUrl: 'https://app.example.test', client: { store }, ...options }
  return [await startApp(shared), await startApp(shared)]
}

const verifyCalls = '/v1/auth/magiclink/verify'

async function asksFor(here: TestApp, browser: Browser): Promise<string> {
  await browser.visit('/auth/magic-link', { form: { loginId: address, returnTo: '/me' } })
  return await here.linkFor(address)
}

test('what one instance began another one finishes', async () => {
  const [here, there] = await startTwo()
  await using _ = here
  await using _there = there
  const browser = here.browser()
  const link = await asksFor(here, browser)
  browser.balanceTo(there.address)
  expect((await browser.visit(link)).location).toBe('/me')
  browser.balanceTo(here.address)
  expect((await browser.visit('/me')).status).toBe(200)
})

test('a press repeated on another instance is the same sign-in', async () => {
  const [here, there] = await startTwo()
  await using _ = here
  await using _there = there
  const link = await asksFor(here, here.browser())
  const browser = here.browser()
  const page = await browser.visit(link)
  await browser.copy().submit(page)
  browser.balanceTo(there.address)
  expect((await browser.submit(page)).status).toBe(303)
  expect(here.calls(verifyCalls)).toBe(1)
})

test('the limits hold across instances', async () => {
  const [here, there] = await startTwo()
  await using _ = here
  await using _there = there
  const send = (app: TestApp): ReturnType<Browser['visit']> =>
    app.browser().visit('/auth/magic-link', { form: { loginId: address } })
  expect([(await send(here)).status, (await send(there)).status]).toEqual([303, 429])
})

test('an enchanted link approved on one instance completes on another', async () => {
  const [here, there] = await startTwo({ methods: ['enchanted'] })
  await using _ = here
  await using _there = there
  const screen = here.browser()
  await screen.visit('/auth/enchanted-link', { form: { loginId: address } })
  const { links, linkId } = await here.emulator.inbox.waitFor({ to: address })
  const right = new URL(links.find(({ number }) => number === linkId)?.url ?? '')
  const phone = there.browser()
  const approval = await phone.visit(right.pathname + right.search)
  expect(approval.body).toContain('a***@example.test')
  const form = { ...phone.hiddenFields(approval), decision: 'approve' }
  await phone.visit('/auth/enchanted-link/verify', { form })
  const status = await screen.visit('/auth/enchanted-link/status')
  expect(JSON.parse(status.body)).toEqual({ state: 'approved' })
  screen.balanceTo(there.address)
  await screen.visit('/auth/enchanted-link/complete', { form: {} })
  expect((await screen.visit('/me')).status).toBe(200)
})

test('one expired session refreshed on two instances at once is one refresh', async () => {
  const [here, there] = await startTwo()
  await using _ = here
  await using _there = there
  const browser = here.browser()
  await here.signIn(browser)
  here.emulator.clock.advance(11 * 60_000)
  const other = browser.copy()
  other.balanceTo(there.address)
  const answers = await Promise.all([browser.visit('/me'), other.visit('/me')])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(here.calls('/v1/auth/refresh')).toBe(1)
})
