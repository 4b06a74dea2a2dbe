import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestGuard, TestRoute } from '../adapter.ts'
import { setCookies } from '../steps.ts'
import { api, browserWith, callApi, startWith } from './steps.ts'

const issuer = await createTokenIssuer()

/** RequireSession. */
export function guardCases(adapter: TestAdapter): void {
  describe(`requireSession, on ${adapter.name}`, () => {
    test('T-65: missing, expired, forged and foreign sessions get the same response', async () => {
      await using app = await startWith(adapter, issuer)
      const now = Math.floor(Date.now() / 1000)
      const good = await issuer.session()
      const foreign = await (await createTokenIssuer()).session()
      const tokens = {
        none: undefined,
        expired: await issuer.session({ exp: now - 60 }),
        forged: `${good.slice(0, -6)}AAAAAA`,
        'signed by another key': foreign,
        'a refresh token': await issuer.session({ drn: 'DSR' }),
        'P23: bound to a key': await issuer.session({ cnf: { jkt: 'x' } }),
        malformed: 'x.y.z',
        'an object': 'j:{"a":1}',
      }
      for (const [what, token] of Object.entries(tokens)) {
        const response = await callApi(
          app.browser(),
          '/me',
          token ? { cookie: `${app.cookieNames.session}=${token}` } : {},
        )
        expect(response.status, what).toBe(401)
        expect(response.body, what).toBe('{"error":"unauthorized"}')
        expect(response.headers['www-authenticate'], what).toBe('Bearer')
        expect(response.headers['cache-control'], what).toBe('no-store')
        expect(setCookies(response).length, what).toBe(token === undefined ? 0 : 2)
      }
    })

    test('P23: a stolen token that is bound to a key passes no guard as Bearer', async () => {
      const routes: TestRoute[] = [
        { path: '/api', guards: ['standalone'], respond: () => ({ body: 'ok' }) },
      ]
      await using app = await startWith(adapter, issuer, { routes })
      const seen = async (path: string, claims: object): Promise<number> => {
        const authorization = `Bearer ${await issuer.session({ ...claims })}`
        return (await callApi(app.browser(), path, { authorization })).status
      }
      for (const path of ['/api', '/me']) {
        expect(await seen(path, {})).toBe(200)
        expect(await seen(path, { cnf: { jkt: 'x' } })).toBe(401)
      }
    })

    test('an invalid session is cleared, on a redirect too', async () => {
      await using app = await startWith(adapter, issuer)
      const browser = await browserWith(app, issuer, { exp: 1_000_000 })
      const response = await browser.visit('/me')
      expect(response.status).toBe(303)
      expect(browser.cookieNames).toEqual([])
    })

    test.each(['http://evil.test/me', '//evil.test/me', '/\\evil.test/me'])(
      'T-37 open redirect by the request target: %s is no returnTo of the sign-in page',
      async (path) => {
        await using app = await startWith(adapter, issuer, {
          routes: [{ path: '*', guards: ['required'], respond: () => ({ body: 'ok' }) }],
        })
        const headers = { accept: 'text/html', connection: 'close' }
        const options = { port: new URL(app.address).port, path, headers }
        const [response]: IncomingMessage[] = await once(request(options).end(), 'response')
        response?.resume()
        // A framework may take the path of such a target, or refuse it.
        const location = response?.headers.location
        if (response?.statusCode !== 400)
          expect(location).toMatch(/^\/auth\/sign-in\?returnTo=%2F(me)?$/)
      },
    )

    test('an unsafe method with cookies is refused when cross-site, and never redirected', async () => {
      await using app = await startWith(adapter, issuer, {
        routes: [
          { method: 'POST', path: '/act', guards: ['required'], respond: () => ({ body: 'done' }) },
        ],
      })
      const browser = await browserWith(app, issuer)
      const post = (headers: Record<string, string>): ReturnType<Browser['visit']> =>
        browser.visit('/act', { method: 'POST', headers })
      const evil = {
        accept: 'text/html',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
      }
      expect((await post(evil)).status).toBe(403)
      expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
      expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
      expect((await post({ origin: app.origin })).status).toBe(200)
      const token = await issuer.session()
      expect((await post({ ...evil, authorization: `Bearer ${token}` })).status).toBe(200)
      const signedOut = await app.browser().visit('/act', { form: {} })
      expect(signedOut.status).toBe(401)
    })

    test('a form sent with an ended session, or without the right to it, gets a page', async () => {
      const post = (path: string, guard: TestGuard): TestRoute => ({
        method: 'POST',
        path,
        guards: [guard],
        respond: () => ({ body: 'done' }),
      })
      await using app = await startWith(adapter, issuer, {
        routes: [
          post('/act', 'required'),
          post('/rule', { roles: ['admin'] }),
          post('/danger', { stepUp: true }),
        ],
      })
      const browser = await browserWith(app, issuer)
      const send = (from: Browser, path: string, referer: string): ReturnType<Browser['visit']> =>
        from.visit(path, {
          method: 'POST',
          headers: {
            accept: 'text/html',
            referer,
            origin: app.origin,
            'sec-fetch-site': 'same-origin',
            'sec-fetch-mode': 'navigate',
            'sec-fetch-dest': 'document',
          },
        })
      const ended = await send(app.browser(), '/act', `${app.origin}/form?a=1`)
      expect([ended.status, ended.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      expect(ended.body).toContain('href="/auth/sign-in?returnTo=%2Fform%3Fa%3D1"')
      const elsewhere = await send(app.browser(), '/act', 'https://evil.example/form')
      expect(elsewhere.body).toContain('href="/auth/sign-in?returnTo=%2F"')
      expect((await send(browser, '/rule', `${app.origin}/form`)).body).toContain('no access')
      const danger = await send(browser, '/danger', `${app.origin}/form`)
      expect(browser.hiddenFields(danger)).toEqual({ returnTo: '/form' })
      const script = await app.browser().visit('/act', { method: 'POST', headers: api })
      expect(script.body).toBe('{"error":"unauthorized"}')
    })

    test('a Bearer token is used alone: no refresh, and no cookie is cleared', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const cookie = browser.cookiePairs(app.cookieNames.refresh, app.cookieNames.session)
      for (const authorization of ['Bearer x.y.z', 'bearer', 'Bearer ']) {
        const response = await callApi(browser.copy(), '/me', { cookie, authorization })
        expect(response.status).toBe(401)
        expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
        expect(setCookies(response)).toEqual([])
      }
      const bearer = { authorization: `Bearer ${browser.cookie(app.cookieNames.session)}` }
      expect((await callApi(app.browser(), '/me', bearer)).status).toBe(200)
      expect((await callApi(browser, '/me', { authorization: 'Basic eDp5' })).status).toBe(200)
      expect(app.calls('/v1/auth/refresh')).toBe(0)
    })

    test('T-45: malformed cookies lead to 200 or 401 only', async () => {
      await using app = await startWith(adapter, issuer)
      const good = await issuer.session()
      const { session, refresh } = app.cookieNames
      for (const odd of [
        '__proto__=x',
        `${refresh}="`,
        '=;=;',
        session,
        `a=${'%'.repeat(50)}`,
        'x=1,2',
      ]) {
        expect(
          (await callApi(app.browser(), '/me', { cookie: `${odd}; ${session}=${good}` })).status,
        ).toBe(200)
      }
      expect((await callApi(app.browser(), '/me', { cookie: `${session}="${good}"` })).status).toBe(
        401,
      )
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    })

    test('optionalSession tells visitors from signed-in users, and blocks no request', async () => {
      await using app = await startWith(adapter, issuer, {
        routes: [
          {
            method: 'ALL',
            path: '/who',
            guards: ['optional'],
            respond: ({ outcome }) => ({ body: outcome?.status }),
          },
        ],
      })
      expect((await callApi(app.browser(), '/who')).body).toBe('signed-out')
      const browser = await browserWith(app, issuer)
      expect((await callApi(browser, '/who')).body).toBe('signed-in')
      const forged = await browser.visit('/who', {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site' },
      })
      expect(forged.body).toBe('signed-out')
      const expired = await browserWith(app, issuer, { exp: 1_000_000 })
      await callApi(expired, '/who')
      expect(expired.cookieNames).toEqual([])
    })

    test('onSignedOut sends the same error response as JSON or as a redirect', async () => {
      const body = 'never'
      await using app = await startWith(adapter, issuer, {
        routes: [
          { path: '/json', guards: [{ onSignedOut: 'json' }], respond: () => ({ body }) },
          { path: '/redirect', guards: [{ onSignedOut: 'redirect' }], respond: () => ({ body }) },
        ],
      })
      const visitor = app.browser()
      expect((await visitor.visit('/json')).status).toBe(401)
      expect((await callApi(visitor, '/redirect?a=1')).location).toBe(
        '/auth/sign-in?returnTo=%2Fredirect%3Fa%3D1',
      )
    })

    test('the standalone guard validates tokens, and reads a cookie only where it is named', async () => {
      const route = (path: string, guard: TestGuard): TestRoute => ({
        method: 'ALL',
        path,
        guards: [guard],
        respond: ({ session }) => ({ body: session?.userId }),
      })
      await using app = await startWith(adapter, issuer, {
        routes: [route('/api', 'standalone'), route('/cookies', 'standalone-with-cookies')],
      })
      const token = await issuer.session()
      const { session, refresh } = app.cookieNames
      const own = { cookie: `${session}=${token}` }
      for (const path of ['/api', '/cookies']) {
        const bearer = { authorization: `Bearer ${token}` }
        expect((await callApi(app.browser(), path, bearer)).body).toBe('U1')
        for (const cookie of [`${session}=x.y.z; ${refresh}=a.b.c`, `DS=${token}`]) {
          const refused = await app.browser().visit(path, { headers: { cookie } })
          expect([refused.status, setCookies(refused)]).toEqual([401, []])
        }
      }
      expect((await callApi(app.browser(), '/api', own)).status).toBe(401)
      expect((await callApi(app.browser(), '/cookies', own)).body).toBe('U1')
      const forged = await app.browser().visit('/cookies', {
        method: 'POST',
        headers: { ...own, 'sec-fetch-site': 'cross-site' },
      })
      expect(forged.status).toBe(403)
      expect(app.calls('/v1/auth/refresh')).toBe(0)
    })
  })
}
