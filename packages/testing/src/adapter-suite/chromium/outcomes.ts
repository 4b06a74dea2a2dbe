import { expect, test } from 'vitest'
import { describeInChromium, eventually, expectHeading, newPage } from '../../chromium/index.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { sessionCookies, signInDirectly, startAccountApp } from './account-app.ts'
import { needs, situations } from './situations.ts'

/** What the user sees in each situation. */
export function outcomesInChromium(adapter: TestAdapter): void {
  describeInChromium(`what the user sees, in Chromium on ${adapter.name}`, () => {
    test.each(situations)(
      'of $what: $status, one primary action, and cookies $cookies',
      async ({ arrange, status, heading, cookies, client = {} }) => {
        const start = (appUrl?: string): Promise<TestApp> =>
          startAccountApp(adapter, {
            client,
            ...(appUrl && { appUrl }),
            routes: Object.entries(needs).map(([missing, options]) => ({
              path: `/needs/${missing}`,
              guards: [options],
              respond: () => ({ body: '<h1>Allowed</h1>' }),
            })),
          })
        await using app = await start()
        const page = await newPage()
        await signInDirectly(page, app)
        const statuses: number[] = []
        page.on('response', (response) => {
          if (response.request().isNavigationRequest()) statuses.push(response.status())
        })
        await arrange({ page, app, another: () => start(app.origin) })
        await expectHeading(page, heading)
        await eventually(() => statuses.at(-1)).toBe(status)
        const actions = page.locator('main').locator('a.primary, button:not(.secondary)')
        await eventually(() => actions.count()).toBeGreaterThan(0)
        const { session, refresh } = app.cookieNames
        expect(await sessionCookies(page, app)).toEqual(
          cookies === 'kept' ? [refresh, session] : [],
        )
      },
    )
  })
}
