import { expect, test } from 'vitest'
import type { TestApp } from '../../packages/express/test/support/app.ts'
import { sessionCookies, signInAtOnce, startAccountApp } from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { needs, situations } from './support/situations.ts'
import { eventually, expectHeading } from './support/steps.ts'

describeInChromium('what a person sees', (version) => {
  test.each(situations)(
    'of $what: $status, one way forward, and cookies $cookies',
    async ({ arise, status, heading, cookies, client = {} }) => {
      const start = (): Promise<TestApp> =>
        startAccountApp({
          ...{ version, client },
          routes: (express, auth) => {
            for (const [missing, options] of Object.entries(needs)) {
              express.get(`/needs/${missing}`, auth.requireSession(options), (_req, res) => {
                res.send('<h1>Allowed</h1>')
              })
            }
          },
        })
      await using app = await start()
      const page = await person()
      await signInAtOnce(page, app)
      const statuses: number[] = []
      page.on('response', (response) => {
        if (response.request().isNavigationRequest()) statuses.push(response.status())
      })
      await arise({ page, app, another: start })
      await expectHeading(page, heading)
      await eventually(() => statuses.at(-1)).toBe(status)
      const ways = page.locator('main').locator('a.primary, button:not(.secondary)')
      await eventually(() => ways.count()).toBeGreaterThan(0)
      expect(await sessionCookies(page, app)).toEqual(cookies === 'kept' ? ['DS', 'DSR'] : [])
    },
  )
})
