import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import { type AppOptions, secret, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'

const address = 'ada@example.test'

/**
 * Two instances of one app: one address, one store, one secret, and an Express each.
 *
 * @param others the second one's options @default those of the first
 */
async function startTwo(
  options: AppOptions = {},
  others: AppOptions = options,
): Promise<[TestApp, TestApp]> {
  const shared = { appUrl: 'https://app.example.test', client: { store: memoryStore() } }
  return [
    await startApp({ ...shared, version: 4, ...options }),
    await startApp({ ...shared, version: 5, ...others }),
  ]
}

const verifyCalls = '/v1/auth/magiclink/verify'

async function asksFor(here: TestApp, browser: Browser): Promise<string> {
  await browser.visit('/auth/magic-link', { form: { loginId: address, returnTo: '/me' } })
  return await here.linkFor(address)
}

/** Asks for an enchanted link; the path and query of the right one. */
async function asksForApproval(here: TestApp, screen: Browser): Promise<string> {
  await screen.visit('/auth/enchanted-link', { form: { loginId: address } })
  const { links, linkId } = await here.emulator.inbox.waitFor({ to: address })
  const right = new URL(links.find(({ number }) => number === linkId)?.url ?? '')
  return right.pathname + right.search
}

async function statusOf(screen: Browser): Promise<string> {
  const answer = await screen.visit('/auth/enchanted-link/status')
  return JSON.parse(answer.body).state
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
  const phone = there.browser()
  const approval = await phone.visit(await asksForApproval(here, screen))
  expect(approval.body).toContain('a***@example.test')
  await phone.submit(approval, { decision: 'approve' })
  expect(await statusOf(screen)).toBe('approved')
  screen.balanceTo(there.address)
  await screen.visit('/auth/enchanted-link/complete', { form: {} })
  expect((await screen.visit('/me')).status).toBe(200)
})

const [old, young] = [secret, 'another cookie secret for tests, of more than 32 bytes']

describe.each([
  ['not reached', [old, young], [young, old]],
  ['reached', [young, old], [old, young]],
])('a start on an instance that a rotation of secrets has %s', (_, first, second) => {
  const startRotating = (options: AppOptions = {}): ReturnType<typeof startTwo> =>
    startTwo({ ...options, cookieSecret: first }, { ...options, cookieSecret: second })

  test('is finished by one where it stands otherwise, and lands on either once used', async () => {
    const [here, there] = await startRotating()
    await using _here = here
    await using _there = there
    const browser = here.browser()
    const link = await asksFor(here, browser)
    browser.balanceTo(there.address)
    expect((await browser.visit(link)).location).toBe('/me')
    for (const { address: server } of [here, there]) {
      browser.balanceTo(server)
      expect((await browser.visit(link)).location).toBe('/me')
    }
    expect(here.calls(verifyCalls)).toBe(1)
  })

  test('is shown, approved and completed by one where it stands otherwise', async () => {
    const [here, there] = await startRotating({ methods: ['enchanted'] })
    await using _here = here
    await using _there = there
    const screen = here.browser()
    const approval = await asksForApproval(here, screen)
    const phone = there.browser()
    const page = await phone.visit(approval)
    expect(page.body).toContain('a***@example.test')
    await phone.submit(page, { decision: 'approve' })
    expect(await statusOf(screen)).toBe('approved')
    screen.balanceTo(there.address)
    expect(await statusOf(screen)).toBe('approved')
    await screen.visit('/auth/enchanted-link/complete', { form: {} })
    expect((await screen.visit('/me')).status).toBe(200)
  })

  test('is refused by one where it stands otherwise', async () => {
    const [here, there] = await startRotating({ methods: ['enchanted'] })
    await using _here = here
    await using _there = there
    const screen = here.browser()
    const phone = there.browser()
    const page = await phone.visit(await asksForApproval(here, screen))
    await phone.submit(page, { decision: 'refuse' })
    expect(await statusOf(screen)).toBe('refused')
    phone.balanceTo(here.address)
    expect((await phone.submit(page, { decision: 'approve' })).status).toBe(410)
  })
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
