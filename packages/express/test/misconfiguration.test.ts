import { expect, test } from 'vitest'
import { expressVersions, startApp } from './support/app.ts'

const address = 'ada@example.test'

test.each(expressVersions)(
  'T-60: a management key that the service no longer takes logs nobody out, and spends no link (Express %i)',
  async (version) => {
    await using app = await startApp({ version })
    const { clock, faults } = app.emulator
    const browser = app.browser()
    await app.signIn(browser)
    clock.advance(60_000)
    const other = app.browser()
    await other.visit('/auth/magic-link', { form: { loginId: address } })
    const link = await app.linkFor(address)
    const unauthorized = { status: 401, errorCode: 'E061004', times: 'always' } as const
    faults.add({ path: '/v1/auth/*', ...unauthorized })

    // The session token still holds; what asks the service on its behalf does not.
    const stepUp = await browser.visit('/auth/step-up', { form: {} })
    const opened = await other.visit(link)
    clock.advance(11 * 60_000)
    const page = await browser.visit('/me')
    const program = await browser.visit('/me', { headers: { accept: 'application/json' } })
    const refresh = await browser.visit('/auth/refresh', { form: {} })
    for (const answer of [stepUp, opened, page, program, refresh]) {
      expect(answer.status).toBe(503)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    expect(browser.cookieNames).toContain('DSR')

    faults.clear()
    expect((await browser.visit('/me')).status).toBe(200)
  },
)
