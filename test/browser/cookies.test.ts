import { expect, test } from 'vitest'
import {
  ada,
  askForLink,
  cookieOf,
  expectSignedIn,
  openLink,
  sessionCookies,
  signIn,
  startAccountApp,
} from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { serveSite } from './support/serve-site.ts'
import { expectHeading } from './support/steps.ts'

describeInChromium('what a browser makes of the cookies', (version) => {
  test('T-41: no script reads them, no other site sends them, and they end with their tokens', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await signIn(page, app)
    expect(await page.evaluate('document.cookie')).toBe('')
    const kept = await page.context().cookies(app.origin)
    expect(kept.map(({ name }) => name).sort()).toEqual(['DS', 'DSR', 'linkpass-attempt'])
    for (const { name, value, expires, ...attributes } of kept) {
      expect(attributes, name).toMatchObject({
        ...{ domain: 'localhost', path: '/', httpOnly: true, secure: false, sameSite: 'Lax' },
      })
      const [, payload = ''] = value.split('.')
      if (name === 'linkpass-attempt') continue
      const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString())
      // To the second, on a clock that runs.
      expect(Math.abs(exp - expires), name).toBeLessThan(10)
    }
  })

  test('T-42: a session that no browser would keep is a page that says so, and no loop', async () => {
    await using app = await startAccountApp({
      version,
      loginOptions: () => ({ customClaims: { big: 'x'.repeat(4000) } }),
    })
    const page = await person()
    await askForLink(page, app)
    const statuses: number[] = []
    page.on('response', (response) => {
      if (response.request().isNavigationRequest()) statuses.push(response.status())
    })
    await openLink(page, app)
    await expectHeading(page, 'Sign-in didn’t finish')
    expect(statuses).toEqual([500])
    expect(await sessionCookies(page, app)).toEqual([])
  })

  test('T-43: many starts with long ways back leave one cookie, and the last link still works', async () => {
    await using app = await startAccountApp({ version, limits: false })
    const page = await person()
    const returnTo = `/account?${'x'.repeat(2000)}`
    await page.goto(`${app.origin}/auth/sign-in`)
    const statuses = await page.evaluate<number[]>(`(async () => {
      const statuses = []
      for (let start = 0; start < 20; start += 1) {
        const body = new URLSearchParams({ loginId: '${ada}', returnTo: '${returnTo}' })
        const answer = await fetch('/auth/magic-link', { method: 'POST', body })
        statuses.push(answer.status)
      }
      return statuses
    })()`)
    expect(new Set(statuses)).toEqual(new Set([202]))
    const [cookie, ...others] = await page.context().cookies(app.origin)
    expect(others).toEqual([])
    expect(`${cookie?.name}${cookie?.value}`.length).toBeLessThanOrEqual(4096)
    const [newest] = app.emulator.inbox.list({ to: ada })
    await page.goto(newest?.links[0]?.url ?? '')
    await expectSignedIn(page)
  })

  test('T-44: a cookie tossed by a sibling host signs out, and the next sign-in holds', async () => {
    await using app = await startAccountApp({ version, host: 'a.app.localhost' })
    const page = await person()
    await signIn(page, app)
    const tossed = `DS=${'x'.repeat(40)}; Domain=app.localhost; Path=/`
    await using sibling = await serveSite('<!doctype html><title>Sibling</title>', {
      'Set-Cookie': tossed,
    })
    await page.goto(sibling.url.replace('127.0.0.1', 'b.app.localhost'))
    expect(await sessionCookies(page, app)).toEqual(['DS', 'DS', 'DSR'])
    await page.goto(`${app.origin}/account`)
    await expectHeading(page, 'Sign in')
    expect(await sessionCookies(page, app)).toEqual([])
    app.emulator.clock.advance(30_000)
    await signIn(page, app)
    await page.reload()
    await expectSignedIn(page)
    expect(await cookieOf(page, app, 'DS')).toMatch(/^eyJ/)
  })
})
