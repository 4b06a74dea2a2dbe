import { memoryStore } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { deferred } from '../../deferred.ts'
import type { TestAdapter } from '../adapter.ts'
import {
  approval,
  enchanted,
  linksByNumber,
  requestNumber,
  stateOf,
} from '../enchanted-link/steps.ts'
import { postForm, requestLink, setCookies } from '../steps.ts'

/** How often each race is run. `npm run soak -- double-click` runs 200 rounds. */
const rounds = Number(process.env['LINKPASS_ROUNDS'] ?? 20)

/** A link that is opened twice in one browser, on two instances that share a store. */
export function doubleClickCases(adapter: TestAdapter): void {
  describe(`P26 a double click that reaches two instances, on ${adapter.name}`, () => {
    test.each([
      ['opening', 'GET'],
      ['confirming', 'POST'],
    ])('%s one link twice signs in both times, with one redemption', async (_, method) => {
      const signedIn: string[] = []
      const options = {
        appUrl: 'https://app.example.test',
        client: { store: memoryStore() },
        limits: false,
        onSignIn: ({ session }) => signedIn.push(session.userId),
      } as const satisfies Parameters<TestAdapter['start']>[0]
      await using here = await adapter.start(options)
      await using there = await adapter.start(options)
      const pages: string[] = []
      for (let round = 0; round < rounds; round += 1) {
        const first = here.browser()
        const link = await requestLink(here, first)
        const page = method === 'POST' ? await asStranger(here.browser(), link) : undefined
        const one = page?.browser ?? first
        const other = one.copy()
        other.balanceTo(there.address)
        const click = (browser: Browser): Promise<unknown> =>
          page === undefined ? browser.visit(link) : browser.submit(page.page)
        await Promise.all([click(one), click(other)])
        for (const browser of [one, other]) {
          pages.push(String((await browser.visit('/me')).status))
        }
      }
      expect(pages).toEqual(Array.from({ length: 2 * rounds }, () => '200'))
      expect(here.calls('/v1/auth/magiclink/verify')).toBe(rounds)
      expect(signedIn).toHaveLength(rounds)
    })

    test.each([
      ['with the code', 'code'],
      ['by the button', 'button'],
    ] as const)('approving %s twice is one approval, and both say so', async (_, how) => {
      const options = {
        appUrl: 'https://app.example.test',
        client: { store: memoryStore() },
        ...enchanted,
        approval: how,
        limits: false,
      } as const satisfies Parameters<TestAdapter['start']>[0]
      await using here = await adapter.start(options)
      await using there = await adapter.start(options)
      for (const app of [here, there]) {
        const [screen, phone] = [here.browser(), here.browser()]
        const number = await requestNumber(here, screen)
        const page = await phone.visit((await linksByNumber(here)).get(number) ?? '')
        const typed = await approval(here, screen)
        const other = phone.copy()
        other.balanceTo(app.address)
        const clicks = [phone, other].map((browser) => browser.submit(page, typed))
        expect((await Promise.all(clicks)).map(({ status }) => status)).toEqual([200, 200])
        // A user whose phone lost the response sends the form again.
        expect((await other.submit(page, typed)).status).toBe(200)
        expect(await stateOf(here, screen)).toBe('approved')
      }
      expect(here.calls('/v1/auth/enchantedlink/verify')).toBe(2)
    })

    test('while onSignIn takes longer than a lock lasts, the other click waits and can be repeated', async () => {
      const { here, there, clock, calls, lockRequests, page, first, other, mayEnd } =
        await hangingSignIn(adapter)
      await using _apps = here
      await using _others = there
      const seen = { isOver: false }
      const second = other.submit(page).finally(() => (seen.isOver = true))
      // Before that it may ask the service, which must not take 500 ms by this clock.
      await expect.poll(lockRequests).toBeGreaterThan(1)
      // Past the deadline of a call, which ends the wait, and not past that of a hook.
      for (let ms = 0; ms < 25_000 && !seen.isOver; ms += 500) {
        clock.advance(500)
        await new Promise(setImmediate)
      }
      expect((await second).status).toBe(503)
      mayEnd.resolve()
      expect((await first).status).toBe(303)
      expect((await other.submit(await second)).status).toBe(303)
      expect([calls(), here.calls('/v1/auth/magiclink/verify')]).toEqual([1, 1])
    })

    test('an onSignIn that never ends keeps no link waiting for longer than 30 seconds', async () => {
      const { here, there, clock, page, first, other } = await hangingSignIn(adapter)
      await using _apps = here
      await using _others = there
      clock.advance(30_000)
      expect((await first).status).toBe(403)
      expect((await other.submit(page)).status).toBe(410)
    })

    test('a logout between two clicks does not end the session that the first has handed out', async () => {
      await using app = await adapter.start()
      const first = app.browser()
      await app.signIn(first)
      const page = await first.visit(await requestLink(app, first))
      const [leaving, second] = [first.copy(), first.copy()]
      expect((await first.submit(page)).status).toBe(303)
      expect((await postForm(leaving, '/auth/logout')).status).toBe(204)
      const refused = await second.submit(page)
      expect(refused.status).toBe(410)
      expect(setCookies(refused).join()).not.toContain(app.cookieNames.refresh)
      expect((await postForm(first, '/auth/refresh')).status).toBe(200)
    })

    test('an approval that failed can be repeated at once', async () => {
      await using app = await adapter.start({ ...enchanted, limits: false })
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
      const typed = await approval(app, screen)
      app.emulator.faults.add({ path: '/v1/auth/enchantedlink/verify', status: 503 })
      expect((await phone.submit(page, typed)).status).toBe(503)
      expect((await phone.submit(page, typed)).status).toBe(200)
    })
  })
}

/** Opens a link in a browser that did not request it. */
async function asStranger(
  browser: Browser,
  link: string,
): Promise<{ browser: Browser; page: Awaited<ReturnType<Browser['visit']>> }> {
  return { browser, page: await browser.visit(link) }
}

/** A link that was confirmed on one of two instances, whose `onSignIn` has begun and waits for `mayEnd`. */
async function hangingSignIn(adapter: TestAdapter) {
  const started: { emulator?: Emulator } = {}
  const now = (): number => started.emulator?.clock.now() ?? Date.now()
  const [began, mayEnd] = [deferred<void>(), deferred<void>()]
  let [calls, lockRequests] = [0, 0]
  const store = memoryStore({ clock: { now } })
  const setIfAbsent: typeof store.setIfAbsent = (key, ...rest) => {
    if (key.startsWith('lock:')) lockRequests += 1
    return store.setIfAbsent(key, ...rest)
  }
  const options = {
    appUrl: 'https://app.example.test',
    client: { store: { ...store, setIfAbsent } },
    onSignIn: async () => {
      calls += 1
      began.resolve()
      await mayEnd.promise
    },
  } as const satisfies Parameters<TestAdapter['start']>[0]
  const here = await adapter.start(options)
  const there = await adapter.start(options)
  started.emulator = here.emulator
  const one = here.browser()
  const { page } = await asStranger(one, await requestLink(here, here.browser()))
  const other = one.copy()
  other.balanceTo(there.address)
  const first = one.submit(page)
  await began.promise
  const { clock } = here.emulator
  return {
    here,
    there,
    clock,
    page,
    first,
    other,
    mayEnd,
    calls: () => calls,
    lockRequests: () => lockRequests,
  }
}
