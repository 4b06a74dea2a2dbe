import { describe, expect, it } from 'vitest'
import { expressVersions, startApp } from './support/app.ts'

/** The emulator's scanner drill, against our own callback: looking at a link must not spend it. */
describe.each(expressVersions)('a mail scanner, before an app on Express %d', (version) => {
  it('T-30: that looks at a magic link in every way spends nothing; pressing the button signs in', async () => {
    await using app = await startApp({ version })
    const person = app.browser()
    await person.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
    const mail = await app.emulator.inbox.waitFor()
    const report = await app.emulator.inbox.scan(mail.id)
    expect(report).toMatchObject({ redeemedBy: 'submit', safe: true })
    const looks = report.visits.filter(({ visit }) => visit !== 'submit')
    expect(looks.flatMap(({ requests }) => requests.map(({ status }) => status))).toEqual([
      200, 200, 200,
    ])
  })

  it('T-31: that looks at the three enchanted links approves none of them', async () => {
    await using app = await startApp({ version, methods: ['email', 'enchanted'] })
    const person = app.browser()
    await person.visit('/auth/enchanted-link', { form: { loginId: 'ada@example.test' } })
    const mail = await app.emulator.inbox.waitFor()
    expect(mail.links).toHaveLength(3)
    const report = await app.emulator.inbox.scan(mail.id)
    expect(report.safe).toBe(true)
    const looks = report.visits.filter(({ visit }) => visit !== 'submit')
    expect(looks).toHaveLength(9)
    expect(looks.every(({ redeemed }) => !redeemed)).toBe(true)
    expect(looks.flatMap(({ requests }) => requests).every(({ status }) => status === 200)).toBe(
      true,
    )
  })
})
