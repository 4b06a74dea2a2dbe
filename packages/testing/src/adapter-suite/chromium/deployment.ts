import { expect, test } from 'vitest'
import { describeInChromium, expectHeading, newPage } from '../../chromium/index.ts'
import { startReverseProxy } from '../../reverse-proxy.ts'
import type { TestAdapter } from '../adapter.ts'
import { ada } from '../steps.ts'

/** Apps as they are deployed. */
export function deploymentInChromium(adapter: TestAdapter): void {
  describeInChromium(`an app below a path, in Chromium on ${adapter.name}`, () => {
    test('a sign-in and a sign-out behind a proxy that takes the path off', async () => {
      await using proxy = await startReverseProxy({ takesPathOff: true })
      await using app = await adapter.start({
        appUrl: `${proxy.origin}/app`,
        brand: { name: 'Acme' },
        routes: [
          {
            path: '/account',
            guards: ['required'],
            respond: () => ({
              body: '<h1>Your account</h1><form method="post" action="/app/auth/logout"><button>Sign out</button></form>',
            }),
          },
        ],
      })
      proxy.leadTo(app.address)
      const [page, other] = [await newPage(), await newPage()]
      await page.goto(`${proxy.origin}/app/account`)
      await expectHeading(page, 'Sign in')
      const styled = await page.evaluate<boolean>('document.styleSheets[0].cssRules.length > 0')
      expect(styled).toBe(true)
      await page.getByLabel('Email address').fill(ada)
      await page.getByRole('button', { name: 'Email me a link' }).click()
      await expectHeading(page, 'Check your inbox')
      await page.goto(proxy.origin + (await app.linkFor(ada)))
      await expectHeading(page, 'Your account')
      expect(page.url()).toBe(`${proxy.origin}/app/account`)
      await page.getByRole('button').click()
      await page.waitForURL(`${proxy.origin}/app/`)

      app.emulator.clock.advance(60_000)
      await page.goto(`${proxy.origin}/app/auth/sign-in`)
      await page.getByLabel('Email address').fill(ada)
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Check your inbox')
      await other.goto(proxy.origin + (await app.linkFor(ada)))
      await expectHeading(other, 'Sign in to Acme?')
      await other.getByRole('button').click()
      await other.waitForURL(`${proxy.origin}/app/`)
    })
  })
}
