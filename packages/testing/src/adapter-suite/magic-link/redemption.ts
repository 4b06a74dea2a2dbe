import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { ada, isSignedIn, requestLink } from '../steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

/** Redeeming a link. */
export function redemptionCases(adapter: TestAdapter): void {
  describe(`redeeming a link, on ${adapter.name}`, () => {
    test('an expired link is 410, and the page leads to a new one', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      app.emulator.clock.advance(11 * 60_000)
      const response = await browser.visit(link)
      expect(response.status).toBe(410)
      expect(response.body).toContain('/auth/sign-in?returnTo=%2Fme')
      expect(browser.cookieNames).not.toContain(app.cookieNames.session)
    })

    test.each(['.', ')', '%3E', '>', ',', '.%E2%80%9D', '%20', '%0D%0A'])(
      'U18: a link that was pasted with %s after it signs in, in this browser and another',
      async (end) => {
        await using app = await adapter.start({ limits: false })
        for (const isSame of [true, false]) {
          const browser = app.browser()
          const link = await requestLink(app, isSame ? browser : app.browser())
          const page = await browser.visit(`${link}${end}`)
          const response = isSame ? page : await browser.submit(page)
          expect(response.status).toBe(303)
          expect(await isSignedIn(browser)).toBe(true)
        }
      },
    )

    // A short token is part of the error code for an unknown link.
    test.each(['abcdef', '0', 'E063010'])('the unknown link %s is 400', async (token) => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = new URL(await requestLink(app, app.browser()), app.origin)
      const page = await browser.visit(`${link.pathname}?t=${token}`)
      expect(page.status).toBe(200)
      expect((await browser.submit(page)).status).toBe(400)
    })

    test('a link used in another browser is 410, without a session', async () => {
      await using app = await adapter.start()
      const [first, second] = [app.browser(), app.browser()]
      const link = await requestLink(app, first)
      await first.visit(link)
      const confirmed = await second.submit(await second.visit(link))
      expect(confirmed.status).toBe(410)
      expect(second.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('a link used in this browser redirects again while its session is valid', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      const page = await browser.copy().visit(link, { headers: { accept: 'text/html' } })
      await browser.visit(link)
      expect((await browser.visit(link)).location).toBe('/me')
      expect((await browser.submit(page)).status).toBe(303)
      expect(app.calls(verifyCalls)).toBe(1)
      await browser.visit('/auth/logout', { form: {} })
      app.emulator.clock.advance(61_000)
      expect((await browser.visit(link)).status).toBe(410)
    })

    test('two confirmations and a second tab share one verification', async () => {
      await using app = await adapter.start()
      const link = await requestLink(app, app.browser())
      const browser = app.browser()
      const page = await browser.visit(link)
      const tab = await browser.visit(link)
      const confirmed = await Promise.all([
        browser.submit(page),
        browser.submit(page),
        browser.submit(tab),
      ])
      expect(confirmed.map(({ status }) => status)).toEqual([303, 303, 303])
      expect(app.calls(verifyCalls)).toBe(1)
      expect(await isSignedIn(browser)).toBe(true)
    })

    test('a confirmation whose response was lost can be repeated', async () => {
      await using app = await adapter.start()
      const link = await requestLink(app, app.browser())
      const browser = app.browser()
      const page = await browser.visit(link)
      await browser.copy().submit(page)
      expect((await browser.submit(page)).status).toBe(303)
      expect(await isSignedIn(browser)).toBe(true)
      expect(app.calls(verifyCalls)).toBe(1)
    })

    test('another browser with the same form gets no session from a confirmation', async () => {
      await using app = await adapter.start()
      const link = await requestLink(app, app.browser())
      const [user, other] = [app.browser(), app.browser()]
      const page = await user.visit(link)
      await other.visit(link)
      const [own, stolen] = await Promise.all([user.submit(page), other.submit(page)])
      expect(new Set([own.status, stolen.status])).toEqual(new Set([303, 410]))
      expect(
        [user, other].filter((one) => one.cookieNames.includes(app.cookieNames.session)),
      ).toHaveLength(1)
    })

    test('T-61: a link opened again after signing out restores no session', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      await browser.visit(link)
      await browser.visit('/auth/logout', { form: {} })
      expect((await browser.visit(link)).status).toBe(410)
      expect(browser.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('two links requested in one browser both work, in any order', async () => {
      await using app = await adapter.start({ limits: false })
      const browser = app.browser()
      const [first, second] = [
        await requestLink(app, browser, '/me?1'),
        await requestLink(app, browser, '/me?2'),
      ]
      expect((await browser.visit(second)).location).toBe('/me?2')
      await browser.visit('/auth/logout', { form: {} })
      expect((await browser.visit(first)).location).toBe('/me?1')
    })

    test('while the keys are unavailable no link is redeemed, and the button works later', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      const fault = app.emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
      const out = await browser.visit(link)
      expect(out.status).toBe(503)
      expect(out.headers['retry-after']).toMatch(/^\d+$/)
      expect(app.calls(verifyCalls)).toBe(0)
      app.emulator.faults.remove(fault.id)
      app.emulator.clock.advance(120_000)
      expect((await browser.submit(out)).location).toBe('/me')
    })

    test('an unavailable service is 503, and the button on the page tries again', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      const link = await requestLink(app, browser)
      app.emulator.faults.add({ path: verifyCalls, drop: 'before' })
      const out = await browser.visit(link)
      expect(out.status).toBe(503)
      expect((await browser.submit(out)).location).toBe('/me')
    })

    test('an onSignIn that throws signs no user in, and the page offers a new link', async () => {
      const received: unknown[] = []
      const listen = (event: unknown): unknown => received.push(event)
      subscribe('linkpass:sign-in:refused', listen)
      await using app = await adapter.start({
        onSignIn: () => {
          throw new Error('not on the list')
        },
      })
      const browser = app.browser()
      const response = await browser.visit(await requestLink(app, browser))
      unsubscribe('linkpass:sign-in:refused', listen)
      expect(received).toMatchObject([
        { step: 'on-sign-in', cause: { message: 'not on the list' } },
      ])
      expect(response.status).toBe(403)
      expect(response.body).toContain('Get a new link')
      expect(response.body).not.toContain('not on the list')
      expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
    })

    test('another error of onSignIn is printed too, and a repeated one is not', async () => {
      const printed: string[] = []
      const listen = (warning: Error & { detail?: string }): void => {
        if (warning.message.startsWith('onSignIn failed')) printed.push(warning.detail ?? '')
      }
      process.on('warning', listen)
      let attempt = 0
      const messages = ['the seats are gone', 'the seats are gone', 'the database is gone']
      await using app = await adapter.start({
        limits: false,
        onSignIn: () => {
          attempt += 1
          throw new Error(
            `${messages[attempt - 1]} (${adapter.name.replaceAll(/\d/g, (digit) => 'v'.repeat(Number(digit)))})`,
          )
        },
      })
      for (const _ of messages) {
        const browser = app.browser()
        await browser.visit(await requestLink(app, browser))
      }
      process.off('warning', listen)
      expect(printed.map((detail) => /the \w+ (?:is|are) gone/.exec(detail)?.[0])).toEqual([
        'the seats are gone',
        'the database is gone',
      ])
      expect(printed[0]).toContain('redemption.ts')
    })

    test('onSignIn receives the user, the session and whether it is the first sign-in', async () => {
      const received: unknown[] = []
      await using app = await adapter.start({
        onSignIn: ({ user, firstSeen, session }) => {
          received.push([user.email, firstSeen, session.userId === user.userId])
        },
      })
      await app.signIn(app.browser())
      app.emulator.clock.advance(60_000)
      await app.signIn(app.browser())
      expect(received).toEqual([
        [ada, true, true],
        [ada, false, true],
      ])
    })
  })
}
