import { expect, test } from 'vitest'
import { createAuth, getSession } from '@linkpass/express'
import { expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'

const address = 'ada@example.test'
const anotherSecret = 'the secret of the other adapter, of more than 32 bytes'

/** Asks for a link in one part of the app, and returns where it leads. */
async function ask(app: TestApp, browser: Browser, base: string, to: string): Promise<string> {
  await browser.visit(`${base}/magic-link`, { form: { loginId: to } })
  return await app.linkFor(to)
}

test.each(expressVersions)(
  'two sign-ins in one app, each with its own session and secret, do not undo each other (Express %i)',
  async (version) => {
    await using app = await startApp({
      version,
      routes: (express, auth, client) => {
        const staff = createAuth(client, {
          ...{ appUrl: 'http://localhost:3000', basePath: '/staff/auth' },
          cookieSecret: anotherSecret,
          methods: ['email', 'enchanted'],
          cookies: { names: { session: 'staff', refresh: 'staff-r' } },
        })
        express.use('/staff/auth', staff.router())
        express.get('/staff', staff.requireSession(), (req, res) => {
          res.json({ userId: getSession(req).userId })
        })
        express.get('/both', (req, res) => {
          res.json([auth.prepareLink(req, res), staff.prepareLink(req, res)])
        })
      },
    })
    const browser = app.browser()
    const mine = await ask(app, browser, '/auth', address)
    const theirs = await ask(app, browser, '/staff/auth', 'grace@example.test')
    // Neither start has overwritten the other: both links sign in without a question.
    expect((await browser.visit(mine)).status).toBe(303)
    expect((await browser.visit(theirs)).status).toBe(303)
    expect((await browser.visit('/me')).status).toBe(200)
    expect((await browser.visit('/staff')).status).toBe(200)
    expect(browser.cookieNames.toSorted()).toEqual(
      ['DS', 'DSR', 'linkpass-attempt', 'linkpass-attempt-staff', 'staff', 'staff-r'].toSorted(),
    )

    await browser.visit('/staff/auth/enchanted-link', { form: { loginId: 'eve@example.test' } })
    expect(browser.cookieNames).toContain('linkpass-pending-staff')

    // What one of them remembers of a request is nothing to the other.
    const fresh = app.browser()
    const links: string[] = JSON.parse((await fresh.visit('/both')).body)
    const [length, other] = ['linkpass-attempt', 'linkpass-attempt-staff'].map(
      (name) => fresh.cookie(name)?.length,
    )
    expect(links).toHaveLength(2)
    expect(other).toBe(length)
  },
)
