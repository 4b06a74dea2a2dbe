import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInChromium, expectHeading, newPage, serveSite } from '../../chromium/index.ts'
import { startReverseProxy } from '../../servers/reverse-proxy.ts'
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
      await expectHeading(page, 'You are signed out')
      expect(page.url()).toBe(`${proxy.origin}/app/auth/signed-out`)

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

  describeInChromium(`a front end on another port, in Chromium on ${adapter.name}`, () => {
    test('signs in, calls a guarded route, refreshes and signs out', async () => {
      await using site = await serveSite('<!doctype html><title>Front</title><h1>Front end</h1>')
      // As `localhost` it is the same site as the app.
      const front = new URL(site.url.replace('127.0.0.1', 'localhost')).origin
      const headers = {
        'Access-Control-Allow-Origin': front,
        'Access-Control-Allow-Credentials': 'true',
      }
      await using app = await adapter.start({
        trustedOrigins: [front],
        routes: [
          {
            method: 'POST',
            path: '/save',
            guards: ['required'],
            respond: ({ session }) => ({ headers, body: { userId: session?.userId } }),
          },
        ],
      })
      const page = await newPage()
      await page.goto(front)
      const post = (path: string, body?: object): Promise<unknown> =>
        callApp(page, app.origin + path, 'POST', body)
      expect(
        await post('/auth/magic-link', { loginId: ada, returnTo: `${front}/welcome` }),
      ).toEqual({ status: 202, body: expect.any(Object) })
      await page.goto(app.origin + (await app.linkFor(ada)))
      await page.waitForURL(`${front}/welcome`)
      const session = await callApp(page, `${app.origin}/auth/session`, 'GET')
      expect(session).toMatchObject({ status: 200, body: { userId: expect.any(String) } })
      expect(await post('/save')).toEqual({ status: 200, body: { userId: expect.any(String) } })
      expect(await post('/auth/refresh', {})).toMatchObject({ status: 200 })
      expect(await post('/auth/logout')).toEqual({ status: 204, body: null })
      expect(await callApp(page, `${app.origin}/auth/session`, 'GET')).toMatchObject({
        status: 401,
      })
    })
  })
}

/** The response of the app to a script of another origin; with a body, after a preflight. */
function callApp(page: Page, url: string, method: string, body?: object): Promise<unknown> {
  const json = body && {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }
  const options = JSON.stringify({ method, credentials: 'include', ...json })
  return page.evaluate(`fetch('${url}', ${options}).then(async (response) =>
    ({ status: response.status, body: JSON.parse((await response.text()) || 'null') }))`)
}
