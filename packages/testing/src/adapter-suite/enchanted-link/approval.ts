import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { ada } from '../steps.ts'
import {
  approval,
  enchanted,
  linksByNumber,
  longPoll,
  requestNumber,
  stateAfterLongPoll,
  stateOf,
} from './steps.ts'

/** Approving an enchanted link. */
export function approvalCases(adapter: TestAdapter): void {
  for (const policy of ['code', 'button'] as const) approvalCasesWith(adapter, policy)

  describe(`approving an enchanted link by button alone, on ${adapter.name}`, () => {
    test('a click in the emulator’s inbox approves, as a click of the user does', async () => {
      await using app = await adapter.start({ ...enchanted, approval: 'button' })
      const screen = app.browser()
      await requestNumber(app, screen)
      const message = await app.emulator.inbox.waitFor({ to: ada })
      const report = await app.emulator.inbox.click(message.id)
      expect(report.state).toBe('used')
      expect(await stateOf(app, screen)).toBe('approved')
    })
  })
}

function approvalCasesWith(adapter: TestAdapter, policy: 'code' | 'button'): void {
  const options = { ...enchanted, approval: policy }
  describe(`approving an enchanted link by ${policy}, on ${adapter.name}`, () => {
    test('the right link, approved on another device, signs in the browser that shows its number', async () => {
      await using app = await adapter.start(options)
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const link = (await linksByNumber(app)).get(number) ?? ''
      expect(link).toMatch(/^\/auth\/enchanted-link\/verify\/[\w-]{22}\?t=/)

      const polling = longPoll(screen)
      const page = await phone.visit(link)
      expect(page.body).toContain('a***@example.test')
      const approved = await phone.visit('/auth/enchanted-link/verify', {
        form: { ...phone.hiddenFields(page), ...(await approval(app, screen)) },
      })
      expect(approved.status).toBe(200)
      expect(phone.cookieNames).not.toContain(app.cookieNames.session)
      app.emulator.clock.advance(1000)
      expect(await polling).toBe('approved')

      const done = await screen.visit('/auth/enchanted-link/complete', { form: {} })
      expect(done.location).toBe('/me')
      expect((await screen.visit('/me')).status).toBe(200)
      expect((await phone.visit('/me')).status).toBe(303)
    })

    test('U18: a link that was pasted with ")." after it approves', async () => {
      await using app = await adapter.start(options)
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const page = await phone.visit(`${(await linksByNumber(app)).get(number) ?? ''}).`)
      expect((await phone.submit(page, await approval(app, screen))).status).toBe(200)
      expect(await stateOf(app, screen)).toBe('approved')
    })

    test('T-31: a scanner that opens all three links approves nothing', async () => {
      await using app = await adapter.start(options)
      const [screen, scanner] = [app.browser(), app.browser()]
      await requestNumber(app, screen)
      for (const link of (await linksByNumber(app)).values()) {
        for (const method of ['HEAD', 'GET', 'GET'] as const) await scanner.visit(link, { method })
      }
      expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
      expect(await stateAfterLongPoll(app, screen)).toBe('pending')
    })

    test('"this was not me" ends the attempt, even if the link is approved afterwards', async () => {
      await using app = await adapter.start(options)
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const link = (await linksByNumber(app)).get(number) ?? ''
      const form = phone.hiddenFields(await phone.visit(link))
      const polling = longPoll(screen)
      await phone.visit('/auth/enchanted-link/verify', { form: { ...form, decision: 'refuse' } })
      expect(await polling).toBe('refused')
      await phone.visit('/auth/enchanted-link/verify', { form: { ...form, decision: 'approve' } })
      expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
      expect(await stateOf(app, screen)).toBe('refused')
      const done = await screen.visit('/auth/enchanted-link/complete', {
        form: {},
        headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin' },
      })
      expect([done.status, done.body]).toEqual([410, '{"error":"attempt_refused"}'])
      expect(screen.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('approving a refused attempt gets a page that says so', async () => {
      await using app = await adapter.start(options)
      const [screen, phone, tablet] = [app.browser(), app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const link = (await linksByNumber(app)).get(number) ?? ''
      const open = await tablet.visit(link)
      await phone.submit(await phone.visit(link), { decision: 'refuse' })

      const responses = [
        await tablet.submit(open, { decision: 'approve', code: '0000' }),
        await phone.visit(link),
        await tablet.visit(link),
      ]
      for (const { status: code, body } of responses) {
        expect(code).toBe(410)
        expect(body).toContain('no one was signed in')
        expect(body).not.toMatch(/goes on by itself|name="decision"/)
      }
      const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
      const form = { ...tablet.hiddenFields(open), decision: 'approve' }
      const refused = await tablet.visit('/auth/enchanted-link/verify', { form, headers })
      expect([refused.status, refused.body]).toEqual([410, '{"error":"attempt_refused"}'])
    })

    test('"this was not me" after the sign-in has completed gets a page that says it is too late', async () => {
      await using app = await adapter.start(options)
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const link = (await linksByNumber(app)).get(number) ?? ''
      const page = await phone.visit(link)
      await phone.submit(page, await approval(app, screen))
      expect(await stateOf(app, screen)).toBe('approved')
      await screen.visit('/auth/enchanted-link/complete', { form: {} })

      const late = await phone.submit(page, { decision: 'refuse' })
      expect(late.status).toBe(409)
      expect(late.body).toContain('already signed in')
      expect(late.body).not.toContain('no one was signed in')
      const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
      const form = { ...phone.hiddenFields(page), decision: 'refuse' }
      const refused = await phone.visit('/auth/enchanted-link/verify', { form, headers })
      expect([refused.status, refused.body]).toEqual([409, '{"state":"completed"}'])
      expect((await phone.visit(link)).body).not.toContain('no one was signed in')
    })
  })
}
