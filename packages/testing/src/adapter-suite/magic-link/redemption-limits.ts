import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { switchable } from '../deployment/store-outage.ts'
import { approval, enchanted, linksByNumber, requestNumber } from '../enchanted-link/steps.ts'
import { ada, requestLink } from '../steps.ts'
import { watchedStore } from '../watched-store.ts'

const verifyCalls = '/v1/auth/magiclink/verify'
const limits = { failedPerIp: 3, cooldownSeconds: 0 }

/** Confirms a link whose state is real and whose token is made up. */
async function tryToken(app: TestApp, browser: Browser, token: string): Promise<BrowserResponse> {
  const { pathname } = new URL(await requestLink(app, app.browser()), app.origin)
  return await browser.submit(await browser.visit(`${pathname}?t=${token}`))
}

/** Limits of failed redemptions. */
export function redemptionLimitCases(adapter: TestAdapter): void {
  describe(`P4 failed redemptions, on ${adapter.name}`, () => {
    test('made-up tokens of one sender are 429 before the service is asked, for a while', async () => {
      await using app = await adapter.start({ limits, ...enchanted })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      for (const token of ['aaa', 'bbb', 'ccc']) {
        expect((await tryToken(app, app.browser(), token)).status).toBe(400)
      }
      const asked = app.calls(verifyCalls)
      const limited = await tryToken(app, app.browser(), 'ddd')
      expect(limited.status).toBe(429)
      expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
      expect(app.calls(verifyCalls)).toBe(asked)
      const elsewhere = app.browser()
      expect((await elsewhere.submit(await elsewhere.visit(link))).status).toBe(429)
      const { clock } = app.emulator
      clock.advance(15 * 60_000 - (clock.now() % (15 * 60_000)))
      const later = app.browser()
      const page = await later.visit(await requestLink(app, app.browser()))
      expect((await later.submit(page)).status).toBe(303)
    })

    test('they keep no one behind the same address from a sign-in in the browser that asked', async () => {
      await using app = await adapter.start({ limits, ...enchanted })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      for (const token of ['aaa', 'bbb', 'ccc', 'ddd']) await tryToken(app, app.browser(), token)
      expect((await browser.visit(link)).location).toBe('/me')
      expect((await browser.visit('/me')).status).toBe(200)
    })

    test('made-up tokens for one attempt are limited, also from many senders and with its cookie', async () => {
      await using app = await adapter.start({ limits: { cooldownSeconds: 0 } })
      const browser = app.browser()
      const { pathname } = new URL(await requestLink(app, browser), app.origin)
      const state = pathname.split('/').at(-1) ?? ''
      const statuses: number[] = []
      for (let round = 0; round < 8; round += 1) {
        const form = { t: `made-up-${round}`, state }
        statuses.push((await browser.visit('/auth/verify', { form })).status)
      }
      expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429, 429])
      expect(app.calls(verifyCalls)).toBe(5)
    })

    test('a flood at once sends the service no more requests than the limit', async () => {
      await using app = await adapter.start({ limits })
      const { pathname } = new URL(await requestLink(app, app.browser()), app.origin)
      const attack = async (token: string): Promise<number> => {
        const browser = app.browser()
        return (await browser.submit(await browser.visit(`${pathname}?t=${token}`))).status
      }
      const statuses = await Promise.all(
        Array.from({ length: 20 }, (_, n) => attack(`made-up${n}`)),
      )
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(17)
      expect(app.calls(verifyCalls)).toBeLessThanOrEqual(3)
    })

    test('an approval with the code of the attempt is not kept from it either', async () => {
      await using app = await adapter.start({ limits, ...enchanted })
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
      const typed = await approval(app, screen)
      for (const token of ['aaa', 'bbb', 'ccc']) await tryToken(app, app.browser(), token)
      expect((await phone.submit(page, typed)).status).toBe(200)
    })

    test('approvals of an enchanted link without a code count too', async () => {
      await using app = await adapter.start({ limits, ...enchanted, approval: 'button' })
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
      const typed = { decision: 'approve' }
      for (const token of ['aaa', 'bbb', 'ccc']) await tryToken(app, app.browser(), token)
      expect((await phone.submit(page, typed)).status).toBe(429)
      expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
    })

    test('good links, an outage of the service and limits: false count nothing', async () => {
      await using app = await adapter.start({
        limits: { ...limits, failedPerIp: 1, perAddress: 9 },
      })
      app.emulator.faults.add({ path: verifyCalls, status: 503, times: 2 })
      for (const status of [503, 503, 303, 303]) {
        const browser = app.browser()
        expect((await browser.visit(await requestLink(app, browser))).status).toBe(status)
      }
      await using unlimited = await adapter.start({ limits: false })
      for (const token of Array.from({ length: 31 }, (_, n) => `made-up${n}`)) {
        expect((await tryToken(unlimited, unlimited.browser(), token)).status).toBe(400)
      }
    })

    test('an outage of the store keeps no one from a sign-in', async () => {
      const { store, fail } = switchable()
      await using app = await adapter.start({ limits, client: { store } })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      fail()
      expect((await browser.visit(link)).location).toBe('/me')
    })

    test('a sign-in by magic link takes at most eight commands of the store', async () => {
      const commands: string[] = []
      const store = watchedStore(memoryStore(), (operation, key) => {
        commands.push(`${operation} ${key.replace(/:.*/, '')}`)
      })
      await using app = await adapter.start({ client: { store } })
      await app.client.warmUp()
      commands.length = 0
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: ada } })
      expect((await browser.visit(await app.linkFor(ada))).status).toBe(303)
      expect(commands).toEqual([
        ...['increment sends', 'setIfAbsent pause', 'increment sends'],
        ...['setIfAbsent lock', 'get verified', 'getMany fails', 'set verified', 'delete pause'],
      ])
    })
  })
}
