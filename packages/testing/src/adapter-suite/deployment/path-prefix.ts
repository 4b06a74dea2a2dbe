import { describe, expect, test } from 'vitest'
import { Browser } from '../../browser.ts'
import { nginxOrSkip, startNginx } from '../../servers/nginx.ts'
import { type ReverseProxy, startReverseProxy } from '../../servers/reverse-proxy.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { ada, setCookies } from '../steps.ts'

/** Apps that a proxy serves below a path. */
export function pathPrefixCases(adapter: TestAdapter): void {
  async function startBehind(
    proxy: ReverseProxy,
    options: TestAppOptions = {},
  ): Promise<TestApp & { browserBehind: () => Browser }> {
    const app = await adapter.start({ appUrl: `${proxy.origin}/app/`, ...options })
    proxy.leadTo(app.address)
    return Object.assign(app, {
      browserBehind: () => new Browser(proxy.origin, () => app.emulator.clock.now()),
    })
  }

  describe(`an app below a path, on ${adapter.name}`, () => {
    test('a proxy takes the path off: every step of a sign-in leads below it', async () => {
      await using proxy = await startReverseProxy({ takesPathOff: true })
      await using app = await startBehind(proxy)
      await journey(app, app.browserBehind())
    })

    test.for(['/app', '/tools/My.App-2', '/caf%C3%A9', '/~ada/app@home'])(
      'the same behind a real nginx, below %s',
      async (path, context) => {
        nginxOrSkip(context)
        await using nginx = await startNginx({ path: `${decodeURI(path)}/` })
        await using app = await startBehind(nginx, { appUrl: `${nginx.origin}${decodeURI(path)}` })
        await journey(app, app.browserBehind(), path)
      },
    )

    test('a path that is given twice is an error that names the fix', async () => {
      const twice = adapter.start({ appUrl: 'http://localhost/app', basePath: '/app/auth' })
      await expect(twice).rejects.toThrow('leave it out of appUrl')
      await using app = await adapter.start({
        appUrl: 'http://localhost/app',
        pages: { signIn: '/app/login' },
      })
      expect((await app.browser().visit('/me')).location).toBe('/app/login?returnTo=%2Fapp%2Fme')
    })

    test('a proxy keeps the path: basePath has it, and appUrl does not', async () => {
      await using proxy = await startReverseProxy({ takesPathOff: false })
      const home = { path: '/app/', respond: () => ({ body: 'home' }) }
      const me = { path: '/app/me', guards: ['required'] as const, respond: () => ({ body: 'me' }) }
      await using app = await startBehind(proxy, {
        appUrl: proxy.origin,
        basePath: '/app/auth',
        routes: [home, me],
        pages: { afterSignIn: '/app/' },
      })
      await journey(app, app.browserBehind())
    })

    test('a page with a slash too many and an enchanted link stay below the path', async () => {
      await using proxy = await startReverseProxy({ takesPathOff: true })
      await using app = await startBehind(proxy, { methods: ['email', 'enchanted'] })
      const browser = app.browserBehind()
      const redirected = await browser.visit('/app/auth//sign-in/?returnTo=%2Fme')
      expect(redirected.location).toBe('/app/auth/sign-in?returnTo=%2Fme')
      const sent = await browser.visit('/app/auth/enchanted-link', { form: { loginId: ada } })
      expect(sent.location).toBe('/app/auth/waiting')
      const page = await browser.visit('/app/auth/waiting')
      expect(page.body).toContain('data-status-url="/app/auth/enchanted-link/status"')
      expect(page.body).toContain('data-complete-url="/app/auth/enchanted-link/complete"')
      const link = await app.linkFor(ada)
      expect(link).toMatch(/^\/app\/auth\/enchanted-link\/verify\//)
      expect((await app.browserBehind().visit(link)).body).toContain(
        'action="/app/auth/enchanted-link/verify"',
      )
    })

    test.each([
      ['/me?a=1#b', '/app/me?a=1#b'],
      ['/app/me', '/app/me'],
      ['/app?a', '/app?a'],
      ['/apple', '/app/apple'],
      ['/app/../me', '/app/me'],
      ['/', '/app/'],
      ['not a path', '/app/'],
      // An open redirect, in every spelling.
      ['//evil.test/app/', '/app/'],
      ['/.//evil.test', '/app/'],
      ['/app/..//evil.test', '/app/'],
      ['/app/%2e%2e//evil.test', '/app/'],
      ['/app/../%2fevil.test', '/app/'],
      ['https://evil.test/app/me', '/app/'],
    ])('returnTo %s leads to %s', async (returnTo, location) => {
      await using app = await adapter.start({ appUrl: 'https://example.test/app' })
      const form = { returnTo }
      const response = await app.browser().visit('/auth/logout', { form })
      expect([response.status, response.location]).toEqual([303, location])
    })

    test('returnTo may be a whole URL of the origin, as a Referer is', async () => {
      await using app = await adapter.start({ appUrl: 'https://example.test/app' })
      const form = { returnTo: 'https://example.test/app/me' }
      expect((await app.browser().visit('/auth/logout', { form })).location).toBe('/app/me')
    })
  })
}

/** From a guarded page to a session and out again, in one browser; then by a link in another. */
async function journey(app: TestApp, browser: Browser, path: string = '/app'): Promise<void> {
  const returnTo = encodeURIComponent(`${path}/me`)
  const guarded = await browser.visit(`${path}/me`)
  expect(guarded.location).toBe(`${path}/auth/sign-in?returnTo=${returnTo}`)
  const signIn = await browser.visit(guarded.location ?? '')
  for (const [, url = ''] of signIn.body.matchAll(/(?:src|href)="([^"#]*)"/g)) {
    if (url.startsWith('data:') || url.startsWith('http')) continue
    expect(url.startsWith(`${path}/`), url).toBe(true)
    expect((await browser.visit(url)).status).toBe(200)
  }
  const sent = await browser.submit(signIn, { loginId: ada })
  expect(sent.location).toBe(`${path}/auth/check-inbox`)
  expect((await browser.visit(`${path}/auth/check-inbox`)).body).toContain(
    `"${path}/auth/magic-link"`,
  )
  expect(setCookies(sent).every((line) => line.includes('; Path=/;'))).toBe(true)
  const link = await app.linkFor(ada)
  expect(link.startsWith(`${path}/auth/verify/`), link).toBe(true)
  const verified = await browser.visit(link)
  expect(verified.location).toBe(`${path}/me`)
  expect((await browser.visit(`${path}/me`)).status).toBe(200)
  const out = await browser.visit(`${path}/auth/logout`, { form: {} })
  expect(out.location).toBe(`${path}/auth/signed-out`)
  expect((await browser.visit(`${path}/me`)).status).toBe(303)

  app.emulator.clock.advance(60_000)
  await browser.visit(`${path}/auth/magic-link`, { form: { loginId: ada } })
  const elsewhere = new Browser(new URL(app.origin).origin, () => app.emulator.clock.now())
  const confirmed = await elsewhere.submit(await elsewhere.visit(await app.linkFor(ada)))
  expect(confirmed.location).toBe(`${path}/`)
  expect((await elsewhere.visit(`${path}/me`)).status).toBe(200)
}
