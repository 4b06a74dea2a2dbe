import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { postJson } from '../steps.ts'

/** The app's own responses to failures. */
export function ownResponseCases(adapter: TestAdapter): void {
  describe(`onFailure, on ${adapter.name}`, () => {
    test('makes the pages for failures of routes and guards, and cookies stay as they must be', async () => {
      const heard: unknown[] = []
      await using app = await adapter.start({
        onFailure: ({ code, status, isPage }, request) => {
          heard.push([code, status, isPage, request.header('x-from')])
          return isPage ? `<h1>Ours: ${code}</h1>` : undefined
        },
        routes: [
          { path: '/admin', guards: [{ roles: ['admin'] }], respond: () => ({ body: 'never' }) },
          { path: '/danger', guards: [{ stepUp: true }], respond: () => ({ body: 'never' }) },
        ],
      })
      const browser = app.browser()
      const unknown = await browser.visit('/auth/verify/none?t=none')
      expect([unknown.status, unknown.body]).toEqual([400, '<h1>Ours: link_unknown</h1>'])
      expect(unknown.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
      expect((await browser.visit('/me')).location).toBe('/auth/sign-in?returnTo=%2Fme')
      await app.signIn(browser)
      expect((await browser.visit('/admin')).body).toBe('<h1>Ours: forbidden</h1>')
      const stepUpPage = await browser.visit('/danger')
      expect(stepUpPage.headers['www-authenticate']).toContain('insufficient_user_authentication')
      const refused = await postJson(
        browser,
        '/auth/magic-link',
        { loginId: 'no' },
        { 'x-from': 'a' },
      )
      expect([refused.status, refused.body]).toEqual([
        400,
        '{"error":"bad_request","field":"loginId"}',
      ])

      app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
      app.emulator.clock.advance(11 * 60_000)
      const outage = await browser.visit('/me')
      expect([outage.status, outage.body]).toEqual([503, '<h1>Ours: unavailable</h1>'])
      expect(outage.headers['retry-after']).toBeDefined()
      expect(browser.cookieNames).toContain(app.cookieNames.refresh)
      expect(heard).toEqual([
        ['link_unknown', 400, true, undefined],
        ['forbidden', 403, true, undefined],
        ['step_up_required', 401, true, undefined],
        ['bad_request', 400, false, 'a'],
        ['unavailable', 503, true, undefined],
      ])
    })

    test('may redirect, set a status and headers, and learns where the built-in page leads', async () => {
      const led: unknown[] = []
      await using app = await adapter.start({
        onFailure: ({ code, forward }) => {
          led.push(forward)
          return code === 'link_unknown'
            ? { status: 303, headers: { Location: '/oops' } }
            : { status: 418, headers: { 'content-type': 'text/plain' }, body: code }
        },
      })
      const browser = app.browser()
      const gone = await browser.visit('/auth/verify/none?t=none')
      expect([gone.status, gone.location]).toEqual([303, '/oops'])
      const teapot = await postJson(browser, '/auth/magic-link', { other: '' })
      expect([teapot.status, teapot.body]).toEqual([418, 'bad_request'])
      expect(teapot.headers['content-type']).toBe('text/plain')
      expect(led).toEqual([{ url: '/auth/sign-in' }, undefined])
    })

    test('with a cookie of the app loses no other cookie, and is not stored', async () => {
      await using app = await adapter.start({
        onFailure: () => ({ headers: { 'Set-Cookie': 'seen=1; Path=/' } }),
        emulator: { rotateRefreshTokens: true, rotationGraceSeconds: 0 },
        guardFirst: 'optional',
        routes: [
          { path: '/admin', guards: [{ roles: ['admin'] }], respond: () => ({ body: 'never' }) },
        ],
      })
      const browser = app.browser()
      await app.signIn(browser)
      for (const path of ['/admin', '/auth/verify/none?t=none']) {
        app.emulator.clock.advance(11 * 60_000)
        const old = browser.cookie(app.cookieNames.refresh)
        const failed = await browser.visit(path)
        expect(failed.headers['set-cookie']).toHaveLength(3)
        expect(failed.headers['cache-control']).toBe('no-store')
        expect(browser.cookie('seen')).toBe('1')
        expect(browser.cookie(app.cookieNames.refresh)).not.toBe(old)
      }
    })

    test('an error or a wrong response of the hook loses no failure', async () => {
      const wrong = [
        'no JSON',
        '{"status":"gone"}',
        '{"status":42,"body":""}',
        '{"body":7}',
        'null',
        '{"headers":null}',
        '{"headers":{"X-Note":"two\\r\\nX-Lines: 1"}}',
        '{"headers":{"X-Note":7}}',
        '{"headers":{"no name":"text"}}',
        '{"status":204,"body":"text"}',
        '{"headers":{"Transfer-Encoding":"chunked"},"body":"text"}',
        '{"headers":{"content-length":"2"},"body":"text"}',
        '{"headers":{"Connection":"Upgrade"},"body":"text"}',
      ].map((text) => () => JSON.parse(text))
      // Their entries are no properties, and would be lost.
      const objects = [
        () => ({ status: 303, headers: Object(new Headers({ Location: '/oops' })) }),
        () => ({ status: 303, headers: Object(new Map([['Location', '/oops']])) }),
      ]
      for (const onFailure of [...wrong, ...objects]) {
        await using app = await adapter.start({ onFailure })
        const browser = app.browser()
        const page = await browser.visit('/auth/verify/none?t=none')
        expect([page.status, page.body]).toEqual([400, expect.stringContaining('not valid')])
        await app.signIn(browser)
        app.emulator.clock.advance(11 * 60_000)
        const path = '/v1/auth/refresh'
        app.emulator.faults.add({ path, status: 401, errorCode: 'E064001', times: 'always' })
        const ended = await browser.visit('/auth/session')
        expect(ended.status).toBe(401)
        // The failure clears the session, whatever the hook does.
        expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
      }
    })
  })
}
