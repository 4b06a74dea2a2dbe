import { memoryStore } from '@linkpass/core'
import { formatOption } from '@linkpass/core/internal'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { changes, requestChange, signInSteppedUp } from '../account/steps.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { enchanted, stateOf } from '../enchanted-link/steps.ts'
import { ada, isSignedIn, postForm, requestLink } from '../steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'
const refreshCalls = '/v1/auth/refresh'

/** Two instances of one app, on one store and one service: `here` writes one format, `there` another. */
interface Neighbours extends AsyncDisposable {
  readonly here: TestApp
  readonly there: TestApp
}

async function startNeighbours(
  adapter: TestAdapter,
  format: number,
  next: number,
): Promise<Neighbours> {
  const store = memoryStore()
  const options = { ...changes, ...enchanted, appUrl: 'https://app.example.test' }
  const older = { store, [formatOption]: format }
  const emulator = { rotateRefreshTokens: true, rotationGraceSeconds: 0 }
  const here = await adapter.start({ ...options, client: older, emulator })
  const { url: baseUrl, projectId, clock } = here.emulator
  const newer = { ...{ store, baseUrl, projectId, clock }, [formatOption]: next }
  const there = await adapter.start({ ...options, client: newer })
  return {
    here,
    there,
    [Symbol.asyncDispose]: async () => {
      await there[Symbol.asyncDispose]()
      await here[Symbol.asyncDispose]()
    },
  }
}

/** The number of the format of a sealed cookie. */
function formatOf(sealed: string | undefined): unknown {
  const [header = ''] = (sealed ?? '').split('.')
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid
}

/** An enchanted attempt of a browser on one instance, and its approval page on the other. */
async function openedElsewhere({ here, there }: Neighbours): Promise<{
  readonly screen: Browser
  readonly phone: Browser
  readonly decide: (decision: string) => Promise<number>
}> {
  const [screen, phone] = [here.browser(), here.browser()]
  phone.balanceTo(there.address)
  await screen.visit('/auth/enchanted-link', { form: { loginId: ada, returnTo: '/me' } })
  const { links, linkId } = await here.emulator.inbox.waitFor({ to: ada })
  const link = new URL(links.find(({ number }) => number === linkId)?.url ?? '')
  const page = await phone.visit(link.pathname + link.search)
  expect(page.body).toContain('a***@example.test')
  const { code } = JSON.parse((await screen.visit('/auth/enchanted-link/status')).body)
  const decide = async (decision: string): Promise<number> =>
    (await phone.submit(page, { decision, code })).status
  return { screen, phone, decide }
}

/** Instances of two releases side by side, as in a rolling deploy or a rollback. */
export function neighbouringReleaseCases(adapter: TestAdapter): void {
  describe.each([
    ['before', 1, 2],
    ['after', 2, 1],
  ])(`an instance of the release %s the other, on ${adapter.name}`, (_, format, next) => {
    test('seals in its own format', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      for (const [app, written] of [
        [here, format],
        [there, next],
      ] as const) {
        const browser = here.browser()
        browser.balanceTo(app.address)
        await browser.visit('/auth/enchanted-link', { form: { loginId: ada } })
        await browser.visit('/auth/magic-link', { form: { loginId: ada } })
        for (const name of ['attempt', 'pending']) {
          expect(formatOf(browser.cookie(`__Host-linkpass-${name}`))).toBe(String(written))
        }
      }
    })

    test('begins a magic link that the other redeems', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      const browser = here.browser()
      const link = await requestLink(here, browser)
      browser.balanceTo(there.address)
      expect((await browser.visit(link)).location).toBe('/me')
      for (const { address } of [here, there]) {
        browser.balanceTo(address)
        expect((await browser.visit('/me')).status).toBe(200)
        // The cookie of the other one says that the link was used.
        expect((await browser.visit(link)).location).toBe('/me')
      }
      expect(here.calls(verifyCalls)).toBe(1)
    })

    test('shows the page of a link that both confirm, with one redemption', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      const link = await requestLink(here, here.browser())
      const browser = here.browser()
      const page = await browser.visit(link)
      const other = browser.copy()
      other.balanceTo(there.address)
      expect((await other.submit(page)).status).toBe(303)
      expect((await browser.submit(page)).status).toBe(303)
      expect(await isSignedIn(browser)).toBe(true)
      expect(here.calls(verifyCalls)).toBe(1)
    })

    test('begins an enchanted link that the other approves and completes', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { screen, decide } = await openedElsewhere(neighbours)
      expect(await decide('approve')).toBe(200)
      // The session is kept by the instance that polls the service.
      expect(await stateOf(neighbours.here, screen)).toBe('approved')
      screen.balanceTo(neighbours.there.address)
      const done = await postForm(screen, '/auth/enchanted-link/complete')
      expect([done.status, done.body]).toEqual([200, '{"redirectTo":"/me"}'])
      screen.balanceTo(neighbours.here.address)
      expect(await isSignedIn(screen)).toBe(true)
    })

    test('begins an enchanted link that the other refuses', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { screen, decide } = await openedElsewhere(neighbours)
      expect(await decide('refuse')).toBe(200)
      expect(await stateOf(neighbours.here, screen)).toBe('refused')
      expect((await postForm(screen, '/auth/enchanted-link/complete')).status).toBe(410)
    })

    test('requests a step-up that the other redeems, for a change on either', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      const browser = here.browser()
      await here.signIn(browser)
      await postForm(browser, '/auth/step-up', { returnTo: '/me' })
      const link = await here.linkFor(ada)
      browser.balanceTo(there.address)
      expect((await browser.visit(link)).location).toBe('/me')
      for (const [index, { address }] of [here, there].entries()) {
        browser.balanceTo(address)
        const email = `new-${index}@example.test`
        expect((await postForm(browser, '/auth/email', { email })).status).toBe(202)
      }
    })

    test('requests a change of address that another browser confirms on the other', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      const [browser, phone] = [here.browser(), here.browser()]
      phone.balanceTo(there.address)
      await signInSteppedUp(here, browser)
      const changed = await phone.submit(await phone.visit(await requestChange(here, browser)))
      expect([changed.status, changed.body]).toEqual([200, expect.stringContaining('was changed')])
      const me = await here.client.me(browser.cookie(here.cookieNames.refresh) ?? '')
      expect(me.data?.email).toBe('new@example.test')
    })

    test('shares refreshes and rotated tokens with the other', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      const browser = here.browser()
      await here.signIn(browser)
      here.emulator.clock.advance(11 * 60_000)
      const [other, lost] = [browser.copy(), browser.copy()]
      for (const one of [other, lost]) one.balanceTo(there.address)
      const both = await Promise.all([browser.visit('/me'), other.visit('/me')])
      expect(both.map(({ status }) => status)).toEqual([200, 200])
      // A response that was lost comes again, from the other one.
      here.emulator.clock.advance(30_000)
      expect((await lost.visit('/me')).status).toBe(200)
      expect(here.calls(refreshCalls)).toBe(1)
      here.emulator.clock.advance(11 * 60_000)
      expect((await other.visit('/me')).status).toBe(200)
    })

    test('ends what was requested on the other by a logout', async () => {
      await using neighbours = await startNeighbours(adapter, format, next)
      const { here, there } = neighbours
      const browser = here.browser()
      await signInSteppedUp(here, browser)
      const link = await requestChange(here, browser)
      const copy = browser.copy()
      browser.balanceTo(there.address)
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
      for (const { address } of [here, there]) {
        copy.balanceTo(address)
        expect((await copy.visit(link)).status).toBe(410)
      }
      here.emulator.clock.advance(11 * 60_000)
      expect(await isSignedIn(copy)).toBe(false)
      expect(here.calls(refreshCalls)).toBe(0)
    })
  })
}
