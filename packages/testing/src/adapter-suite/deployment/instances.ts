import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { withCopiedSession } from '../account/steps.ts'
import { cookieSecret } from '../start-test-app.ts'
import { postForm } from '../steps.ts'

const address = 'ada@example.test'
const oldSecret = cookieSecret
const newSecret = 'another cookie secret for tests, of more than 32 bytes'

const verifyCalls = '/v1/auth/magiclink/verify'

/** Requests a magic link, and returns its path and query. */
async function requestLink(here: TestApp, browser: Browser): Promise<string> {
  await browser.visit('/auth/magic-link', { form: { loginId: address, returnTo: '/me' } })
  return await here.linkFor(address)
}

/** Requests an enchanted link, and returns the path and query of the right one. */
async function requestApproval(here: TestApp, screen: Browser): Promise<string> {
  await screen.visit('/auth/enchanted-link', { form: { loginId: address } })
  const { links, linkId } = await here.emulator.inbox.waitFor({ to: address })
  const right = new URL(links.find(({ number }) => number === linkId)?.url ?? '')
  return right.pathname + right.search
}

/** What the browser that waits is told. */
async function statusOf(screen: Browser, query = ''): Promise<Record<string, string>> {
  return JSON.parse((await screen.visit(`/auth/enchanted-link/status${query}`)).body)
}

/** The state of the sign-in that a browser waits for. */
async function stateOf(screen: Browser): Promise<string | undefined> {
  return (await statusOf(screen, '?code=shown'))['state']
}

/** The code that the screen shows once a link was opened, on whichever instance. */
async function codeOf(screen: Browser): Promise<string> {
  return (await statusOf(screen))['code'] ?? ''
}

/** Two instances of one app, on one store; the second one may use another adapter. */
export function instanceCases(adapter: TestAdapter, other: TestAdapter = adapter): void {
  /** @param others the options of the second instance @default those of the first */
  async function startTwo(
    options: TestAppOptions = {},
    others: TestAppOptions = options,
  ): Promise<[TestApp, TestApp]> {
    const shared = { appUrl: 'https://app.example.test', client: { store: memoryStore() } }
    return [
      await adapter.start({ ...shared, ...options }),
      await other.start({ ...shared, ...others }),
    ]
  }

  describe(`two instances, on ${adapter.name} and ${other.name}`, () => {
    test('a sign-in that one instance begins is finished by another', async () => {
      const [here, there] = await startTwo()
      await using _ = here
      await using _there = there
      const browser = here.browser()
      const link = await requestLink(here, browser)
      browser.balanceTo(there.address)
      expect((await browser.visit(link)).location).toBe('/me')
      browser.balanceTo(here.address)
      expect((await browser.visit('/me')).status).toBe(200)
    })

    test('a confirmation repeated on another instance is the same sign-in', async () => {
      const [here, there] = await startTwo()
      await using _ = here
      await using _there = there
      const link = await requestLink(here, here.browser())
      const browser = here.browser()
      const page = await browser.visit(link)
      await browser.copy().submit(page)
      browser.balanceTo(there.address)
      expect((await browser.submit(page)).status).toBe(303)
      expect(here.calls(verifyCalls)).toBe(1)
    })

    test('the limits apply across instances', async () => {
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
      const approval = await phone.visit(await requestApproval(here, screen))
      expect(approval.body).toContain('a***@example.test')
      await phone.submit(approval, { decision: 'approve', code: await codeOf(screen) })
      expect(await stateOf(screen)).toBe('approved')
      screen.balanceTo(there.address)
      await screen.visit('/auth/enchanted-link/complete', { form: {} })
      expect((await screen.visit('/me')).status).toBe(200)
    })

    describe.each([
      ['not reached', [oldSecret, newSecret], [newSecret, oldSecret]],
      ['reached', [newSecret, oldSecret], [oldSecret, newSecret]],
    ])('an attempt on an instance that a rotation of secrets has %s', (_, first, second) => {
      const startRotating = (options: TestAppOptions = {}): ReturnType<typeof startTwo> =>
        startTwo({ ...options, cookieSecret: first }, { ...options, cookieSecret: second })

      test('is finished by the other one, and the used link redirects on both', async () => {
        const [here, there] = await startRotating()
        await using _here = here
        await using _there = there
        const browser = here.browser()
        const link = await requestLink(here, browser)
        browser.balanceTo(there.address)
        expect((await browser.visit(link)).location).toBe('/me')
        for (const { address: server } of [here, there]) {
          browser.balanceTo(server)
          expect((await browser.visit(link)).location).toBe('/me')
        }
        expect(here.calls(verifyCalls)).toBe(1)
      })

      test('is shown, approved and completed by the other one', async () => {
        const [here, there] = await startRotating({ methods: ['enchanted'] })
        await using _here = here
        await using _there = there
        const screen = here.browser()
        const approval = await requestApproval(here, screen)
        const phone = there.browser()
        const page = await phone.visit(approval)
        expect(page.body).toContain('a***@example.test')
        await phone.submit(page, { decision: 'approve', code: await codeOf(screen) })
        expect(await stateOf(screen)).toBe('approved')
        screen.balanceTo(there.address)
        expect(await stateOf(screen)).toBe('approved')
        await screen.visit('/auth/enchanted-link/complete', { form: {} })
        expect((await screen.visit('/me')).status).toBe(200)
      })

      test('is refused on the other one', async () => {
        const [here, there] = await startRotating({ methods: ['enchanted'] })
        await using _here = here
        await using _there = there
        const screen = here.browser()
        const phone = there.browser()
        const page = await phone.visit(await requestApproval(here, screen))
        await phone.submit(page, { decision: 'refuse' })
        expect(await stateOf(screen)).toBe('refused')
        phone.balanceTo(here.address)
        expect((await phone.submit(page, { decision: 'approve', code: '0000' })).status).toBe(410)
      })

      test('P2: of copied session cookies, ends with the logout of their owner on the other one', async () => {
        const [here, there] = await startRotating({ limits: false })
        await using _here = here
        await using _there = there
        const owner = here.browser()
        await here.signIn(owner)
        const copy = withCopiedSession(here, owner)
        expect((await postForm(copy, '/auth/step-up')).status).toBe(202)
        const link = await here.linkFor(address)
        owner.balanceTo(there.address)
        expect((await postForm(owner, '/auth/logout')).status).toBe(204)
        expect((await here.browser().visit(link)).status).toBe(410)
      })
    })

    test('one expired session used on two instances at once is one refresh', async () => {
      const [here, there] = await startTwo()
      await using _ = here
      await using _there = there
      const browser = here.browser()
      await here.signIn(browser)
      here.emulator.clock.advance(11 * 60_000)
      const other = browser.copy()
      other.balanceTo(there.address)
      const responses = await Promise.all([browser.visit('/me'), other.visit('/me')])
      expect(responses.map(({ status }) => status)).toEqual([200, 200])
      expect(here.calls('/v1/auth/refresh')).toBe(1)
    })
  })
}
