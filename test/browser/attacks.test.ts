import type { Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { unsafeRoutes } from '../../packages/express/test/support/unsafe-routes.ts'
import {
  arriveSignedIn,
  askForLink,
  expectSignedIn,
  mailedLink,
  sessionCookies,
  startAccountApp,
} from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { serveSite } from './support/serve-site.ts'
import { eventually, expectHeading } from './support/steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

// Every other site here is at 127.0.0.1, which is another site than localhost.
describeInChromium('what a real browser does under attack', (version) => {
  test('T-30: embedded, framed or prefetched in the very browser that asked, a link is not spent', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await askForLink(page, app)
    const url = await mailedLink(app)
    await using webmail = await serveSite(`<!doctype html><title>Mail</title>
      <link rel="prefetch" href="${url}"><img src="${url}" alt=""><iframe src="${url}"></iframe>`)
    const visits: string[] = []
    const note = (request: Request): void => {
      if (request.url() === url) visits.push(request.resourceType())
    }
    // Answered, whether the browser then makes anything of the answer or not.
    page.on('requestfinished', note)
    page.on('requestfailed', note)
    // As `localhost` it is the same site, so that the browser's cookies go with every one of these.
    await page.goto(webmail.url.replace('127.0.0.1', 'localhost'))
    // The last is the prefetch, which a browser takes its time for.
    await eventually(() => visits).toEqual(expect.arrayContaining(['image', 'document', 'other']))
    expect(app.calls(verifyCalls)).toBe(0)
    await page.goto(url)
    await expectSignedIn(page)
  })

  test('T-32: a page of another site cannot sign a visitor in as somebody else', async () => {
    await using app = await startAccountApp({ version })
    await askForLink(await person(), app, 'mallory@example.test')
    const link = new URL(await mailedLink(app, 'mallory@example.test'))
    const page = await person()
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
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    const before = app.emulator.requests().length
    const forms = unsafeRoutes.map(
      (route, index) => `<iframe name="frame${index}"></iframe>
        <form method="post" action="${app.origin}/auth${route}" target="frame${index}"></form>`,
    )
    await using evil = await serveSite(`<!doctype html><title>Evil</title>${forms.join('')}`)
    await page.goto(evil.url)
    const answers: string[] = []
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (response.request().method() === 'POST') answers.push(`${response.status()} ${pathname}`)
    })
    await page.evaluate('for (const form of document.forms) form.submit()')
    const read = await page.evaluate<string[]>(`Promise.all(
      [...document.forms].map(async ({ action }) => {
        const options = { method: 'POST', mode: 'no-cors', credentials: 'include' }
        return (await fetch(action, options)).text()
      }))`)
    expect(new Set(read)).toEqual(new Set(['']))
    const refusals = unsafeRoutes.map((route) => `403 /auth${route}`)
    await eventually(() => answers.toSorted()).toEqual([...refusals, ...refusals].sort())
    expect(app.emulator.requests()).toHaveLength(before)
    await page.goto(`${app.origin}/account`)
    await expectSignedIn(page)
  })

  test('T-47: a click in a mail on another site signs in at once, with no loop of redirects', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await askForLink(page, app)
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

  test('T-39: a token leaves in no Referer, and stays in no address', async () => {
    await using app = await startAccountApp({ version })
    await askForLink(await person(), app)
    const page = await person()
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
    await using app = await startAccountApp({ version })
    const page = await person()
    await using evil = await serveSite(`<!doctype html><title>Evil</title>
      <iframe src="${app.origin}/auth/sign-in"></iframe>`)
    const [complaint] = await Promise.all([
      page.waitForEvent('console', (message) => message.text().includes('frame-ancestors')),
      page.goto(evil.url),
    ])
    expect(complaint.type()).toBe('error')
  })
})
