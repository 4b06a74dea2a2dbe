import type { Request } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  describeInChromium,
  eventually,
  expectHeading,
  newPage,
  serveSite,
} from '../../chromium/index.ts'
import type { TestAdapter } from '../adapter.ts'
import { unsafeRoutes } from '../unsafe-routes.ts'
import {
  mailedLink,
  openSignedIn,
  requestLink,
  sessionCookies,
  startAccountApp,
  expectSignedIn,
} from './account-app.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

/** Attacks by other sites. */
export function attacksInChromium(adapter: TestAdapter): void {
  describeInChromium(`attacks by other sites, in Chromium on ${adapter.name}`, () => {
    test('T-30: embedded, framed or prefetched in the browser that requested it, a link is not redeemed', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await requestLink(page, app)
      const url = await mailedLink(app)
      await using webmail = await serveSite(`<!doctype html><title>Mail</title>
      <link rel="prefetch" href="${url}"><img src="${url}" alt=""><iframe src="${url}"></iframe>`)
      const visits: string[] = []
      const note = (request: Request): void => {
        if (request.url() === url) visits.push(request.resourceType())
      }
      // Counted with any response, whether the browser uses it or not.
      page.on('requestfinished', note)
      page.on('requestfailed', note)
      // As `localhost` it is the same site, so that the browser sends its cookies with all of these.
      await page.goto(webmail.url.replace('127.0.0.1', 'localhost'))
      // `other` is the prefetch, which a browser sends late.
      await eventually(() => visits).toEqual(expect.arrayContaining(['image', 'document', 'other']))
      expect(app.calls(verifyCalls)).toBe(0)
      await page.goto(url)
      await expectSignedIn(page)
    })

    test('T-32: a page of another site cannot sign a visitor in as another user', async () => {
      await using app = await startAccountApp(adapter)
      await requestLink(await newPage(), app, 'mallory@example.test')
      const link = new URL(await mailedLink(app, 'mallory@example.test'))
      const page = await newPage()
      await using evil = await serveSite(`<!doctype html><title>Evil</title>
      <form method="post" action="${app.origin}/auth/verify">
        <input name="t" value="${link.searchParams.get('t')}"><button>Win a prize</button></form>`)
      await page.goto(evil.url)
      await page.getByRole('button').click()
      await expectHeading(page, 'Please start here')
      expect(app.calls(verifyCalls)).toBe(0)
      expect(await sessionCookies(page, app)).toEqual([])
    })

    test('T-57: forms and scripts of another site are refused by every unsafe route', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app)
      const before = app.emulator.requests().length
      const forms = unsafeRoutes.map(
        (route, index) => `<iframe name="frame${index}"></iframe>
        <form method="post" action="${app.origin}/auth${route}" target="frame${index}"></form>`,
      )
      await using evil = await serveSite(`<!doctype html><title>Evil</title>${forms.join('')}`)
      await page.goto(evil.url)
      const responses: string[] = []
      page.on('response', (response) => {
        const { pathname } = new URL(response.url())
        if (response.request().method() === 'POST')
          responses.push(`${response.status()} ${pathname}`)
      })
      await page.evaluate('for (const form of document.forms) form.submit()')
      const read = await page.evaluate<string[]>(`Promise.all(
      [...document.forms].map(async ({ action }) => {
        const options = { method: 'POST', mode: 'no-cors', credentials: 'include' }
        return (await fetch(action, options)).text()
      }))`)
      expect(new Set(read)).toEqual(new Set(['']))
      const refused = unsafeRoutes.map((route) => `403 /auth${route}`)
      await eventually(() => responses.toSorted()).toEqual([...refused, ...refused].sort())
      expect(app.emulator.requests()).toHaveLength(before)
      await page.goto(`${app.origin}/account`)
      await expectSignedIn(page)
    })

    test('T-47: a click in a mail on another site signs in at once, without a redirect loop', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await requestLink(page, app)
      await using webmail = await serveSite(
        `<!doctype html><title>Mail</title><a href="${await mailedLink(app)}">Sign in</a>`,
      )
      await page.goto(webmail.url)
      const statuses: number[] = []
      page.on('response', (response) => {
        if (response.request().isNavigationRequest()) statuses.push(response.status())
      })
      await page.getByRole('link').click()
      await expectSignedIn(page)
      expect(statuses).toEqual([303, 200])
    })

    test('T-39: a token is in no Referer, and not in the final URL', async () => {
      await using app = await startAccountApp(adapter)
      await requestLink(await newPage(), app)
      const page = await newPage()
      const referrers: (string | undefined)[] = []
      page.on('request', (request) => referrers.push(request.headers()['referer']))
      const link = await mailedLink(app)
      await page.goto(link)
      await page.getByRole('button').click()
      await expectSignedIn(page)
      const token = new URL(link).searchParams.get('t') ?? ''
      expect(token).not.toBe('')
      expect(referrers.length).toBeGreaterThan(3)
      expect(referrers.join('\n')).not.toContain(token)
      expect(page.url()).toBe(`${app.origin}/account`)
    })

    test('no page can be framed', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await using evil = await serveSite(`<!doctype html><title>Evil</title>
      <iframe src="${app.origin}/auth/sign-in"></iframe>`)
      const [violation] = await Promise.all([
        page.waitForEvent('console', (message) => message.text().includes('frame-ancestors')),
        page.goto(evil.url),
      ])
      expect(violation.type()).toBe('error')
    })

    test('P28: a page of another site keeps no hold of a page that it opened', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await using evil = await serveSite(`<!doctype html><title>Evil</title>
      <button onclick="opened = window.open('${app.origin}/auth/sign-in')">Win a prize</button>`)
      await page.goto(evil.url)
      const popup = page.waitForEvent('popup')
      await page.getByRole('button').click()
      const opened = await popup
      await expectHeading(opened, 'Sign in')
      // So it is for both of them, although the page is open.
      await eventually(() => page.evaluate('opened.closed')).toBe(true)
      expect(await opened.evaluate('opener')).toBe(null)
    })
  })
}
