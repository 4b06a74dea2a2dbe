import type { ClientOptions } from '@linkpass/core'
import type { RequireSessionOptions } from '@linkpass/express'
import type { Page } from 'playwright-core'
import type { TestApp } from '../../../packages/express/test/support/app.ts'
import { askForLink, cookieOf, mailedLink } from './account-app.ts'
import { serveSite } from './serve-site.ts'

/** Somebody signed in, and where. */
export interface Scene {
  readonly page: Page
  readonly app: TestApp
  /** Starts an instance of the app that has asked the service for nothing yet. */
  readonly another: () => Promise<TestApp>
}

/** One row of the table from what happens to what a person sees. */
export interface Situation {
  readonly what: string
  /** Brings it about, with somebody signed in; ends on the page that tells of it. */
  readonly arise: (scene: Scene) => Promise<unknown>
  readonly client?: Partial<ClientOptions>
  readonly status: number
  readonly heading: string
  readonly cookies: 'kept' | 'cleared'
}

/** What a session may be missing: the page `/needs/…` takes it. */
export const needs: Readonly<Record<string, RequireSessionOptions>> = {
  role: { roles: ['admin'] },
  permission: { permissions: ['write'] },
  tenant: { tenant: () => 'T1' },
}

/** Past the end of a session token, and of a link. */
const later = 11 * 60_000

export const situations: readonly Situation[] = [
  signedOut('no session', ({ page }) => page.context().clearCookies()),
  signedOut('an expired session, no refresh token', async ({ page, app }) => {
    await page.context().clearCookies({ name: 'DSR' })
    app.emulator.clock.advance(later)
  }),
  signedOut('T-65: a forged session', async ({ page, app }) => {
    const good = (await page.context().cookies(app.origin)).find(({ name }) => name === 'DS')
    const value = `${good?.value.slice(0, -6)}AAAAAA`
    await page.context().addCookies([{ name: 'DS', value, url: app.origin }])
  }),
  signedOut(
    'a revoked session',
    async ({ page, app }) => app.client.logoutAll(await refreshToken(page, app)),
    { revocation: { onStoreError: 'deny' } },
  ),
  signedOut('an ended session, its refresh refused', async ({ page, app }) => {
    await app.client.logout(await refreshToken(page, app))
    app.emulator.clock.advance(later)
  }),
  outOfReach('T-60: a refresh out of reach', async ({ page, app }) => {
    app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
    app.emulator.clock.advance(later)
    await page.goto(`${app.origin}/account`)
  }),
  outOfReach('T-59: a refresh whose answer was lost', async ({ page, app }) => {
    app.emulator.faults.add({ path: '/v1/auth/refresh', drop: 'after' })
    app.emulator.clock.advance(later)
    await page.goto(`${app.origin}/account`)
  }),
  outOfReach('keys out of reach', async ({ page, app, another }) => {
    app.emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
    // One host on another port, so that the browser's cookies go with it.
    await using cold = await another()
    await page.goto(`${cold.origin}/account`)
  }),
  ...Object.keys(needs).map((missing) => ({
    what: `a ${missing} missing`,
    arise: ({ page, app }: Scene) => page.goto(`${app.origin}/needs/${missing}`),
    ...{ status: 403, heading: 'You can’t open this page', cookies: 'kept' as const },
  })),
  {
    what: 'a step-up needed',
    arise: ({ page, app }) => page.goto(`${app.origin}/danger`),
    ...{ status: 401, heading: 'Confirm it’s you', cookies: 'kept' },
  },
  {
    what: 'T-57: a form of another site',
    arise: async ({ page, app }) => {
      // 127.0.0.1 is another site than localhost.
      await using site = await serveSite(`<!doctype html><title>Evil</title>
        <form method="post" action="${app.origin}/auth/logout"><button>Win a prize</button></form>`)
      await page.goto(site.url)
      await page.getByRole('button').click()
      await page.waitForURL('**/auth/logout')
    },
    ...{ status: 403, heading: 'Please start here', cookies: 'kept' },
  },
  linkSpent('a link that was used', async (app, link) => {
    await app.client.magicLink.verify(new URL(link).searchParams.get('t') ?? '')
  }),
  linkSpent('a link that has expired', (app) => app.emulator.clock.advance(later)),
  {
    what: 'a link that is unknown',
    arise: ({ page, app }) => press(page, `${app.origin}/auth/verify?t=${'x'.repeat(32)}`),
    ...{ status: 400, heading: 'We don’t know this link', cookies: 'kept' },
  },
  {
    what: 'too many links',
    arise: async ({ page, app }) => {
      await askForLink(page, app, 'c@example.test')
      await page.goto(`${app.origin}/auth/sign-in`)
      await page.getByLabel('Email address').fill('c@example.test')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/auth/magic-link')
    },
    ...{ status: 429, heading: 'Please wait a moment', cookies: 'kept' },
  },
]

/** What ends on the sign-in page, with no session cookie left. */
function signedOut(
  what: string,
  happen: (scene: Scene) => Promise<unknown>,
  client: Partial<ClientOptions> = {},
): Situation {
  const arise = async (scene: Scene): Promise<unknown> => {
    await happen(scene)
    return scene.page.goto(`${scene.app.origin}/account`)
  }
  return { what, arise, client, status: 200, heading: 'Sign in', cookies: 'cleared' }
}

/** What nobody can decide now: it ends no session. */
function outOfReach(what: string, arise: Situation['arise']): Situation {
  return { what, arise, status: 503, heading: 'Sign-in is out of reach', cookies: 'kept' }
}

/** A link to somebody else that is over before it is pressed. */
function linkSpent(what: string, end: (app: TestApp, link: string) => unknown): Situation {
  return {
    what,
    arise: async ({ page, app }) => {
      await app.client.magicLink.signUpOrIn.email('b@example.test', `${app.origin}/auth/verify`)
      const link = await mailedLink(app, 'b@example.test')
      await end(app, link)
      await press(page, link)
    },
    ...{ status: 410, heading: 'This link no longer works', cookies: 'kept' },
  }
}

async function press(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in on this device' }).click()
}

async function refreshToken(page: Page, app: TestApp): Promise<string> {
  return (await cookieOf(page, app, 'DSR')) ?? ''
}
