import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { expressVersions, type TestApp } from '../../packages/express/test/support/app.ts'
import { signInByKeyboard, startAccountApp, useChromium } from './support/app-in-chromium.ts'
import { chromiumPath } from './support/chromium.ts'
import { serveSite } from './support/serve-site.ts'
import { eventually, expectHeading } from './support/steps.ts'

interface Situation {
  readonly what: string
  /** Brings it about, with somebody signed in; ends on the page that tells of it. */
  readonly arise: (page: Page, app: TestApp) => Promise<void>
  readonly status: number
  readonly heading: string
  readonly cookies: 'kept' | 'cleared'
}

/** Past the end of a session token. */
const later = 11 * 60_000

const situations: readonly Situation[] = [
  {
    what: 'an ended session, its refresh refused',
    arise: async (page, app) => {
      await app.client.logout((await cookieOf(page, app, 'DSR')) ?? '')
      app.emulator.clock.advance(later)
      await page.goto(`${app.origin}/account`)
    },
    status: 200,
    heading: 'Sign in',
    cookies: 'cleared',
  },
  {
    what: 'a refresh out of reach',
    arise: async (page, app) => {
      app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
      app.emulator.clock.advance(later)
      await page.goto(`${app.origin}/account`)
    },
    status: 503,
    heading: 'Sign-in is out of reach',
    cookies: 'kept',
  },
  {
    what: 'a role missing',
    arise: (page, app) => go(page, `${app.origin}/admin`),
    status: 403,
    heading: 'You can’t open this page',
    cookies: 'kept',
  },
  {
    what: 'a step-up needed',
    arise: (page, app) => go(page, `${app.origin}/danger`),
    status: 401,
    heading: 'Confirm it’s you',
    cookies: 'kept',
  },
  {
    what: 'a form of another site',
    arise: async (page, app) => {
      // 127.0.0.1 is another site than localhost.
      await using site = await serveSite(`<!doctype html><title>Evil</title>
        <form method="post" action="${app.origin}/auth/logout"><button>Win a prize</button></form>`)
      await page.goto(site.url)
      await page.getByRole('button').click()
      await page.waitForURL('**/auth/logout')
    },
    status: 403,
    heading: 'Please start here',
    cookies: 'kept',
  },
  {
    what: 'a link that was used',
    arise: async (page, app) => {
      await app.client.magicLink.signUpOrIn.email('b@example.test', `${app.origin}/auth/verify`)
      const link = await app.linkFor('b@example.test')
      const token = new URL(link, app.origin).searchParams.get('t') ?? ''
      await app.client.magicLink.verify(token)
      await press(page, app.origin + link)
    },
    status: 410,
    heading: 'This link no longer works',
    cookies: 'kept',
  },
  {
    what: 'a link that is unknown',
    arise: (page, app) => press(page, `${app.origin}/auth/verify?t=${'x'.repeat(32)}`),
    status: 400,
    heading: 'We don’t know this link',
    cookies: 'kept',
  },
  {
    what: 'too many links',
    arise: async (page, app) => {
      await fill(page, app, 'c@example.test')
      await expectHeading(page, 'Check your inbox')
      await fill(page, app, 'c@example.test')
      await page.waitForURL('**/auth/magic-link')
    },
    status: 429,
    heading: 'Please wait a moment',
    cookies: 'kept',
  },
]

describe.skipIf(chromiumPath === undefined).each(expressVersions)(
  'what a person sees in Chromium, on Express %i',
  { timeout: 60_000 },
  (version) => {
    const newPage = useChromium()

    test.each(situations)(
      'of $what: $status, one way forward, and cookies $cookies',
      async ({ arise, status, heading, cookies }) => {
        await using app = await startAccountApp({
          version,
          routes: (express, auth) => {
            express.get('/admin', auth.requireSession({ roles: ['admin'] }), (_req, res) => {
              res.send('<h1>Admin</h1>')
            })
          },
        })
        const page = await newPage()
        await signInByKeyboard(page, app)
        const statuses: number[] = []
        page.on('response', (response) => {
          if (response.request().isNavigationRequest()) statuses.push(response.status())
        })
        await arise(page, app)
        await expectHeading(page, heading)
        await eventually(() => statuses.at(-1)).toBe(status)
        const ways = page.locator('main').locator('a.primary, button:not(.secondary)')
        await eventually(() => ways.count()).toBeGreaterThan(0)
        const kept = [await cookieOf(page, app, 'DS'), await cookieOf(page, app, 'DSR')]
        const isKept = kept.every((value) => value !== undefined)
        expect(kept.some((value) => value !== undefined)).toBe(isKept)
        expect(isKept ? 'kept' : 'cleared').toBe(cookies)
        await page.context().close()
      },
    )
  },
)

async function go(page: Page, url: string): Promise<void> {
  await page.goto(url)
}

async function press(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in on this device' }).click()
}

async function fill(page: Page, app: TestApp, address: string): Promise<void> {
  await page.goto(`${app.origin}/auth/sign-in`)
  await page.getByLabel('Email address').fill(address)
  await page.keyboard.press('Enter')
}

async function cookieOf(page: Page, app: TestApp, name: string): Promise<string | undefined> {
  const cookies = await page.context().cookies(app.origin)
  return cookies.find((cookie) => cookie.name === name)?.value
}
