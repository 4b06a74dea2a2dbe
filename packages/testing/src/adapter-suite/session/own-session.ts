import { systemClock } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { approve, enchanted, stateOf, visitWaiting } from '../enchanted-link/steps.ts'
import { ada, postForm, requestLink } from '../steps.ts'

/** An app that keeps a session of its own, and who it was begun for. */
function ownSessions(more: TestAppOptions = {}): { options: TestAppOptions; began: string[] } {
  const began: string[] = []
  const options: TestAppOptions = {
    session: 'none',
    hasMe: false,
    onSignIn: ({ purpose, user, session }) =>
      began.push(`${purpose} ${user.email} ${session.userId === user.userId}`),
    ...more,
  }
  return { options, began }
}

/** `session: 'none'`: the app begins a session of its own in `onSignIn`. */
export function ownSessionCases(adapter: TestAdapter): void {
  describe(`session: 'none', on ${adapter.name}`, () => {
    test('a sign-in sets no session cookie, and onSignIn begins the session', async () => {
      const { options, began } = ownSessions()
      await using app = await adapter.start(options)
      const browser = app.browser()
      const opened = await browser.visit(await requestLink(app, browser, '/home'))
      expect([opened.status, opened.location]).toEqual([303, '/home'])
      expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
      expect(began).toEqual([`sign-in ${ada} true`])
    })

    test('no page asks for a session that no route shows', async () => {
      await using app = await adapter.start(ownSessions().options)
      const browser = app.browser()
      const pages = [
        await browser.visit('/auth/sign-in'),
        await browser.open('/auth/magic-link', { form: { loginId: ada } }),
      ]
      expect(pages.map(({ status }) => status)).toEqual([200, 200])
      for (const { body } of pages) expect(body).not.toContain('data-session-url')
    })

    test('a request that is sent twice begins it with both responses', async () => {
      const { options, began } = ownSessions()
      await using app = await adapter.start(options)
      const browser = app.browser()
      const page = await browser.visit(await requestLink(app, app.browser()))
      const twice = [browser.submit(page), browser.submit(page)]
      const responses = await Promise.all(twice)
      expect(responses.map(({ status }) => status)).toEqual([303, 303])
      expect(began).toHaveLength(2)
      expect(app.calls('/v1/auth/magiclink/verify')).toBe(1)
    })

    test('a copied attempt cookie repeats no sign-in after a logout', async () => {
      const { options, began } = ownSessions()
      await using app = await adapter.start(options)
      const browser = app.browser()
      const link = await requestLink(app, browser)
      await browser.visit(link)
      const copy = browser.copy()
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
      expect((await copy.visit(link)).status).toBe(410)
      expect(began).toHaveLength(1)
    })

    test('a copied attempt cookie repeats no sign-in with a clock behind the service’s either', async () => {
      const { options, began } = ownSessions()
      const clock = { ...systemClock, now: () => systemClock.now() - 60_000 }
      await using app = await adapter.start({ ...options, client: { clock } })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      await browser.visit(link)
      const copy = browser.copy()
      await postForm(browser, '/auth/logout')
      expect((await copy.visit(link)).status).toBe(410)
      expect(began).toHaveLength(1)
    })

    test.each<[string, TestAppOptions]>([
      ['of the app’s own', ownSessions().options],
      ['in cookies', {}],
    ])(
      'a copied cookie repeats no sign-in after an administrator’s revocation: a session %s',
      async (_, options) => {
        const users: string[] = []
        const onSignIn: TestAppOptions['onSignIn'] = ({ user }) => users.push(user.userId)
        await using app = await adapter.start({ ...options, ...enchanted, onSignIn })
        const screen = await approvedScreen(app)
        const waiting = screen.copy()
        const path = '/auth/enchanted-link/complete'
        expect((await screen.visit(path, { form: {} })).status).toBe(303)
        const browser = app.browser()
        const link = await requestLink(app, browser)
        const asking = browser.copy()
        await browser.visit(link)
        const { attempt } = app.cookieNames
        asking.setCookie(`${browser.cookiePairs(attempt)}; Path=/`)
        expect(users).toHaveLength(2)
        await app.client.revokeUser(users[0] ?? '')
        const repeated = [await asking.visit(link), await waiting.visit(path, { form: {} })]
        expect(repeated.map(({ status }) => status)).toEqual([410, 410])
        for (const copy of [asking, waiting]) {
          expect(copy.cookieNames).not.toContain(app.cookieNames.session)
        }
        expect(users).toHaveLength(2)
      },
    )

    test.each<[string, TestAppOptions]>([
      ['of the app’s own', ownSessions().options],
      ['in cookies', {}],
    ])(
      'a copied pending cookie repeats no sign-in after a logout: a session %s',
      async (_, options) => {
        const began: string[] = []
        const onSignIn = (): unknown => began.push(adapter.name)
        await using app = await adapter.start({ ...options, ...enchanted, onSignIn })
        const screen = await approvedScreen(app)
        const copy = screen.copy()
        const path = '/auth/enchanted-link/complete'
        expect((await screen.visit(path, { form: {} })).status).toBe(303)
        expect((await postForm(screen, '/auth/logout')).status).toBe(204)
        const again = await copy.visit(path, { form: {} })
        expect(again.status).toBe(410)
        expect(copy.cookieNames).not.toContain(app.cookieNames.session)
        expect(began).toHaveLength(1)
      },
    )

    test('onSignIn can refuse', async () => {
      const { options } = ownSessions({
        onSignIn: () => {
          throw new Error(`not today, on ${adapter.name}`)
        },
      })
      await using app = await adapter.start(options)
      const browser = app.browser()
      expect((await browser.visit(await requestLink(app, browser))).status).toBe(403)
    })

    test('the routes for signed-in users are not there, and a logout runs onSignOut', async () => {
      const ended: unknown[] = []
      const { options } = ownSessions({ onSignOut: (event) => ended.push(event.userId) })
      await using app = await adapter.start(options)
      const browser = app.browser()
      for (const path of ['session', 'refresh', 'step-up', 'email', 'tenant', 'logout-all']) {
        expect((await postForm(browser, `/auth/${path}`)).status).toBe(404)
      }
      // The cookies may be another app's.
      browser.setCookie(`${app.cookieNames.session}=of.another.app; Path=/`)
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
      expect(ended).toEqual([undefined])
      expect(browser.cookieNames).toContain(app.cookieNames.session)
    })

    test('an enchanted link begins it in the browser that waits', async () => {
      const { options, began } = ownSessions(enchanted)
      await using app = await adapter.start(options)
      const screen = await approvedScreen(app)
      const done = await screen.visit('/auth/enchanted-link/complete', { form: {} })
      expect(done.status).toBe(303)
      expect(began).toHaveLength(1)
      expect(screen.cookieNames).not.toContain(app.cookieNames.session)
    })

    test.each<[string, TestAppOptions]>([
      ['onSignIn', { session: 'none', hasMe: false }],
      ['account', { ...ownSessions().options, account: { email: true } }],
      ['auth.requireSession', { ...ownSessions().options, hasMe: true }],
    ])('what needs the cookies is an error at creation: %s', async (name, options) => {
      await expect(adapter.start(options)).rejects.toThrow(name)
    })
  })
}

/** A browser that waits for an enchanted link, which was approved on another device. */
async function approvedScreen(app: TestApp): Promise<Browser> {
  const [screen, phone] = [app.browser(), app.browser()]
  await screen.visit('/auth/enchanted-link', { form: { loginId: ada } })
  const waiting = await visitWaiting(app, screen)
  const [, number = ''] = /Choose (\d\d) in the email/.exec(waiting.body) ?? []
  await approve(app, { screen, phone }, number)
  expect(await stateOf(app, screen)).toBe('approved')
  return screen
}
