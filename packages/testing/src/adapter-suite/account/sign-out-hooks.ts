import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { switchable } from '../deployment/store-outage.ts'
import { postForm } from '../steps.ts'

const unreadable = {
  stack: {
    get: () => {
      throw new Error('no stack')
    },
  },
}

/** What `onSignOut` learns, and where a sign-out leads. */
export function signOutHookCases(adapter: TestAdapter): void {
  describe(`onSignOut, on ${adapter.name}`, () => {
    test('learns who signed out, and whether everywhere', async () => {
      const heard: unknown[] = []
      await using app = await adapter.start({
        onSignOut: ({ userId, everywhere }) => heard.push([userId, everywhere]),
      })
      const browser = app.browser()
      const known: unknown[] = []
      for (const path of ['/auth/logout', '/auth/logout-all']) {
        await app.signIn(browser)
        const { userId } = JSON.parse((await browser.visit('/me')).body)
        known.push([userId, path.endsWith('all')])
        expect((await postForm(browser, path)).status).toBe(204)
      }
      await postForm(browser, '/auth/logout')
      expect(heard).toEqual([...known, [undefined, false]])
      expect(known[0]).toEqual([expect.stringMatching(/^U/), false])
    })

    test('gets no user out of a made-up token', async () => {
      const heard: unknown[] = []
      await using app = await adapter.start({ onSignOut: ({ userId }) => heard.push(userId) })
      const [owner, thief] = [app.browser(), app.browser()]
      await app.signIn(owner)
      const [header, payload] = (owner.cookie(app.cookieNames.refresh) ?? '').split('.')
      const cookie = `${app.cookieNames.refresh}=${header}.${payload}.${'A'.repeat(342)}`
      expect((await postForm(thief, '/auth/logout', {}, { cookie })).status).toBe(204)
      expect(heard).toEqual([undefined])
    })

    test.each([
      ['an error', () => new Error(`not now, on ${adapter.name}`)],
      ['an object without a prototype', (): unknown => Object.create(null)],
      ['undefined', () => undefined],
      ['what cannot be printed', (): unknown => Object.create(Error.prototype, unreadable)],
    ])('does not stop a sign-out by throwing %s', async (_, thrown) => {
      await using app = await adapter.start({ onSignOut: () => Promise.reject(thrown()) })
      const browser = app.browser()
      await app.signIn(browser)
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
    })

    test('does not run where a sign-out everywhere must be repeated', async () => {
      const heard: unknown[] = []
      const { store, fail } = switchable()
      await using app = await adapter.start({
        client: { store },
        onSignOut: (event) => heard.push(event),
      })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.faults.add({ path: '/v1/auth/logoutall', status: 502, times: 'always' })
      fail()
      expect((await postForm(browser, '/auth/logout-all')).status).toBe(503)
      expect(heard).toEqual([])
    })

    test('pages.afterSignOut is where a sign-out leads that has no returnTo', async () => {
      await using app = await adapter.start({
        pages: { afterSignIn: '/home', afterSignOut: '/bye' },
      })
      const browser = app.browser()
      await app.signIn(browser)
      const bye = await browser.visit('/auth/logout', { form: {} })
      expect([bye.status, bye.location]).toEqual([303, '/bye'])
      const named = await browser.visit('/auth/logout-all', { form: { returnTo: '/ended' } })
      expect([named.status, named.location]).toEqual([303, '/ended'])
    })
  })
}
