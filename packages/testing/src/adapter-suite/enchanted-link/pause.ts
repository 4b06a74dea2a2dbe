import { describe, expect, test } from 'vitest'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'
import { enchanted } from './steps.ts'

/** Requests an enchanted link; the response without what always differs, and how many mails there are. */
async function request(app: TestApp, loginId: string): Promise<{ seen: object; mails: number }> {
  const browser = app.browser()
  const response = await postForm(browser, '/auth/enchanted-link', { loginId })
  const { linkId, maskedEmail }: Record<string, string> = JSON.parse(response.body)
  const status = await browser.visit('/auth/enchanted-link/status', { method: 'HEAD' })
  const seen = {
    status: response.status,
    maskedEmail: maskedEmail?.toLowerCase(),
    isNumber: /^\d\d$/.test(linkId ?? ''),
    cookie: browser.cookie(app.cookieNames.pending)?.length,
    later: status.status,
  }
  return { seen, mails: app.emulator.inbox.list({ to: loginId }).length }
}

/** Refuses the newest attempt, with a double click. */
async function refuseNewest(app: TestApp, loginId: string): Promise<void> {
  const phone = app.browser()
  const url = new URL(app.emulator.inbox.list({ to: loginId })[0]?.links[0]?.url ?? '')
  const page = await phone.visit(url.pathname + url.search)
  const clicks = [0, 1].map(() => phone.submit(page, { decision: 'refuse' }))
  const pages = await Promise.all(clicks)
  expect(pages.map(({ status }) => status)).toEqual([200, 200])
}

/** Requests for an approval that the user keeps refusing. */
export function pauseCases(adapter: TestAdapter): void {
  describe(`P25 repeated requests for an approval, on ${adapter.name}`, () => {
    test('two refusals pause an address for 15 minutes, and the requester sees no difference', async () => {
      await using app = await adapter.start({ ...enchanted, limits: false })
      const { clock } = app.emulator
      const first = await request(app, ada)
      await refuseNewest(app, ada)
      const second = await request(app, ada)
      expect(second).toEqual({ seen: first.seen, mails: 2 })
      await refuseNewest(app, ada)

      const calls = app.calls('/v1/auth/enchantedlink/signup-in/email')
      for (const spelling of [ada, 'Ada@example.test']) {
        expect((await request(app, spelling)).seen).toMatchObject(first.seen)
      }
      expect(app.calls('/v1/auth/enchantedlink/signup-in/email')).toBe(calls)
      expect(app.emulator.inbox.list({ to: ada })).toHaveLength(2)
      // Other addresses, and magic links, are not paused.
      expect((await request(app, 'bob@example.test')).mails).toBe(1)
      await postForm(app.browser(), '/auth/magic-link', { loginId: ada })
      expect(app.emulator.inbox.list({ to: ada })).toHaveLength(3)

      clock.advance(15 * 60_000)
      expect((await request(app, ada)).mails).toBe(4)
    })

    test('one refusal pauses nothing, however often it is clicked', async () => {
      await using app = await adapter.start({ ...enchanted, limits: false })
      await request(app, ada)
      await refuseNewest(app, ada)
      await refuseNewest(app, ada).catch(() => {})
      expect((await request(app, ada)).mails).toBe(2)
    })
  })
}
