import { describe, expect, test } from 'vitest'
import type { StateStore } from '@linkpass/core'
import { memoryStore } from '@linkpass/core'
import type { TestAdapter } from '../adapter.ts'
import { ada, isSignedIn, requestLink } from '../steps.ts'
import { wrapStore } from '../../wrap-store.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

/** The state in a link's path, which says what the link is for. */
export function linkStateCases(adapter: TestAdapter): void {
  describe(`the state of a link, on ${adapter.name}`, () => {
    test('P8: a link whose state was taken off is unknown, and is not redeemed', async () => {
      await using app = await adapter.start()
      const link = new URL(await requestLink(app, app.browser()), app.origin)
      const browser = app.browser()
      const t = link.searchParams.get('t') ?? ''
      expect((await browser.visit(`/auth/verify?t=${t}`)).status).toBe(400)
      const posted = await browser.visit('/auth/verify', { form: { t } })
      expect([posted.status, browser.cookieNames]).toEqual([400, []])
      expect(posted.body).toContain('This link is not valid')
      expect(app.calls(verifyCalls)).toBe(0)
    })

    test('P8: a made-up or changed state is unknown, without a call of the store or the service', async () => {
      const calls: string[] = []
      await using app = await adapter.start({ client: { store: countedStore(calls) } })
      const link = new URL(await requestLink(app, app.browser()), app.origin)
      const t = link.searchParams.get('t') ?? ''
      const [state = ''] = link.pathname.split('/').toReversed()
      const kinds = ['B', 'C'].map((kind) => state.slice(0, 1) + kind + state.slice(2))
      calls.length = 0
      for (const wrong of ['aaaaaaaaaaaaaaaaaaaaaa', `${state}a`, ...kinds, 'x']) {
        if (wrong === state) continue
        const browser = app.browser()
        expect((await browser.visit(`/auth/verify/${wrong}?t=${t}`)).status, wrong).toBe(400)
        const form = { t, state: wrong }
        expect((await browser.visit('/auth/verify', { form })).status, wrong).toBe(400)
      }
      expect(calls).toEqual([])
      expect(app.calls(verifyCalls)).toBe(0)
    })

    test('with allowBareLinks, a link without a state signs in by its button', async () => {
      await using app = await adapter.start({ allowBareLinks: true })
      await app.client.magicLink.signUpOrIn.email(ada, `${app.origin}/auth/verify`)
      const browser = app.browser()
      const page = await browser.visit(await app.linkFor(ada))
      expect(page.body).toContain('Sign in on this device')
      expect((await browser.submit(page)).status).toBe(303)
      expect(await isSignedIn(browser)).toBe(true)
    })

    test('with allowBareLinks, a link without a state steps no session up', async () => {
      await using app = await adapter.start({ allowBareLinks: true, limits: false })
      const [user, other] = [app.browser(), app.browser()]
      await app.signIn(user)
      await user.visit('/auth/step-up', { form: {} })
      const { search } = new URL(await app.linkFor(ada), app.origin)
      const refused = await other.submit(await other.visit(`/auth/verify${search}`))
      expect([refused.status, other.cookieNames]).toEqual([403, [app.cookieNames.attempt]])
    })

    test('the token of a step-up beside the state of a sign-in signs no one in', async () => {
      await using app = await adapter.start({ limits: false })
      const [user, other] = [app.browser(), app.browser()]
      await app.signIn(user)
      await user.visit('/auth/step-up', { form: {} })
      const { search } = new URL(await app.linkFor(ada), app.origin)
      await other.visit('/auth/magic-link', { form: { loginId: 'eve@example.test' } })
      const { pathname } = new URL(await app.linkFor('eve@example.test'), app.origin)
      const opened = await other.visit(pathname + search)
      expect([opened.status, await isSignedIn(other)]).toEqual([403, false])
    })
  })
}

/** A store that notes each call. */
function countedStore(calls: string[]): StateStore {
  return wrapStore(memoryStore(), (operation, name) => {
    calls.push(name)
    return operation()
  })
}
