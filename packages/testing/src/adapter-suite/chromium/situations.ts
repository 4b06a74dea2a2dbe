import type { ClientOptions } from '@linkpass/core'
import type { Page } from 'playwright-core'
import { serveSite } from '../../chromium/index.ts'
import type { TestApp, TestGuardOptions } from '../adapter.ts'
import { cookieOf, mailedLink, requestLink } from './account-app.ts'

/** A page with a signed-in user, and its app. */
export interface Scene {
  readonly page: Page
  readonly app: TestApp
  /** Starts another instance of the app, at its own address, without a request to the service yet. */
  readonly another: () => Promise<TestApp>
}

/** One row of the table from what happens to what the user sees. */
export interface Situation {
  readonly what: string
  /** Makes it happen for a signed-in user; ends on the page about it. */
  readonly arrange: (scene: Scene) => Promise<unknown>
  readonly client?: Partial<ClientOptions>
  readonly status: number
  readonly heading: string
  readonly cookies: 'kept' | 'cleared'
}

/** What a session may lack: the page `/needs/…` requires it. */
export const needs: Readonly<Record<string, TestGuardOptions>> = {
  role: { roles: ['admin'] },
  permission: { permissions: ['write'] },
  tenant: { tenant: () => 'T1' },
}

/** Past the end of a session token, and of a link. */
const later = 11 * 60_000

export const situations: readonly Situation[] = [
  signedOut('no session', ({ page }) => page.context().clearCookies()),
  signedOut('an expired session, no refresh token', async ({ page, app }) => {
    await page.context().clearCookies({ name: app.cookieNames.refresh })
    app.emulator.clock.advance(later)
  }),
  signedOut('T-65: a forged session', async ({ page, app }) => {
    const name = app.cookieNames.session
    const value = `${(await cookieOf(page, app, 'session'))?.slice(0, -6)}AAAAAA`
    await page.context().addCookies([{ name, value, url: app.origin }])
  }),
  signedOut(
    'a revoked session',
    async ({ page, app }) => app.client.logoutAll(await refreshToken(page, app)),
    { revocation: { onStoreError: 'deny' } },
  ),
  signedOut('an ended session with a refused refresh', async ({ page, app }) => {
    await app.client.logout(await refreshToken(page, app))
    app.emulator.clock.advance(later)
  }),
  unavailable('T-60: an unavailable service at a refresh', async ({ page, app }) => {
    app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
    app.emulator.clock.advance(later)
    await page.goto(`${app.origin}/account`)
  }),
  unavailable('T-59: a refresh whose response was lost', async ({ page, app }) => {
    app.emulator.faults.add({ path: '/v1/auth/refresh', drop: 'after' })
    app.emulator.clock.advance(later)
    await page.goto(`${app.origin}/account`)
  }),
  unavailable('unavailable keys', async ({ page, app, another }) => {
    app.emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
    // The same host on another port, so that the browser sends its cookies.
    await using cold = await another()
    await page.goto(`${cold.address}/account`)
  }),
  ...Object.keys(needs).map((missing) => ({
    what: `a ${missing} missing`,
    arrange: ({ page, app }: Scene) => page.goto(`${app.origin}/needs/${missing}`),
    status: 403,
    heading: 'You can’t open this page',
    cookies: 'kept' as const,
  })),
  {
    what: 'a step-up needed',
    arrange: ({ page, app }) => page.goto(`${app.origin}/danger`),
    status: 401,
    heading: 'Confirm it’s you',
    cookies: 'kept',
  },
  {
    what: 'T-57: a form of another site',
    arrange: async ({ page, app }) => {
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
  endedLink('a link that was used', async (app, link) => {
    await app.client.magicLink.verify(new URL(link).searchParams.get('t') ?? '')
  }),
  endedLink('a link that has expired', (app) => app.emulator.clock.advance(later)),
  {
    what: 'a link that is unknown',
    arrange: async ({ page, app }) => {
      const { pathname } = new URL(await app.linkFor(await requested(app)), app.origin)
      await confirm(page, `${app.origin}${pathname}?t=${'x'.repeat(32)}`)
    },
    status: 400,
    heading: 'This link is not valid',
    cookies: 'kept',
  },
  {
    what: 'too many links',
    arrange: async ({ page, app }) => {
      await requestLink(page, app, 'c@example.test')
      await page.goto(`${app.origin}/auth/sign-in`)
      await page.getByLabel('Email address').fill('c@example.test')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/auth/magic-link')
    },
    status: 429,
    heading: 'Please wait a moment',
    cookies: 'kept',
  },
]

/** What ends on the sign-in page, without session cookies. */
function signedOut(
  what: string,
  event: (scene: Scene) => Promise<unknown>,
  client: Partial<ClientOptions> = {},
): Situation {
  const arrange = async (scene: Scene): Promise<unknown> => {
    await event(scene)
    return scene.page.goto(`${scene.app.origin}/account`)
  }
  return { what, arrange, client, status: 200, heading: 'Sign in', cookies: 'cleared' }
}

/** What cannot be decided now: it ends no session. */
function unavailable(what: string, arrange: Situation['arrange']): Situation {
  return {
    what,
    arrange,
    status: 503,
    heading: 'Sign-in is temporarily unavailable',
    cookies: 'kept',
  }
}

/** A link to another user that ends before it is confirmed. */
function endedLink(what: string, end: (app: TestApp, link: string) => unknown): Situation {
  return {
    what,
    arrange: async ({ page, app }) => {
      const link = await mailedLink(app, await requested(app))
      await end(app, link)
      await confirm(page, link)
    },
    status: 410,
    heading: 'This link no longer works',
    cookies: 'kept',
  }
}

/** Requests a link for another user, in another browser; resolves to their address. */
async function requested(app: TestApp): Promise<string> {
  const loginId = 'b@example.test'
  await app.browser().visit('/auth/magic-link', { form: { loginId } })
  return loginId
}

async function confirm(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in on this device' }).click()
}

async function refreshToken(page: Page, app: TestApp): Promise<string> {
  return (await cookieOf(page, app, 'refresh')) ?? ''
}
