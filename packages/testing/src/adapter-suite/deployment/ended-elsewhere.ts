import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { postForm, setCookies } from '../steps.ts'
import { callApi } from '../session/steps.ts'

const minute = 60_000
const eve = 'eve@example.test'

/** Ways in which the session of a browser ends on one instance, while the service fails. */
const endings: Readonly<Record<string, (app: TestApp, browser: Browser) => Promise<void>>> = {
  'P9: a logout everywhere': async (_, browser) => {
    expect((await postForm(browser, '/auth/logout-all')).status).toBe(204)
  },
  'P10: a logout with two refresh cookies': async (app, browser) => {
    const other = app.browser()
    await app.signIn(other, eve)
    const { refresh } = app.cookieNames
    const cookie = [other, browser].map((one) => one.cookiePairs(refresh)).join('; ')
    const response = await postForm(app.browser(), '/auth/logout', {}, { cookie })
    expect(response.status).toBe(204)
  },
  'P12: a sign-in over it': async (app, browser) => {
    await browser.visit('/auth/magic-link', { form: { loginId: eve } })
    const confirmed = await browser.submit(await browser.visit(await app.linkFor(eve)))
    expect(confirmed.status).toBe(303)
  },
}

/** Sessions that one instance ended, on another. */
export function endedElsewhereCases(adapter: TestAdapter): void {
  describe(`a session that another instance ended, on ${adapter.name}`, () => {
    test.each(Object.entries(endings))('%s leaves a copy worthless', async (_, end) => {
      const shared: TestAppOptions = {
        appUrl: 'https://app.example.test',
        limits: false,
        client: { store: memoryStore() },
      }
      await using here = await adapter.start(shared)
      await using there = await adapter.start(shared)
      const browser = here.browser()
      await here.signIn(browser)
      const copy = browser.copy()
      copy.balanceTo(there.address)
      here.emulator.faults.add({ path: '/v1/auth/logout*', status: 502, times: 'always' })
      await end(here, browser)
      here.emulator.clock.advance(11 * minute)
      const refused = await callApi(copy, '/me')
      expect(refused.status).toBe(401)
      expect(setCookies(refused).filter((line) => line.includes('eyJ'))).toEqual([])
    })
  })
}
