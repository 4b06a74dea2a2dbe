import { memoryStore, systemClock } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import type { SignInEvent } from '../web-options.ts'
import { ada, isSignedIn, postForm, setCookies } from '../steps.ts'
import { watchedStore } from '../watched-store.ts'
import { changes, requestChange, signInSteppedUp } from './steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'
const grace = 'grace@example.test'

/** Ways in which the session that asked ends, all in its own browser but one. */
const endings: Readonly<Record<string, (app: TestApp, browser: Browser) => Promise<unknown>>> = {
  'a logout': (_, browser) => postForm(browser, '/auth/logout'),
  'a logout everywhere': (_, browser) => postForm(browser, '/auth/logout-all'),
  'a logout everywhere on another device': async (app) => {
    const device = app.browser()
    await app.signIn(device)
    await postForm(device, '/auth/logout-all')
  },
  'a revocation by an administrator': async (app, browser) => {
    const { userId } = JSON.parse((await browser.visit('/auth/session')).body)
    await app.client.revokeUser(userId)
  },
  'a sign-in of another user': async (app, browser) => {
    await postForm(browser, '/auth/magic-link', { loginId: grace })
    const page = await browser.visit(await app.linkFor(grace))
    await browser.submit(page)
  },
}

/** Attempts whose session has ended. */
export function endedSessionCases(adapter: TestAdapter): void {
  describe(`attempts of an ended session, on ${adapter.name}`, () => {
    test.each(Object.entries(endings))(
      'P2: a change requested before %s is refused, and not redeemed',
      async (_, end) => {
        await using app = await adapter.start(changes)
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        const link = await requestChange(app, browser)
        // The page was open before.
        const phone = app.browser()
        const page = await phone.visit(link)
        await end(app, browser)
        const before = app.calls(verifyCalls)
        const here = await browser.visit(link)
        expect(here.status).toBe(410)
        expect(here.body).toContain('no longer valid')
        const clicked = await phone.submit(page)
        expect(clicked.status).toBe(410)
        expect((await app.browser().visit(link)).status).toBe(410)
        expect(app.calls(verifyCalls)).toBe(before)
        expect(phone.cookieNames).toEqual([app.cookieNames.attempt])
        const owner = app.browser()
        await app.signIn(owner)
        expect((await app.client.me(owner.cookie(app.cookieNames.refresh) ?? '')).data?.email).toBe(
          ada,
        )
      },
    )

    test.each(['step-up', 'change-email'])(
      'P2: a logout while a %s is being redeemed leaves no session',
      async (purpose) => {
        const copies: Browser[] = []
        let jwt = ''
        const onSignIn = async (event: SignInEvent): Promise<void> => {
          jwt = event.session.jwt
          if (event.purpose !== purpose) return
          for (const copy of copies) await postForm(copy, '/auth/logout')
        }
        const client = { revocation: { onStoreError: 'deny' } } as const
        await using app = await adapter.start({ ...changes, onSignIn, client })
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        await postForm(browser, '/auth/step-up')
        const link =
          purpose === 'step-up' ? await app.linkFor(ada) : await requestChange(app, browser)
        copies.push(browser.copy())
        const response = await browser.visit(link)
        expect(response.status).toBe(410)
        expect(setCookies(response).filter((line) => line.includes('eyJ'))).toEqual([])
        await expect(app.client.validateSession(jwt)).rejects.toMatchObject({
          code: 'ERR_TOKEN_REVOKED',
        })
        expect((await browser.visit(link)).status).toBe(410)
      },
    )

    test.each(['step-up', 'change-email'])(
      'P2: a logout while the session is replaced by that of a %s leaves no session',
      async (purpose) => {
        const copies: Browser[] = []
        let jwt = ''
        // The old refresh token is recorded as replaced: nothing before that has replaced the session.
        const store = watchedStore(memoryStore(), async (operation, key) => {
          if (operation !== 'set' || !key.startsWith('revoked:')) return
          const copy = copies.pop()
          if (copy !== undefined) expect((await postForm(copy, '/auth/logout')).status).toBe(204)
        })
        await using app = await adapter.start({
          ...changes,
          onSignIn: ({ session }: SignInEvent) => {
            jwt = session.jwt
          },
          client: { store, revocation: { onStoreError: 'deny' } },
        })
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        await postForm(browser, '/auth/step-up')
        const link =
          purpose === 'step-up' ? await app.linkFor(ada) : await requestChange(app, browser)
        copies.push(browser.copy())
        const response = await browser.visit(link)
        expect(copies).toEqual([])
        expect(response.status).toBe(410)
        expect(setCookies(response).filter((line) => line.includes('eyJ'))).toEqual([])
        await expect(app.client.validateSession(jwt)).rejects.toMatchObject({
          code: 'ERR_TOKEN_REVOKED',
        })
        expect((await browser.visit(link)).status).toBe(410)
      },
    )

    test('P2: a step-up requested before a logout is refused, also after signing in again', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await app.signIn(browser)
      await postForm(browser, '/auth/step-up')
      const link = await app.linkFor(ada)
      await postForm(browser, '/auth/logout')
      await app.signIn(browser)
      const before = app.calls(verifyCalls)
      expect((await browser.visit(link)).status).toBe(410)
      expect(app.calls(verifyCalls)).toBe(before)
    })

    test('P2: a thief with copied cookies loses the change to the logout of the owner', async () => {
      await using app = await adapter.start(changes)
      const owner = app.browser()
      await signInSteppedUp(app, owner)
      const thief = owner.copy()
      const link = await requestChange(app, thief, 'thief@example.test')
      await postForm(owner, '/auth/logout')
      expect((await thief.visit(link)).status).toBe(410)
      expect((await app.browser().visit(link)).status).toBe(410)
    })

    test.each(['/auth/logout', '/auth/logout-all'])(
      'P2: a change requested on one instance is refused on each after POST %s on another',
      async (route) => {
        const shared = {
          ...changes,
          appUrl: 'https://app.example.test',
          client: { store: memoryStore() },
        }
        await using here = await adapter.start(shared)
        await using there = await adapter.start(shared)
        const browser = here.browser()
        await signInSteppedUp(here, browser)
        const link = await requestChange(here, browser)
        const asking = browser.copy()
        browser.balanceTo(there.address)
        expect((await postForm(browser, route)).status).toBe(204)
        const before = here.calls(verifyCalls)
        for (const one of [asking, here.browser(), there.browser()]) {
          expect((await one.visit(link)).status).toBe(410)
        }
        expect(here.calls(verifyCalls)).toBe(before)
      },
    )

    test('P2: a change is refused after a logout on an instance whose clock is behind', async () => {
      const shared = { ...changes, appUrl: 'https://app.example.test' }
      const store = memoryStore()
      const ahead = { ...systemClock, now: () => systemClock.now() + 60_000 }
      await using here = await adapter.start({ ...shared, client: { store, clock: ahead } })
      await using there = await adapter.start({ ...shared, client: { store } })
      const browser = here.browser()
      await signInSteppedUp(here, browser)
      const link = await requestChange(here, browser)
      const asking = browser.copy()
      browser.balanceTo(there.address)
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
      for (const one of [asking, here.browser()]) expect((await one.visit(link)).status).toBe(410)
    })

    test('what is requested after a logout works', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      await postForm(browser, '/auth/logout-all')
      app.emulator.clock.advance(1000)
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser)
      expect((await browser.visit(link)).location).toBe('/me')
    })

    test('a change survives a refresh, and a new sign-in of the same user', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser)
      app.emulator.clock.advance(60_000)
      await postForm(browser, '/auth/refresh')
      await postForm(browser, '/auth/magic-link', { loginId: ada })
      await browser.submit(await browser.visit(await app.linkFor(ada)))
      expect((await browser.visit(link)).location).toBe('/me')
    })

    test('a store that fails while a step-up is redeemed costs the user no session', async () => {
      let isOut = false
      const store = watchedStore(memoryStore(), (operation) => {
        if (isOut && operation === 'get') throw new Error('out')
      })
      const onSignIn = ({ purpose }: SignInEvent): void => {
        isOut = purpose === 'step-up'
      }
      await using app = await adapter.start({ ...changes, onSignIn, client: { store } })
      const browser = app.browser()
      await app.signIn(browser)
      await postForm(browser, '/auth/step-up')
      const link = await app.linkFor(ada)
      const logouts = app.calls('/v1/auth/logout')
      expect((await browser.visit(link)).status).toBe(503)
      isOut = false
      expect(app.calls('/v1/auth/logout')).toBe(logouts)
      expect(await isSignedIn(browser)).toBe(true)
      expect((await browser.visit(link)).status).toBe(303)
    })

    test('P2: while the store is unavailable, nothing is redeemed', async () => {
      let isOut = false
      const store = memoryStore()
      const get = (key: string): ReturnType<typeof store.get> =>
        isOut ? Promise.reject(new Error('out')) : store.get(key)
      await using app = await adapter.start({
        ...changes,
        client: { store: { ...store, get, set: (...args) => store.set(...args) } },
      })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser)
      const before = app.calls(verifyCalls)
      isOut = true
      expect((await browser.visit(link)).status).toBe(503)
      isOut = false
      expect(app.calls(verifyCalls)).toBe(before)
      expect((await browser.visit(link)).status).toBe(303)
    })
  })
}
