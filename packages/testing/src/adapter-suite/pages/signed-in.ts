import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { ada, isSignedIn, requestLink } from '../steps.ts'

/** What pages say of who is signed in, without a script. */
export function signedInPageCases(adapter: TestAdapter): void {
  describe(`pages that know who is signed in, on ${adapter.name}`, () => {
    test('the sign-in page of a signed-in user leads on, and still has its form', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      expect((await browser.visit('/auth/sign-in')).body).not.toContain('You are signed in')
      await app.signIn(browser)
      const page = await browser.visit('/auth/sign-in?returnTo=/me')
      expect(page.status).toBe(200)
      expect(page.body).toContain('You are already signed in.')
      expect(page.body).toMatch(/<a class="primary" href="\/me">\s*Continue/)
      expect(page.body).toContain('action="/auth/magic-link"')
    })

    test('the page that waits for a link notices that it was opened in another tab', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const form = { loginId: ada, returnTo: '/me' }
      const before = await browser.open('/auth/magic-link', { form })
      expect(before.body).toContain('<h1>Check your inbox</h1>')
      expect(before.body).toContain('data-session-url="/auth/session"')
      await browser.visit(await app.linkFor(ada))
      const after = await browser.visit('/auth/check-inbox')
      expect(after.body).toContain('<h1>You are signed in</h1>')
      expect(after.body).toMatch(/<a class="primary" href="\/me">\s*Continue/)
      expect(after.body).not.toContain('data-session-url')
    })

    test('the page that waits for a link says nothing of another user who is signed in', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser, 'eve@example.test')
      const page = await browser.open('/auth/magic-link', { form: { loginId: ada } })
      expect(page.body).toContain('<h1>Check your inbox</h1>')
      expect(page.body).not.toContain('You are signed in')
    })

    test('T-39: after a sign-out the next user of the browser does not learn who was signed in', async () => {
      await using app = await adapter.start({ limits: false })
      const browser = app.browser()
      await requestLink(app, browser)
      await app.signIn(browser)
      await browser.visit('/auth/logout', { form: {} })
      expect((await browser.visit('/auth/check-inbox')).body).not.toContain(ada)
    })

    test('an outage of the service leaves the pages as they are', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(60 * 60_000)
      app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
      const page = await browser.visit('/auth/sign-in')
      expect([page.status, page.body.includes('You are signed in')]).toEqual([200, false])
      expect(browser.cookieNames).toContain(app.cookieNames.refresh)
    })

    test('a sign-out leads to a page that says so, until a user signs in again', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const page = await browser.open('/auth/logout', { form: {} })
      expect(page.body).toContain('<h1>You are signed out</h1>')
      expect(page.body).toMatch(/<a class="primary" href="\/auth\/sign-in">\s*Sign in again/)
      expect(await isSignedIn(browser)).toBe(false)
      await app.signIn(browser)
      expect((await browser.visit('/auth/signed-out')).location).toBe('/')
    })

    test('with pages.afterSignOut the built-in page is not served', async () => {
      await using app = await adapter.start({ pages: { afterSignOut: '/bye' } })
      const browser = app.browser()
      await app.signIn(browser)
      expect((await browser.visit('/auth/logout', { form: {} })).location).toBe('/bye')
      expect((await browser.visit('/auth/signed-out')).status).toBe(404)
    })

    test.each([
      ['ada@gmail.com', 'href="https://mail.google.com/"'],
      ['ada@GMX.de', 'href="https://www.gmx.net/"'],
      ['ada@evil-gmail.com', undefined],
      ['ada@gmail.com.example.test', undefined],
    ])('the page after a link to %s offers its webmail: %s', async (loginId, link) => {
      await using app = await adapter.start()
      const { body } = await app.browser().open('/auth/magic-link', { form: { loginId } })
      expect(body).toContain('<h1>Check your inbox</h1>')
      if (link === undefined) expect(body).not.toContain('target="_blank" rel="noopener" referrer')
      else expect(body).toContain(link)
    })
  })
}
