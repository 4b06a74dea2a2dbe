import { expect, test } from 'vitest'
import { createAuth, getSession } from '@linkpass/express'
import { type ExpressApp, expressVersions, startExpressApp } from './express-adapter.ts'
import type { Browser } from '@linkpass/testing/browser'

const address = 'ada@example.test'
const anotherSecret = 'the secret of the other adapter, of more than 32 bytes'

/** Requests a link in one part of the app, and returns its path and query. */
async function requestLink(
  app: ExpressApp,
  browser: Browser,
  base: string,
  to: string,
): Promise<string> {
  await browser.visit(`${base}/magic-link`, { form: { loginId: to } })
  return await app.linkFor(to)
}

test.each(expressVersions)(
  'two adapters in one app, each with its own session and secret, do not interfere (Express %i)',
  async (version) => {
    await using app = await startExpressApp({
      version,
      expressRoutes: (express, auth, client) => {
        const staff = createAuth(client, {
          appUrl: 'http://localhost:3000',
          basePath: '/staff/auth',
          cookieSecret: anotherSecret,
          methods: ['email', 'enchanted'],
          cookies: { names: { session: 'staff', refresh: 'staff-r' } },
        })
        express.use('/staff/auth', staff.router())
        express.get('/staff', staff.requireSession(), (req, res) => {
          res.json({ userId: getSession(req).userId })
        })
        express.get('/nearest', auth.optionalSession(), staff.requireSession(), (req, res) => {
          res.json({ userId: getSession(req).userId })
        })
        express.get('/both', (req, res) => {
          res.json([auth.prepareLink(req, res), staff.prepareLink(req, res)])
        })
      },
    })
    const browser = app.browser()
    const mine = await requestLink(app, browser, '/auth', address)
    const theirs = await requestLink(app, browser, '/staff/auth', 'grace@example.test')
    // Neither attempt has overwritten the other: both links sign in without a confirmation.
    expect((await browser.visit(mine)).status).toBe(303)
    expect((await browser.visit(theirs)).status).toBe(303)
    expect((await browser.visit('/me')).status).toBe(200)
    expect((await browser.visit('/staff')).status).toBe(200)
    // The guard nearest to the route is the one whose finding the route gets.
    const nearest = await browser.visit('/nearest')
    expect(nearest.body).toBe((await browser.visit('/staff')).body)
    expect(nearest.body).not.toBe((await browser.visit('/me')).body)
    const { session, refresh, attempt } = app.cookieNames
    const theirAttempt = 'linkpass-attempt-staff_3000'
    expect(browser.cookieNames.toSorted()).toEqual(
      [session, refresh, attempt, theirAttempt, 'staff', 'staff-r'].toSorted(),
    )

    await browser.visit('/staff/auth/enchanted-link', { form: { loginId: 'eve@example.test' } })
    expect(browser.cookieNames).toContain('linkpass-pending-staff_3000')

    // Links of the two adapters prepared in one request do not share an attempt.
    const fresh = app.browser()
    const links: string[] = JSON.parse((await fresh.visit('/both')).body)
    const [length, other] = [attempt, theirAttempt].map((name) => fresh.cookie(name)?.length)
    expect(links).toHaveLength(2)
    expect(other).toBe(length)
  },
)
