import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { switchable } from '../deployment/store-outage.ts'
import { ada, postForm, postJson, setCookies } from '../steps.ts'
import { changes, requestChange, signInSteppedUp } from './steps.ts'

const eve = 'eve@example.test'

/** Links about an account that are opened in another browser. */
export function elsewhereCases(adapter: TestAdapter): void {
  describe(`links about an account in another browser, on ${adapter.name}`, () => {
    test('P8: a change confirmed elsewhere is made, sets no cookies, and names the account', async () => {
      await using app = await adapter.start(changes)
      const [attacker, victim] = [app.browser(), app.browser()]
      await signInSteppedUp(app, attacker, eve)
      const link = await requestChange(app, attacker, 'victim@example.test')
      const page = await victim.visit(link)
      expect(page.body).toContain('Confirm your new address')
      expect(page.body).toContain('e***@example.test')
      expect(page.body).toContain('v***@example.test')
      expect(page.body).not.toContain(eve)
      const changed = await victim.submit(page)
      expect([changed.status, setCookies(changed)]).toEqual([200, []])
      expect(changed.body).toContain('The address was changed')
      expect(changed.body).toContain('e***@example.test')
      expect(changed.body).toContain('v***@example.test')
      expect(victim.cookieNames).toEqual([app.cookieNames.attempt])
      // A second click says the same.
      expect((await victim.submit(page)).body).toBe(changed.body)
      const me = await app.client.me(attacker.cookie(app.cookieNames.refresh) ?? '')
      expect(me.data?.email).toBe('victim@example.test')
    })

    test('P8: a change confirmed elsewhere leaves the user who is signed in there', async () => {
      await using app = await adapter.start(changes)
      const [attacker, victim] = [app.browser(), app.browser()]
      await signInSteppedUp(app, attacker, eve)
      await app.signIn(victim)
      const { session, refresh } = app.cookieNames
      const before = victim.cookiePairs(session, refresh)
      const page = await victim.visit(await requestChange(app, attacker))
      expect(page.body).not.toContain('you will switch to it')
      const changed = await victim.submit(page)
      expect([changed.status, setCookies(changed)]).toEqual([200, []])
      expect(victim.cookiePairs(session, refresh)).toBe(before)
    })

    test('P8: a program that confirms a change gets no session either', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const link = new URL(await requestChange(app, browser), app.origin)
      const state = link.pathname.split('/').at(-1)
      const t = link.searchParams.get('t')
      const response = await postJson(app.browser(), '/auth/verify', { t, state })
      expect([response.status, setCookies(response)]).toEqual([200, []])
      expect(JSON.parse(response.body)).toEqual({ changed: 'email', account: 'a***@example.test' })
    })

    test('P8: with confirm: dangerously-never, a change gives no session to who opens its link', async () => {
      await using app = await adapter.start({ ...changes, confirm: 'dangerously-never' })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser)
      const other = app.browser()
      const opened = await other.visit(link)
      expect([opened.status, setCookies(opened)]).toEqual([200, []])
    })

    test('a link in the asking browser still makes the change at once, for its own user', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser, ada)
      const link = await requestChange(app, browser)
      expect((await browser.visit(link)).location).toBe('/me')
      expect((await browser.visit(link)).location).toBe('/me')
      expect((await browser.visit('/auth/session')).status).toBe(200)
    })

    test('P2: a logout that could not end the change is a 503, and everywhere it can be repeated', async () => {
      const { store, fail, restore } = switchable()
      await using app = await adapter.start({ ...changes, client: { store } })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser)
      const here = browser.copy()
      fail()
      expect((await postForm(here, '/auth/logout')).status).toBe(503)
      expect((await postForm(browser, '/auth/logout-all')).status).toBe(503)
      restore()
      expect((await postForm(browser, '/auth/logout-all')).status).toBe(204)
      expect((await app.browser().visit(link)).status).toBe(410)
    })
  })
}
