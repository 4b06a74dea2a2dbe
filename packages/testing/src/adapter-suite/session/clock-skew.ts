import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type Clock, memoryStore, type StateStore, systemClock } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { Emulator } from '@linkpass/emulator'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada, isSignedIn, postForm, setCookies } from '../steps.ts'
import { browserWith, callApi, startWith } from './steps.ts'

const issuer = await createTokenIssuer()

/** The machine's clock, as it is on a machine that is behind. */
function clockBehind(seconds: number): Clock {
  return { ...systemClock, now: () => systemClock.now() - seconds * 1000 }
}

/** Starts an app with revocation, whose clock differs from that of the service. */
async function startAhead(
  adapter: TestAdapter,
  seconds: number,
  store: StateStore = memoryStore(),
): Promise<TestApp> {
  const started: { emulator?: Emulator } = {}
  const now = (): number => (started.emulator?.clock ?? systemClock).now() + seconds * 1000
  const revocation = { onStoreError: 'deny' } as const
  const app = await adapter.start({
    appUrl: 'https://app.example.test',
    limits: false,
    client: { revocation, store, clock: { ...systemClock, now } },
  })
  started.emulator = app.emulator
  return app
}

/** A clock that is behind that of the service. */
export function clockSkewCases(adapter: TestAdapter): void {
  describe(`a clock that is behind, on ${adapter.name}`, () => {
    test('P15: a fresh session of a service clock that is ahead is kept, and reported once', async () => {
      const events: unknown[] = []
      const lines: string[] = []
      const listen = (event: unknown): unknown => events.push(event)
      const logger = { debug: () => {}, warn: (line: string) => void lines.push(line) }
      subscribe('linkpass:clock-skew', listen)
      await using app = await adapter.start({ client: { clock: clockBehind(60), logger } })
      for (const address of ['ada@example.test', 'eve@example.test']) {
        const browser = app.browser()
        await app.signIn(browser, address)
        expect((await callApi(browser, '/me')).status).toBe(200)
        expect(await isSignedIn(browser)).toBe(true)
      }
      unsubscribe('linkpass:clock-skew', listen)
      expect(events).toEqual([{ secondsBehind: expect.closeTo(60, -1) }])
      expect(lines.filter((line) => line.includes('clock'))).toHaveLength(1)
    })

    test('P16: a session that has expired by a clock that was set far ahead is kept', async () => {
      let wrongMs = 0
      const clock = { ...systemClock, now: () => systemClock.now() + wrongMs }
      await using app = await adapter.start({ client: { clock } })
      const [browser, visitor] = [app.browser(), app.browser()]
      await app.signIn(browser)
      for (const days of [30, 4000]) {
        wrongMs = days * 86_400_000
        const unavailable = await callApi(browser, '/me')
        expect([unavailable.status, setCookies(unavailable)]).toEqual([503, []])
        expect((await callApi(visitor, '/me')).status).toBe(401)
      }
      wrongMs = 0
      expect((await callApi(browser, '/me')).status).toBe(200)
    })

    test('P16: the link of a step-up opened while our clock is far behind works later', async () => {
      let behindMs = 0
      const clock = { ...systemClock, now: () => systemClock.now() - behindMs }
      await using app = await adapter.start({ limits: false, client: { clock } })
      const browser = app.browser()
      await app.signIn(browser)
      await postForm(browser, '/auth/step-up', { returnTo: '/me' })
      const link = await app.linkFor(ada)
      behindMs = 6 * 60_000
      const confirmed = await browser.submit(await browser.visit(link))
      expect([confirmed.status, setCookies(confirmed)]).toEqual([503, []])
      behindMs = 0
      expect((await browser.visit(link)).location).toBe('/me')
    })

    test.each([-3, -1, 0, 1, 3])(
      'P11: a logout everywhere counts in the time of the service, with our clock %i s ahead',
      async (seconds) => {
        await using app = await startAhead(adapter, seconds)
        const [browser, minted] = [app.browser(), app.browser()]
        await app.signIn(browser)
        await app.signIn(minted)
        expect((await postForm(browser, '/auth/logout-all')).status).toBe(204)
        expect(await isSignedIn(minted)).toBe(false)
        app.emulator.clock.advance(1000)
        const later = app.browser()
        await app.signIn(later)
        expect(await isSignedIn(later)).toBe(true)
      },
    )

    test.each([
      [3, -3],
      [-3, 3],
      [-1, 1],
    ])(
      'P11: a logout everywhere on an instance %i s ahead counts on one that is %i s ahead',
      async (aheadHere, aheadThere) => {
        const store = memoryStore()
        await using here = await startAhead(adapter, aheadHere, store)
        await using there = await startAhead(adapter, aheadThere, store)
        const [browser, minted] = [here.browser(), there.browser()]
        await here.signIn(browser)
        await there.signIn(minted)
        expect((await postForm(browser, '/auth/logout-all')).status).toBe(204)
        expect(await isSignedIn(minted)).toBe(false)
        here.emulator.clock.advance(1000)
        for (const app of [here, there]) {
          const later = app.browser()
          await app.signIn(later)
          expect(await isSignedIn(later)).toBe(true)
        }
      },
    )

    test('P15: a token from more than five minutes ahead is refused, and its cookie is kept', async () => {
      await using app = await startWith(adapter, issuer)
      const now = Math.floor(Date.now() / 1000)
      const seen = async (seconds: number): Promise<unknown[]> => {
        const times = { iat: now + seconds, exp: now + 900 }
        const response = await callApi(await browserWith(app, issuer, times), '/me')
        return [response.status, setCookies(response)]
      }
      expect(await seen(290)).toEqual([200, []])
      expect(await seen(330)).toEqual([401, []])
      expect(await seen(1000)).toEqual([401, [expect.anything(), expect.anything()]])
    })
  })
}
