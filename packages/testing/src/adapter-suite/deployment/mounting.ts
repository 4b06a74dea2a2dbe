import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'

/** Mounting. */
export function mountingCases(adapter: TestAdapter): void {
  describe(`mounting, on ${adapter.name}`, () => {
    // A guard that an app puts in front of a route must run for each spelling that reaches the route.
    test('the case of a mount path counts if it does for the routers of the framework', async () => {
      await using app = await adapter.start()
      const { status } = await app.browser().visit('/Auth/sign-in')
      expect(status).toBe(adapter.pathsKeepCase === true ? 404 : 200)
    })

    test('another basePath works', async () => {
      await using app = await adapter.start({ basePath: '/account/auth' })
      const browser = app.browser()
      await app.signIn(browser)
      expect((await browser.visit('/me')).status).toBe(200)
      const page = await app.browser().visit('/account/auth/sign-in')
      const stylesheet = /href="([^"]+style\.css)"/.exec(page.body)?.[1] ?? ''
      expect(stylesheet).toBe('/account/auth/verify/style.css')
      const styles = await app.browser().visit(stylesheet)
      expect([styles.status, styles.headers['content-type']]).toEqual([
        200,
        'text/css; charset=utf-8',
      ])
    })

    test.each([
      ['/auth/sign-in/?returnTo=%2Fme', '/auth/sign-in?returnTo=%2Fme'],
      ['/auth//sign-in', '/auth/sign-in'],
      ['/auth//verify//style.css/', '/auth/verify/style.css'],
    ])('a page is found with a slash too many: %s', async (path, exact) => {
      await using app = await adapter.start()
      const response = await app.browser().visit(path)
      expect([response.status, response.location]).toEqual([303, exact])
    })

    test('a link whose path has a slash too many signs in all the same', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
      const link = (await app.linkFor('ada@example.test')).replace('?t=', '/?t=')
      const redirected = await browser.visit(link)
      expect(redirected.status).toBe(303)
      expect(redirected.headers['referrer-policy']).toBe('no-referrer')
      expect((await browser.visit(redirected.location ?? '')).status).toBe(303)
      expect((await browser.visit('/me')).status).toBe(200)
    })

    test.each(['/auth//magic-link', '/auth/magic-link/', '/auth//logout-all', '/auth/email//'])(
      'P19: a guard in front of a route is not passed by %s',
      async (path) => {
        await using app = await adapter.start({ account: { email: true } })
        const response = await app.browser().visit(path, { form: { loginId: 'ada@example.test' } })
        expect(response.status).toBe(404)
        expect(app.emulator.inbox.list({ to: 'ada@example.test' })).toEqual([])
      },
    )

    test('P19: nor by a slash too many in a target with the host in it', async () => {
      await using app = await adapter.start()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      for (const mount of ['/auth', '/AUTH']) {
        const target = `http://localhost${mount}//magic-link`
        const sent = request(app.address, { method: 'POST', path: target, headers })
        sent.end('loginId=ada%40example.test')
        const [response]: IncomingMessage[] = await once(sent, 'response')
        response?.resume()
        expect(response?.statusCode).toBe(404)
      }
      expect(app.emulator.inbox.list({ to: 'ada@example.test' })).toEqual([])
    })

    test('another verifyPath works with the callback alone', async () => {
      const verifyPath = '/api/verify_magiclink'
      await using app = await adapter.start({ verifyPath, allowBareLinks: true })
      const browser = app.browser()
      await app.signIn(browser)
      expect((await browser.visit('/me')).status).toBe(200)

      app.emulator.clock.advance(60_000)
      const bare = app.browser()
      await app.client.magicLink.signUpOrIn.email('b@example.test', app.origin + verifyPath)
      const link = await app.linkFor('b@example.test')
      expect(link).toMatch(/^\/api\/verify_magiclink\?t=/)
      const page = await bare.visit(link)
      expect(page.status).toBe(200)
      expect((await bare.visit(`${verifyPath}/script.js`)).status).toBe(200)
      expect((await bare.submit(page)).location).toBe('/')
      expect((await bare.visit('/me')).status).toBe(200)
    })

    test.each(['http://192.168.1.20:3000', 'http://app.test'])(
      'an app in the local network over http signs in with dangerouslyAllowHttp: %s',
      async (appUrl) => {
        await using app = await adapter.start({ appUrl, dangerouslyAllowHttp: true })
        // Over http, browsers send Fetch Metadata to loopback alone.
        const headers = { accept: 'text/html' }
        const browser = app.browser()
        const guarded = await browser.visit('/me', { headers })
        expect(guarded.location).toBe('/auth/sign-in?returnTo=%2Fme')
        const form = { loginId: 'ada@example.test', returnTo: '/me' }
        await browser.visit('/auth/magic-link', { form, headers: { ...headers, origin: appUrl } })
        const page = await browser.visit(await app.linkFor('ada@example.test'), { headers })
        expect(page.status).toBe(200)
        expect((await browser.submit(page)).location).toBe('/me')
        expect((await browser.visit('/me', { headers })).status).toBe(200)
        const evil = { ...headers, origin: 'http://evil.test' }
        expect((await browser.visit('/auth/logout', { form: {}, headers: evil })).status).toBe(403)
      },
    )

    test('pages of the app replace the built-in ones', async () => {
      const pages = { signIn: '/hello', checkInbox: '/sent', afterSignIn: '/welcome' }
      await using app = await adapter.start({ pages })
      const browser = app.browser()
      expect((await browser.visit('/me')).location).toBe('/hello?returnTo=%2Fme')
      expect((await browser.visit('/auth/sign-in')).status).toBe(404)
      const sent = await browser.visit('/auth/magic-link', {
        form: { loginId: 'ada@example.test' },
      })
      expect(sent.location).toBe('/sent')
      expect((await browser.visit(await app.linkFor('ada@example.test'))).location).toBe('/welcome')
    })

    test('the path of the mount itself belongs to the app', async () => {
      const routes = [{ path: '/account', respond: () => ({ body: 'my account' }) }]
      await using started = await adapter.start({ basePath: '/account', routes })
      expect((await started.browser().visit('/account')).body).toBe('my account')
    })
  })
}
