import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'

/** The emulator's scanner drill against the app: opening a link redeems nothing. */
export function scannerCases(adapter: TestAdapter): void {
  describe(`a mail scanner, on ${adapter.name}`, () => {
    test('T-30: that opens a magic link in every way redeems nothing, and the button signs in', async () => {
      await using app = await adapter.start()
      const user = app.browser()
      await user.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
      const mail = await app.emulator.inbox.waitFor()
      const report = await app.emulator.inbox.scan(mail.id)
      expect(report).toMatchObject({ redeemedBy: 'submit', safe: true })
      const opened = report.visits.filter(({ visit }) => visit !== 'submit')
      expect(opened.flatMap(({ requests }) => requests.map(({ status }) => status))).toEqual([
        200, 200, 200,
      ])
    })

    test('T-31: that opens the three enchanted links approves none of them', async () => {
      await using app = await adapter.start({ methods: ['email', 'enchanted'] })
      const user = app.browser()
      await user.visit('/auth/enchanted-link', { form: { loginId: 'ada@example.test' } })
      const mail = await app.emulator.inbox.waitFor()
      expect(mail.links).toHaveLength(3)
      const report = await app.emulator.inbox.scan(mail.id)
      expect(report.safe).toBe(true)
      const opened = report.visits.filter(({ visit }) => visit !== 'submit')
      expect(opened).toHaveLength(9)
      expect(opened.every(({ redeemed }) => !redeemed)).toBe(true)
      expect(opened.flatMap(({ requests }) => requests).every(({ status }) => status === 200)).toBe(
        true,
      )
    })
  })
}
