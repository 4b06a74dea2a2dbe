import { describe, expect, test } from 'vitest'
import type { BrowserResponse } from '../browser.ts'
import { copiedSessionCases } from './account/copied-session.ts'
import { elsewhereCases } from './account/elsewhere.ts'
import { endedSessionCases } from './account/ended-sessions.ts'
import { beforeSendCases } from './account/before-send.ts'
import { hookCases } from './account/hooks.ts'
import { ownResponseCases } from './account/own-responses.ts'
import { resumedFormCases } from './account/resumed-form.ts'
import { tenantCases } from './account/tenants.ts'
import { stepUpElsewhereCases } from './account/step-up-elsewhere.ts'
import { stepUpAgeCases } from './account/step-up-age.ts'
import { changes, signInSteppedUp } from './account/steps.ts'
import type { TestAdapter } from './adapter.ts'
import { ada, postForm } from './steps.ts'

/** Step-up and changes of the account. */
export function accountCases(adapter: TestAdapter): void {
  stepUpAgeCases(adapter)
  endedSessionCases(adapter)
  elsewhereCases(adapter)
  stepUpElsewhereCases(adapter)
  copiedSessionCases(adapter)
  hookCases(adapter)
  beforeSendCases(adapter)
  ownResponseCases(adapter)
  tenantCases(adapter)
  resumedFormCases(adapter)

  describe(`step-up and changes of the account, on ${adapter.name}`, () => {
    test('a step-up mails a link to the signed-in user, and returns to the page', async () => {
      await using app = await adapter.start({
        routes: [
          { path: '/danger', guards: [{ stepUp: true }], respond: () => ({ body: 'done' }) },
        ],
      })
      const browser = app.browser()
      await app.signIn(browser)
      const blocked = await browser.visit('/danger')
      expect(blocked.status).toBe(401)
      const sent = await browser.submit(blocked)
      expect(sent.location).toBe('/auth/check-inbox')
      const waiting = await browser.visit('/auth/check-inbox')
      expect(waiting.body).toContain('to continue')
      expect(waiting.body).not.toContain('/auth/sign-in')
      const link = await app.linkFor(ada)
      expect((await browser.visit(link)).location).toBe('/danger')
      expect((await browser.visit('/danger')).body).toBe('done')
    })

    test('T-62: a change applies to the signed-in user, whatever the body says', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      expect((await postForm(browser, '/auth/email', { email: 'new@example.test' })).status).toBe(
        401,
      )
      await signInSteppedUp(app, browser)
      const named = await postForm(browser, '/auth/email', {
        email: 'new@example.test',
        loginId: 'eve',
      })
      expect(JSON.parse(named.body)).toEqual({ error: 'bad_request', field: 'loginId' })
      const userId = JSON.parse((await browser.visit('/auth/session')).body).userId
      const sent = await postForm(browser, '/auth/email', {
        email: 'new@example.test',
        returnTo: '/me',
      })
      expect(sent.status).toBe(202)
      expect(JSON.parse(sent.body)).toEqual({ maskedEmail: 'n***@example.test' })
      const link = await app.linkFor('new@example.test')
      expect((await browser.visit(link)).location).toBe('/me')
      const me = await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')
      expect(me.data).toMatchObject({ userId, email: 'new@example.test' })
    })

    test('T-32: the link of a change of address says so in another browser', async () => {
      await using app = await adapter.start(changes)
      const [eve, phone] = [app.browser(), app.browser()]
      await signInSteppedUp(app, eve, 'eve@example.test')
      await postForm(eve, '/auth/email', { email: ada })
      const page = await phone.visit(await app.linkFor(ada))
      expect(page.body).toContain('Confirm your new address')
      expect(page.body).not.toContain('Sign in on this device')
    })

    test('T-32: the link of a change of number says so, in the same and in another browser', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const number = '+447700900123'
      await browser.visit('/auth/phone', { form: { phone: number } })
      const link = await app.linkFor(number)
      const here = await browser.visit(link, { headers: { accept: 'text/html' } })
      for (const page of [here, await app.browser().visit(link)]) {
        expect(page.body).toContain('Confirm your new number')
        expect(page.body).not.toMatch(/this address|new address/)
      }
    })

    test('T-62: no user takes over an account by a change to its address', async () => {
      await using app = await adapter.start(changes)
      const [owner, eve] = [app.browser(), app.browser()]
      await app.signIn(owner)
      await signInSteppedUp(app, eve, 'eve@example.test')
      const before = app.emulator.inbox.list({ to: ada }).length
      const requested = await postForm(eve, '/auth/email', { email: ada })
      // The same response as for any other address: it does not tell who has an account.
      expect([requested.status, requested.body]).toEqual([
        202,
        '{"maskedEmail":"a***@example.test"}',
      ])
      expect(app.emulator.inbox.list({ to: ada })).toHaveLength(before)

      await postForm(eve, '/auth/email', { email: 'grace@example.test' })
      const link = await app.linkFor('grace@example.test')
      const grace = app.browser()
      await app.signIn(grace, 'grace@example.test')
      expect((await eve.visit(link)).status).toBe(400)
      const graceNow = await app.client.me(grace.cookie(app.cookieNames.refresh) ?? '')
      expect(graceNow.data?.loginIds).toEqual(['grace@example.test'])
    })

    test('T-62: a session token alone, a Bearer token and a cross-site form change nothing', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const record = browser.cookiePairs(app.cookieNames.attempt)
      const cookie = `${browser.cookiePairs(app.cookieNames.session)}; ${record}`
      const fields = { email: 'new@example.test' }
      const alone = await postForm(app.browser(), '/auth/email', fields, { cookie })
      expect([alone.status, alone.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      const authorization = `Bearer ${browser.cookie(app.cookieNames.session)}`
      expect((await postForm(app.browser(), '/auth/email', fields, { authorization })).status).toBe(
        401,
      )
      const evil = { 'sec-fetch-site': 'cross-site' }
      expect((await postForm(browser, '/auth/email', fields, evil)).status).toBe(403)
      expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
    })

    test('a failed form about the account leads back to it, or to a sign-in first', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      const send = (path: string, form: Record<string, string>): Promise<BrowserResponse> =>
        browser.visit(path, {
          method: 'POST',
          body: new URLSearchParams(form).toString(),
          headers: {
            accept: 'text/html',
            origin: app.origin,
            referer: `${app.origin}/settings`,
            'content-type': 'application/x-www-form-urlencoded',
          },
        })
      const toSignIn = await send('/auth/email', { email: 'new@example.test' })
      expect(toSignIn.status).toBe(401)
      expect(toSignIn.body).toContain('href="/auth/sign-in?returnTo=%2Fsettings"')
      const noStepUp = await send('/auth/step-up', { returnTo: '/danger' })
      expect(noStepUp.body).toContain('href="/auth/sign-in?returnTo=%2Fdanger"')
      await signInSteppedUp(app, browser)
      const wrong: readonly Record<string, string>[] = [{ email: 'no address' }, { mail: 'x' }]
      for (const form of wrong) {
        const mistyped = await send('/auth/email', form)
        expect(mistyped.status).toBe(400)
        expect(mistyped.body).toContain('href="/settings"')
      }
      app.emulator.faults.add({ path: '/v1/auth/me', status: 503 })
      const outage = await send('/auth/step-up', { returnTo: '/danger' })
      expect(outage.status).toBe(503)
      expect(outage.body).toContain('href="/danger"')
    })

    test('a step-up that is overtaken by a logout is 401, without a warning about the deployment', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const warnings: unknown[] = []
      const listen = (warning: Error): unknown => warnings.push(warning)
      process.on('warning', listen)
      const over = { status: 401, errorCode: 'E064001', errorDescription: 'Expired due to logout' }
      app.emulator.faults.add({ path: '/v1/auth/magiclink/signin/email', ...over })
      expect((await postForm(browser, '/auth/step-up', {})).status).toBe(401)
      process.off('warning', listen)
      expect(warnings).toEqual([])
    })

    test('a phone number is changed by SMS', async () => {
      await using app = await adapter.start(changes)
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const sent = await postForm(browser, '/auth/phone', { phone: '+44 20 7946 0018' })
      expect(JSON.parse(sent.body)).toEqual({ maskedPhone: '***0018' })
      expect((await browser.visit(await app.linkFor('+442079460018'))).status).toBe(303)
    })

    test('cookies of two users together change no account', async () => {
      await using app = await adapter.start(changes)
      const [owner, eve] = [app.browser(), app.browser()]
      await signInSteppedUp(app, owner)
      await app.signIn(eve, 'eve@example.test')
      const record = owner.cookiePairs(app.cookieNames.attempt)
      const cookie = `${owner.cookiePairs(app.cookieNames.session)}; ${eve.cookiePairs(app.cookieNames.refresh)}; ${record}`
      const response = await postForm(
        app.browser(),
        '/auth/email',
        { email: 'n@example.test' },
        { cookie },
      )
      expect(response.status).toBe(401)
      expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
    })
  })
}
