import { createDescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import { expect, test } from 'vitest'
import { expressVersions, secret, startApp } from './support/app.ts'

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

test.each(expressVersions)(
  'T-60: a deployment with the wrong project id lets nobody in, and clears nobody’s cookies (Express %i)',
  async (version) => {
    await using app = await startApp({
      version,
      routes: (express, _auth, client) => {
        // What the same app would be, had somebody set another project's id.
        const { baseUrl, clock } = client.settings
        const projectId = 'P2zzzzzzzzzzzzzzzzzzzzzzzzzzz'
        const mistaken = createDescopeClient({ projectId, baseUrl, clock })
        const auth = createAuth(mistaken, {
          ...{ appUrl: 'http://localhost:3000', cookieSecret: secret, basePath: '/mistaken' },
        })
        express.use('/mistaken', auth.router())
        express.get('/mistaken-me', auth.requireSession(), (_req, res) => void res.send('in'))
      },
    })
    const { clock } = app.emulator
    const browser = app.browser()
    await app.signIn(browser)
    for (const minutes of [0, 11]) {
      clock.advance(minutes * 60_000)
      const answers = [
        await browser.visit('/mistaken-me'),
        await browser.visit('/mistaken-me', { headers: { accept: 'application/json' } }),
        await browser.visit('/mistaken/session'),
        await browser.visit('/mistaken/refresh', { form: {} }),
      ]
      expect(answers.map(({ status }) => status)).toEqual([303, 401, 401, 401])
      for (const { headers } of answers) expect(headers['set-cookie']).toBeUndefined()
    }
    expect((await browser.visit('/me')).status).toBe(200)
  },
)
