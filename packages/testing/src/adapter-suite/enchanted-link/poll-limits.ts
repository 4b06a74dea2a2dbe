import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'
import { enchanted } from './steps.ts'

const status = '/auth/enchanted-link/status'
const pollCalls = '/v1/auth/enchantedlink/pending-session'

/** Browsers that wait for one attempt each. */
async function waitingBrowsers(app: TestApp, count: number): Promise<Browser[]> {
  const browsers: Browser[] = []
  for (let number = 0; number < count; number += 1) {
    const browser = app.browser()
    await postForm(browser, '/auth/enchanted-link', { loginId: `user${number}@example.test` })
    browsers.push(browser)
  }
  return browsers
}

function poll(browser: Browser): Promise<BrowserResponse> {
  return browser.visit(status, { headers: { accept: 'application/json' } })
}

/** Long polls, and the polls of the service that they cause. */
export function pollLimitCases(adapter: TestAdapter): void {
  describe(`P24 many polls, on ${adapter.name}`, () => {
    test('one pending cookie holds four requests, and more of them get the state at once', async () => {
      await using app = await adapter.start({ ...enchanted, limits: false })
      const [browser] = await waitingBrowsers(app, 1)
      if (browser === undefined) throw new Error('no browser')
      const answered: string[] = []
      const all = Array.from({ length: 50 }, async () => {
        answered.push((await poll(browser.copy())).body)
      })
      await expect.poll(() => answered.length).toBe(46)
      expect(new Set(answered)).toEqual(new Set(['{"state":"pending"}']))
      await expect.poll(() => app.openRequests(status)).toBe(4)
      app.endLongPolls()
      await Promise.all(all)
    })

    test('one sender holds twenty requests, whose attempts are polled ten times a second', async () => {
      await using app = await adapter.start({ ...enchanted, limits: false })
      const { clock } = app.emulator
      const browsers = await waitingBrowsers(app, 30)
      const answered: string[] = []
      const since = clock.now()
      const all = browsers.map(async (browser) => answered.push((await poll(browser)).body))
      await expect.poll(() => answered.length).toBe(10)
      await expect.poll(() => app.openRequests(status)).toBe(20)
      for (let step = 0; step < 40; step += 1) {
        clock.advance(100)
        await new Promise(setImmediate)
      }
      const seconds = (clock.now() - since) / 1000
      expect(app.calls(pollCalls)).toBeLessThanOrEqual(10 + 10 * (seconds + 1))
      app.endLongPolls()
      await Promise.all(all)
    })

    test('an attempt beyond the limit still completes', async () => {
      await using app = await adapter.start({ ...enchanted, limits: false })
      const { clock, inbox } = app.emulator
      const browsers = await waitingBrowsers(app, 21)
      const held = browsers.map((browser) => poll(browser))
      await expect.poll(() => app.openRequests(status)).toBe(20)
      const late = app.browser()
      await postForm(late, '/auth/enchanted-link', { loginId: ada })
      const { linkId, links } = await inbox.waitFor({ to: ada })
      const right = links.find(({ number }) => String(number) === linkId)
      await app.client.enchantedLink.verify(right?.token ?? '')
      await expect
        .poll(async () => {
          clock.advance(1000)
          return (await poll(late)).body
        })
        .toBe('{"state":"approved"}')
      app.endLongPolls()
      await Promise.all(held)
    })
  })
}
