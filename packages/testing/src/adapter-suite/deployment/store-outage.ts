import { memoryStore, type StateStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { wrapStore } from '../../wrap-store.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'

/** A store that a test can make unavailable. */
export function switchable(): { store: StateStore; fail: () => void; restore: () => void } {
  const kept = memoryStore()
  let failing = false
  const store = wrapStore(kept, (operation) =>
    failing ? Promise.reject(new Error('the store is unavailable')) : operation(),
  )
  return {
    store,
    fail: () => {
      failing = true
    },
    restore: () => {
      failing = false
    },
  }
}

const address = 'ada@example.test'

/** A browser that waits for the approval of an enchanted link. */
async function waitingBrowser(app: TestApp): Promise<Browser> {
  const browser = app.browser()
  await browser.visit('/auth/enchanted-link', { form: { loginId: address } })
  return browser
}

/** An outage of the store. */
export function storeOutageCases(adapter: TestAdapter): void {
  describe(`an outage of the store, on ${adapter.name}`, () => {
    test('an unavailable store is 503 on every route that needs it, and cookies are kept', async () => {
      const { store, fail } = switchable()
      const methods = ['email', 'enchanted'] as const
      await using app = await adapter.start({ methods, client: { store } })
      const browser = await waitingBrowser(app)
      const link = await app.linkFor(address)
      const approval = await browser.visit(link)
      fail()
      const before = browser.cookieNames
      const responses = [
        await browser.visit('/auth/magic-link', { form: { loginId: address } }),
        await browser.visit('/auth/enchanted-link/complete', { form: {} }),
        await browser.visit('/auth/enchanted-link/status', { headers: { accept: '*/*' } }),
        await browser.visit(link),
        await browser.submit(approval, { decision: 'approve', code: '0000' }),
        await browser.submit(approval, { decision: 'refuse' }),
      ]
      expect(responses.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 503])
      expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
      expect(responses.every(({ headers }) => headers['retry-after'] !== undefined)).toBe(true)
      expect(browser.cookieNames).toEqual(before)
    })

    test('a sign-in approved during an outage of the store completes afterwards', async () => {
      const { store, fail, restore } = switchable()
      await using app = await adapter.start({ methods: ['email', 'enchanted'], client: { store } })
      const browser = await waitingBrowser(app)
      const { linkId, links } = await app.emulator.inbox.waitFor({ to: address })
      const asleep = app.asleep(1000)
      const polling = browser.visit('/auth/enchanted-link/status', { headers: { accept: '*/*' } })
      await asleep
      const right = links.find(({ number }) => String(number) === linkId)
      await app.client.enchantedLink.verify(right?.token ?? '')
      fail()
      app.emulator.clock.advance(1000)
      expect((await polling).status).toBe(503)

      restore()
      app.emulator.clock.advance(1000)
      // The operation that is tried once a second ends the outage; others beside it still fail.
      await browser.visit('/auth/enchanted-link/status', { headers: { accept: '*/*' } })
      const polls = app.calls('/v1/auth/enchantedlink/pending-session')
      const status = await browser.visit('/auth/enchanted-link/status', {
        headers: { accept: '*/*' },
      })
      expect(status.body).toBe('{"state":"approved"}')
      expect(app.calls('/v1/auth/enchantedlink/pending-session')).toBe(polls)
      const done = await browser.visit('/auth/enchanted-link/complete', { form: {} })
      expect(done.status).toBe(303)
      expect((await browser.visit('/me')).status).toBe(200)
    })

    test('a store that never responds delays a request by half a second, and no longer', async () => {
      const store = wrapStore(memoryStore(), () => new Promise(() => {}))
      await using app = await adapter.start({ client: { store } })
      const asleep = app.asleep(500)
      const response = app.browser().visit('/auth/magic-link', { form: { loginId: address } })
      await asleep
      app.emulator.clock.advance(500)
      expect((await response).status).toBe(503)
    })
  })
}
