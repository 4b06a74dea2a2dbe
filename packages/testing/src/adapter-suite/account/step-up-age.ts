import { systemClock } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { describe, expect, test } from 'vitest'
import type { TestAdapter, TestAppOptions } from '../adapter.ts'
import { createGateway } from '../../servers/gateway.ts'
import { ada, postForm, postJson } from '../steps.ts'
import { changes, requestChange, signInSteppedUp, stepUp, withCopiedSession } from './steps.ts'

const email = 'thief@example.test'
const updateCalls = '/v1/auth/magiclink/update/email'

/** Changes need a step-up that is not too old, and are off by default. */
export function stepUpAgeCases(adapter: TestAdapter): void {
  describe(`the age of a step-up, on ${adapter.name}`, () => {
    test('P1: changes are off by default, and the response names the option', async () => {
      await using app = await adapter.start({ limits: false })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const refused = await postJson(browser, '/auth/email', { email })
      expect([refused.status, JSON.parse(refused.body)]).toEqual([
        404,
        {
          error: 'not_enabled',
          message:
            'Switch this route on with account: { email: true } in the options of createAuth.',
        },
      ])
      const phone = await postForm(browser, '/auth/phone', { phone: '+447700900123' })
      expect([phone.status, phone.body]).toEqual([404, expect.stringContaining('phone: true')])
      const page = await browser.visit('/auth/email', { form: { email } })
      expect([page.status, page.body]).toEqual([404, expect.stringContaining('Go back')])
      expect(app.calls(updateCalls)).toBe(0)
    })

    test('P1: stolen cookies without the mailbox change no address', async () => {
      await using app = await adapter.start(changes)
      const owner = app.browser()
      await app.signIn(owner)
      const thief = withCopiedSession(app, owner)
      const refused = await postForm(thief, '/auth/email', { email })
      expect([refused.status, refused.body]).toEqual([401, '{"error":"step_up_required"}'])
      expect(refused.headers['www-authenticate']).toContain('insufficient_user_authentication')
      // Not even those of a session that its owner has stepped up.
      await stepUp(app, owner)
      const stolen = withCopiedSession(app, owner)
      expect((await postForm(stolen, '/auth/email', { email })).status).toBe(401)
      expect(app.calls(updateCalls)).toBe(0)
      expect((await postForm(owner, '/auth/email', { email })).status).toBe(202)
    })

    test('P1: a refresh does not renew a step-up', async () => {
      await using app = await adapter.start({
        ...changes,
        account: { email: true, maxAgeSeconds: 60 },
      })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      app.emulator.clock.advance(30_000)
      expect((await postForm(browser, '/auth/refresh')).status).toBe(200)
      expect((await postForm(browser, '/auth/email', { email })).status).toBe(202)
      app.emulator.clock.advance(35_000)
      expect((await postForm(browser, '/auth/refresh')).status).toBe(200)
      expect((await postForm(browser, '/auth/email', { email })).status).toBe(401)
      await stepUp(app, browser)
      expect((await postForm(browser, '/auth/email', { email })).status).toBe(202)
    })

    test.each([-240, -60, 60, 240])(
      'P1: the age of a step-up is the same with our clock %i s ahead of that of the service',
      async (seconds) => {
        const started: { emulator?: Emulator } = {}
        const now = (): number => (started.emulator?.clock ?? systemClock).now() + seconds * 1000
        await using app = await adapter.start({
          ...changes,
          appUrl: 'https://app.example.test',
          account: { email: true, maxAgeSeconds: 60 },
          client: { clock: { ...systemClock, now } },
        })
        started.emulator = app.emulator
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        expect((await postForm(browser, '/auth/email', { email })).status).toBe(202)
        app.emulator.clock.advance(62_000)
        expect((await postForm(browser, '/auth/email', { email })).status).toBe(401)
      },
    )

    test('P1: the link of a change does not renew a step-up', async () => {
      const swapped: { body?: string } = {}
      await using gateway = createGateway((path) =>
        path === '/v1/auth/magiclink/verify' && swapped.body
          ? { status: 200, ...swapped }
          : undefined,
      )
      const account = { email: true, maxAgeSeconds: 60 }
      const client = { dispatcher: gateway }
      await using app = await adapter.start({ ...changes, account, client })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser, 'new@example.test')
      app.emulator.clock.advance(62_000)
      // A service that keeps the claim `su` in the session of a change.
      const { sessionJwt, refreshJwt } = await app.emulator.signIn(ada, { stepUp: true })
      swapped.body = JSON.stringify({ sessionJwt, refreshJwt })
      expect((await browser.visit(link)).location).toBe('/me')
      expect(browser.cookie(app.cookieNames.session)).toBe(sessionJwt)
      expect((await postForm(browser, '/auth/email', { email })).status).toBe(401)
    })

    test('a form without a step-up gets the page that sends the link', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await app.signIn(browser)
      const page = await browser.visit('/auth/email', { form: { email } })
      expect(page.status).toBe(401)
      expect(page.body).toContain('Send me the link')
      expect((await browser.submit(page)).location).toBe('/auth/check-inbox')
    })

    test('a guard with maxAgeSeconds lets no older step-up through, nor a copied session', async () => {
      const guarded: TestAppOptions = {
        limits: false,
        routes: [
          {
            path: '/keys',
            guards: [{ stepUp: { maxAgeSeconds: 60 } }],
            respond: () => ({ body: {} }),
          },
          { path: '/danger', guards: [{ stepUp: true }], respond: () => ({ body: {} }) },
        ],
      }
      await using app = await adapter.start(guarded)
      const browser = app.browser()
      await app.signIn(browser)
      expect((await browser.visit('/keys')).status).toBe(401)
      await stepUp(app, browser)
      expect((await browser.visit('/keys')).status).toBe(200)
      expect((await withCopiedSession(app, browser).visit('/keys')).status).toBe(401)
      app.emulator.clock.advance(62_000)
      expect((await browser.visit('/keys')).status).toBe(401)
      expect((await browser.visit('/danger')).status).toBe(200)
    })

    test('P1: a logout ends the step-up of the browser', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      await postForm(browser, '/auth/logout')
      await app.signIn(browser)
      expect((await postForm(browser, '/auth/email', { email })).status).toBe(401)
    })
  })
}
