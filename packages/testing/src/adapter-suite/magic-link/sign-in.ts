import { describe, expect, test } from 'vitest'
import type { TestAdapter, TestRoute } from '../adapter.ts'

/** Signing in by link. */
export function signInCases(adapter: TestAdapter): void {
  describe(`signing in by link, on ${adapter.name}`, () => {
    test('a visitor goes to sign in, opens the link in the same browser, and sees the page', async () => {
      await using app = await adapter.start()
      const browser = app.browser()

      const blocked = await browser.visit('/me')
      expect(blocked.status).toBe(303)
      expect(blocked.location).toBe('/auth/sign-in?returnTo=%2Fme')

      const page = await browser.open('/me')
      expect(page.body).toContain('Sign in')
      const sent = await browser.submit(page, { loginId: 'ada@example.test', method: 'email' })
      expect(sent.status).toBe(303)
      expect(sent.location).toBe('/auth/check-inbox')
      const waiting = await browser.visit('/auth/check-inbox')
      expect(waiting.body).toContain('ada@example.test')

      const link = await app.linkFor('ada@example.test')
      expect(link).toMatch(/^\/auth\/verify\/[\w-]{22}\?t=/)
      const opened = await browser.visit(link)
      expect(opened.status).toBe(303)
      expect(opened.location).toBe('/me')
      const me = await browser.visit('/me')
      expect(me.status).toBe(200)
      expect(JSON.parse(me.body).userId).toMatch(/^U/)
    })

    test('a page whose address is too long to keep is returned to without its query', async () => {
      const routes: TestRoute[] = [
        { path: '/list', guards: ['required'], respond: () => ({ body: 'list' }) },
      ]
      await using app = await adapter.start({ routes })
      const loginId = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.example.test`
      const lengths: [number, string][] = [
        [1590, `/list?${'q'.repeat(1590)}`],
        [1900, '/list'],
        [4000, '/list'],
      ]
      for (const [length, expected] of lengths) {
        const browser = app.browser()
        const guarded = await browser.visit(`/list?${'q'.repeat(length)}`)
        expect(guarded.location).toBe(`/auth/sign-in?returnTo=${encodeURIComponent(expected)}`)
        await browser.submit(await browser.visit(guarded.location ?? ''), { loginId })
        expect((await browser.visit(await app.linkFor(loginId))).location).toBe(expected)
        const form = { returnTo: `/list?${'q'.repeat(length)}` }
        expect((await browser.visit('/auth/logout', { form })).location).toBe(expected)
        app.emulator.clock.advance(60_000)
      }
    })

    test('a link opened in another browser is confirmed first, and signs in there', async () => {
      await using app = await adapter.start()
      const first = app.browser()
      await first.submit(await first.visit('/auth/sign-in'), {
        loginId: 'ada@example.test',
        method: 'email',
      })
      const link = await app.linkFor('ada@example.test')

      const other = app.browser()
      const page = await other.visit(link)
      expect(page.status).toBe(200)
      expect(app.calls('/v1/auth/magiclink/verify')).toBe(0)
      const confirmed = await other.submit(page)
      expect(confirmed.status).toBe(303)
      expect((await other.visit('/me')).status).toBe(200)
      expect((await first.visit('/me')).status).toBe(303)
    })

    test('signing out ends the session', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await browser.submit(await browser.visit('/auth/sign-in'), { loginId: 'ada@example.test' })
      await browser.visit(await app.linkFor('ada@example.test'))
      expect((await browser.visit('/auth/session')).status).toBe(200)
      const signedOut = await browser.visit('/auth/logout', { form: {} })
      expect(signedOut.status).toBe(303)
      expect(browser.cookieNames).not.toContain(app.cookieNames.session)
      expect((await browser.visit('/auth/session')).status).toBe(401)
    })
  })
}
