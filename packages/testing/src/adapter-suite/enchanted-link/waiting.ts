import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { ada } from '../steps.ts'
import {
  approve,
  enchanted,
  longPoll,
  requestNumber,
  stateAfterLongPoll,
  stateOf,
} from './steps.ts'

const pollCalls = '/v1/auth/enchantedlink/pending-session'

/** Waiting for an approval. */
export function waitingCases(adapter: TestAdapter): void {
  describe(`waiting for an approval, on ${adapter.name}`, () => {
    test('two waiting tabs call onSignIn once, and both complete', async () => {
      const seen: boolean[] = []
      const onSignIn = ({ firstSeen }: { firstSeen: boolean }): unknown => seen.push(firstSeen)
      await using app = await adapter.start({ ...enchanted, approval: 'button', onSignIn })
      const screen = app.browser()
      await requestNumber(app, screen)
      const message = await app.emulator.inbox.waitFor({ to: ada })
      await app.emulator.inbox.click(message.id)
      expect(await stateOf(app, screen)).toBe('approved')
      const tabs = [screen, screen.copy(), screen.copy()]
      const [first, second, late] = tabs.map((tab) => async () => {
        const response = await tab.visit('/auth/enchanted-link/complete', { form: {} })
        return response.location
      })
      expect(await Promise.all([first?.(), second?.()])).toEqual(['/me', '/me'])
      expect(await late?.()).toBe('/me')
      expect(seen).toEqual([true])
    })

    test('T-63: another browser learns nothing of an attempt that it did not make', async () => {
      await using app = await adapter.start({ ...enchanted })
      await requestNumber(app, app.browser())
      const other = app.browser()
      expect(await stateOf(app, other)).toBe('expired')
      const done = await other.visit('/auth/enchanted-link/complete', { form: {} })
      expect(done.location).toBe('/auth/waiting')
      expect(other.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('an unknown address gets a number too, and its attempt expires', async () => {
      await using app = await adapter.start({ ...enchanted, mode: 'sign-in' })
      const screen = app.browser()
      const number = await requestNumber(app, screen)
      expect(number).toMatch(/^\d\d$/)
      expect(await stateAfterLongPoll(app, screen)).toBe('pending')
      app.emulator.clock.advance(10 * 60_000)
      expect(await stateOf(app, screen)).toBe('expired')
      expect(screen.cookieNames).toEqual([])
    })

    test('T-50: a known and an unknown address get the same response and cookie', async () => {
      await using app = await adapter.start({ ...enchanted, mode: 'sign-in' })
      await app.client.magicLink.signUpOrIn.email('bob@example.test', app.origin)
      const [link] = (await app.emulator.inbox.waitFor({ to: 'bob@example.test' })).links
      await app.client.magicLink.verify(link?.token ?? '')
      const shapes = ['bob@example.test', 'eve@example.test'].map(async (loginId) => {
        const browser = app.browser()
        const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
        const response = await browser.visit('/auth/enchanted-link', { form: { loginId }, headers })
        const cookie = [response.headers['set-cookie'] ?? []].flat().map((line) => line.length)
        return [
          response.status,
          Object.keys(JSON.parse(response.body)),
          response.body.length,
          cookie,
        ]
      })
      const [known, unknown] = await Promise.all(shapes)
      expect(unknown).toEqual(known)
    })

    test('completing can be repeated after the response was lost', async () => {
      await using app = await adapter.start({ ...enchanted })
      const [screen, phone] = [app.browser(), app.browser()]
      await approve(app, { screen, phone }, await requestNumber(app, screen))
      expect(await stateOf(app, screen)).toBe('approved')
      const lost = screen.copy()
      await lost.visit('/auth/enchanted-link/complete', { form: {} })
      const again = await screen.visit('/auth/enchanted-link/complete', { form: {} })
      expect(again.location).toBe('/me')
      expect((await screen.visit('/me')).status).toBe(200)
    })

    test('a tab that completes after another one redirects to the app, not to a form', async () => {
      await using app = await adapter.start({
        ...enchanted,
        approval: 'button',
        pages: { afterSignIn: '/me' },
      })
      const screen = app.browser()
      await requestNumber(app, screen)
      await app.emulator.inbox.click((await app.emulator.inbox.waitFor({ to: ada })).id)
      expect(await stateOf(app, screen)).toBe('approved')
      expect((await screen.visit('/auth/enchanted-link/complete', { form: {} })).status).toBe(303)
      const late = await screen.open('/auth/enchanted-link/complete', { form: {} })
      expect([late.status, late.location]).toEqual([200, undefined])
      expect(JSON.parse(late.body)).toHaveProperty('userId')
      expect((await app.browser().visit('/auth/waiting')).location).toBe('/auth/sign-in')
    })

    test('T-61: completing again after signing out restores no session', async () => {
      await using app = await adapter.start({ ...enchanted })
      const [screen, phone] = [app.browser(), app.browser()]
      await approve(app, { screen, phone }, await requestNumber(app, screen))
      expect(await stateOf(app, screen)).toBe('approved')
      await screen.copy().visit('/auth/enchanted-link/complete', { form: {} })
      await screen.visit('/auth/logout', { form: {} })
      await screen.visit('/auth/enchanted-link/complete', { form: {} })
      expect(screen.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('T-64: four waiting tabs are one poller, which ends when they are closed', async () => {
      await using app = await adapter.start({ ...enchanted })
      const screen = app.browser()
      await requestNumber(app, screen)
      const cookie = screen.cookiePairs(app.cookieNames.pending)
      const gone = new AbortController()
      const waiting = []
      while (waiting.length < 4) {
        const asleep = app.asleep(25_000)
        const options = { headers: { cookie }, signal: gone.signal }
        waiting.push(fetch(`${app.origin}/auth/enchanted-link/status`, options))
        await asleep
      }
      const polls = app.calls(pollCalls)
      expect(polls).toBeLessThan(4)
      gone.abort()
      const ends = await Promise.allSettled(waiting)
      expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']))
      await expect.poll(() => app.openRequests('/auth/enchanted-link/status')).toBe(0)
      // A poller that goes on would send about one request in each of these seconds.
      for (let second = 0; second < 20; second += 1) {
        app.emulator.clock.advance(1000)
        await screen.visit('/auth/session')
      }
      // At most the request that was in progress.
      expect(app.calls(pollCalls) - polls).toBeLessThanOrEqual(1)
    })

    test('T-63: the pending reference is in no page, no response and no URL', async () => {
      await using app = await adapter.start({ ...enchanted })
      const screen = app.browser()
      await requestNumber(app, screen)
      expect(screen.cookie(app.cookieNames.pending)).toMatch(/^eyJhbGciOiJkaXIi[\w-]*\.\./)
    })

    test('closing the adapter ends long polls', async () => {
      await using app = await adapter.start({ ...enchanted })
      const screen = app.browser()
      await requestNumber(app, screen)
      const asleep = app.asleep(25_000)
      const polling = longPoll(screen)
      await asleep
      app.endLongPolls()
      expect(await polling).toBe('pending')
    })
  })
}
