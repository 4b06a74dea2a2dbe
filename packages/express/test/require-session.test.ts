import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Express, Request, RequestHandler, Response } from 'express'
import { describe, expect, test } from 'vitest'
import {
  type FailureError,
  getAuth,
  getSession,
  requireSession,
  type RequireSessionOptions,
} from '@linkpass/express'
import { type AppOptions, expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'
import { createMinter, projectId } from './support/tokens.ts'

const api = { accept: 'application/json' }

async function call(
  browser: Browser,
  path: string,
  headers: Record<string, string> = {},
): ReturnType<Browser['visit']> {
  return await browser.visit(path, { headers: { ...api, ...headers } })
}

const minter = await createMinter()

/** An app that trusts the test's own key, so that any claim can be tried. */
function withOwnKey(options: AppOptions): Promise<TestApp> {
  return startApp({ ...options, client: { projectId, publicKey: minter.publicKey } })
}

async function holding(app: TestApp, claims: Record<string, unknown> = {}): Promise<Browser> {
  const browser = app.browser()
  browser.setCookie(`DS=${await minter.session(claims)}; Path=/`)
  return browser
}

const setCookies = (answer: Awaited<ReturnType<Browser['visit']>>): string[] =>
  [answer.headers['set-cookie'] ?? []].flat()

describe.each(expressVersions)('requireSession, on Express %i', (version) => {
  test('T-65: no, expired, forged and foreign sessions get one identical answer', async () => {
    await using app = await withOwnKey({ version })
    const now = Math.floor(Date.now() / 1000)
    const good = await minter.session()
    const stranger = await (await createMinter()).session()
    const tokens = {
      none: undefined,
      expired: await minter.session({ exp: now - 60 }),
      forged: `${good.slice(0, -6)}AAAAAA`,
      'signed by a stranger': stranger,
      'of another project': await minter.session({ iss: 'P2zzzzzzzzzzzzzzzzzzzzzzzzzzz' }),
      'a refresh token': await minter.session({ drn: 'DSR' }),
      malformed: 'x.y.z',
      'an object': 'j:{"a":1}',
    }
    for (const [what, token] of Object.entries(tokens)) {
      const answer = await call(app.browser(), '/me', token ? { cookie: `DS=${token}` } : {})
      expect(answer.status, what).toBe(401)
      expect(answer.body, what).toBe('{"error":"unauthorized"}')
      expect(answer.headers['www-authenticate'], what).toBe('Bearer')
      expect(answer.headers['cache-control'], what).toBe('no-store')
      expect(setCookies(answer).length, what).toBe(token === undefined ? 0 : 2)
    }
  })

  test('a dead session is cleared, on a redirect too', async () => {
    await using app = await withOwnKey({ version })
    const browser = await holding(app, { exp: 1_000_000 })
    const answer = await browser.visit('/me')
    expect(answer.status).toBe(303)
    expect(browser.cookieNames).toEqual([])
  })

  test.each(['http://evil.test/me', '//evil.test/me', '/\\evil.test/me'])(
    'T-37 open redirect by the request target: %s is no way back from the sign-in page',
    async (path) => {
      await using app = await withOwnKey({
        version,
        routes: (app, auth) => app.use(auth.requireSession()),
      })
      const headers = { accept: 'text/html', connection: 'close' }
      const options = { port: new URL(app.address).port, path, headers }
      const [answer]: IncomingMessage[] = await once(request(options).end(), 'response')
      answer?.resume()
      expect(answer?.headers.location).toBe('/auth/sign-in?returnTo=%2F')
    },
  )

  test('keys out of reach: 503 with Retry-After, cookies kept, for pages and programs', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const cold = await startApp({ version })
    await using _ = cold
    cold.emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
    for (const headers of [api, { accept: 'text/html', 'sec-fetch-mode': '' }]) {
      const answer = await cold
        .browser()
        .visit('/me', { headers: { ...headers, cookie: `DS=${browser.cookie('DS')}` } })
      expect(answer.status).toBe(503)
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expect(setCookies(answer)).toEqual([])
    }
  })

  test('T-60: a refresh that fails for our reasons is 503 and logs nobody out', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    app.emulator.clock.advance(11 * 60_000)
    for (const fault of [{ status: 503 }, { status: 502 }, { drop: 'before' as const }]) {
      app.emulator.faults.add({ path: '/v1/auth/refresh', ...fault })
      const answer = await call(browser, '/me')
      expect(answer.status).toBe(503)
      expect(setCookies(answer)).toEqual([])
      app.emulator.clock.advance(60_000)
    }
    expect((await call(browser, '/me')).status).toBe(200)
  })

  test('T-59: a refresh whose answer was lost is not repeated, and ends no session', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    app.emulator.clock.advance(11 * 60_000)
    app.emulator.faults.add({ path: '/v1/auth/refresh', drop: 'after' })
    const answer = await call(browser, '/me')
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    expect(setCookies(answer)).toEqual([])
    expect(app.calls('/v1/auth/refresh')).toBe(1)
    expect((await call(browser, '/me')).status).toBe(200)
  })

  test('a refresh that the service refuses ends the session', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    await app.client.logout(browser.cookie('DSR') ?? '')
    app.emulator.clock.advance(11 * 60_000)
    const answer = await call(browser, '/me')
    expect(answer.status).toBe(401)
    expect(answer.body).toBe('{"error":"unauthorized"}')
    expect(browser.cookieNames).not.toContain('DSR')
  })

  test('a session that outlived its cookie is refreshed, once, without a question', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    app.emulator.clock.advance(11 * 60_000)
    expect(browser.cookieNames).not.toContain('DS')
    const answer = await browser.visit('/me')
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(browser.cookieNames).toContain('DS')
    expect((await browser.visit('/me')).status).toBe(200)
    expect(app.calls('/v1/auth/refresh')).toBe(1)
  })

  test('T-58: fifty requests with one expired session make one refresh, and all succeed', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    app.emulator.clock.advance(11 * 60_000)
    const cookie = `DSR=${browser.cookie('DSR')}`
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call(app.browser(), '/me', { cookie })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(answers.every((answer) => setCookies(answer).some((c) => c.startsWith('DS=')))).toBe(
      true,
    )
    expect(app.calls('/v1/auth/refresh')).toBe(1)
  })

  test('roles, permissions and tenants: 403 that names what is missing, cookies kept', async () => {
    const guarded = (app: Express, auth: TestApp['auth']): void => {
      const guard = (options: RequireSessionOptions): RequestHandler => auth.requireSession(options)
      const ok = (_req: Request, res: Response): unknown => res.send('ok')
      app.get('/role', guard({ roles: ['admin', 'editor'] }), ok)
      app.get('/permission', guard({ permissions: ['write'] }), ok)
      app.get('/t/:tenant', guard({ roles: ['admin'], tenant: (req) => req.params['tenant'] }), ok)
      app.get('/member/:tenant', guard({ tenant: (req) => req.params['tenant'] }), ok)
      app.get('/none', guard({ tenant: () => undefined }), ok)
    }
    await using app = await withOwnKey({ version, routes: guarded })
    const browser = await holding(app, {
      roles: ['admin'],
      permissions: ['read'],
      tenants: { T1: { roles: ['admin'], permissions: [] }, T2: {} },
    })
    const seen = async (path: string): Promise<unknown[]> => {
      const answer = await call(browser, path)
      expect(setCookies(answer)).toEqual([])
      return [answer.status, answer.status === 200 ? 'ok' : JSON.parse(answer.body).missing]
    }
    expect(await seen('/role')).toEqual([403, 'role'])
    expect(await seen('/permission')).toEqual([403, 'permission'])
    expect(await seen('/t/T1')).toEqual([200, 'ok'])
    expect(await seen('/t/T2')).toEqual([403, 'role'])
    expect(await seen('/t/constructor')).toEqual([403, 'tenant'])
    expect(await seen('/member/T2')).toEqual([200, 'ok'])
    expect(await seen('/member/__proto__')).toEqual([403, 'tenant'])
    expect(await seen('/none')).toEqual([403, 'tenant'])
  })

  test('a step-up is asked for by RFC 9470’s challenge, and for a person by a button', async () => {
    const routes = (app: Express, auth: TestApp['auth']): unknown =>
      app.get('/danger', auth.requireSession({ stepUp: true }), (_req, res) => {
        res.send('ok')
      })
    await using app = await withOwnKey({ version, routes })
    const browser = await holding(app)
    const answer = await call(browser, '/danger')
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toContain('insufficient_user_authentication')
    expect(setCookies(answer)).toEqual([])
    const page = await browser.visit('/danger')
    expect(page.status).toBe(401)
    expect(browser.hiddenFields(page)).toEqual({ returnTo: '/danger' })
    expect((await call(await holding(app, { su: true }), '/danger')).status).toBe(200)
  })

  test('an unsafe method by cookie is refused when cross-site, and never redirected', async () => {
    const routes = (app: Express, auth: TestApp['auth']): unknown =>
      app.post('/act', auth.requireSession(), (_req, res) => {
        res.send('done')
      })
    await using app = await withOwnKey({ version, routes })
    const browser = await holding(app)
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
    const token = await minter.session()
    expect((await post({ ...evil, authorization: `Bearer ${token}` })).status).toBe(200)
    const signedOut = await app.browser().visit('/act', { form: {} })
    expect(signedOut.status).toBe(401)
  })

  test('a form sent after the session has ended, or without the right to it, gets a page', async () => {
    const routes = (app: Express, auth: TestApp['auth']): void => {
      const done = (_req: Request, res: Response): unknown => res.send('done')
      app.post('/act', auth.requireSession(), done)
      app.post('/rule', auth.requireSession({ roles: ['admin'] }), done)
      app.post('/danger', auth.requireSession({ stepUp: true }), done)
    }
    await using app = await withOwnKey({ version, routes })
    const browser = await holding(app)
    const send = (who: Browser, path: string, referer: string): ReturnType<Browser['visit']> =>
      who.visit(path, {
        method: 'POST',
        headers: {
          ...{ accept: 'text/html', referer, origin: app.origin },
          ...{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' },
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

  test('a Bearer token counts alone: never refreshed, nothing cleared for it', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const cookie = `DSR=${browser.cookie('DSR')}; DS=${browser.cookie('DS')}`
    for (const authorization of ['Bearer x.y.z', 'bearer', 'Bearer ']) {
      const answer = await call(browser.copy(), '/me', { cookie, authorization })
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
      expect(setCookies(answer)).toEqual([])
    }
    const bearer = { authorization: `Bearer ${browser.cookie('DS')}` }
    expect((await call(app.browser(), '/me', bearer)).status).toBe(200)
    expect((await call(browser, '/me', { authorization: 'Basic eDp5' })).status).toBe(200)
    expect(app.calls('/v1/auth/refresh')).toBe(0)
  })

  test('T-44: a cookie tossed by a sibling host signs out, and both are cleared', async () => {
    await using app = await withOwnKey({ version, appUrl: 'https://a.app.example.test' })
    const [mine, theirs] = [await minter.session(), await minter.session({ sub: 'U2' })]
    for (const cookie of [`DS=${mine}; DS=${theirs}`, `DS=${theirs}; DS=${mine}`]) {
      const answer = await call(app.browser(), '/me', { cookie })
      expect(answer.status).toBe(401)
      const domains = setCookies(answer)
        .filter((line) => line.startsWith('DS=;'))
        .map((line) => /Domain=([^;]+)/.exec(line)?.[1])
      expect(domains).toEqual([undefined, 'a.app.example.test', 'app.example.test', 'example.test'])
    }
    const twice = await call(app.browser(), '/me', { cookie: `DS=${mine}; DS=${mine}` })
    expect(twice.status).toBe(200)
  })

  test('T-45: odd cookies are no reason for anything but 200 or 401', async () => {
    await using app = await withOwnKey({ version })
    const good = await minter.session()
    for (const odd of ['__proto__=x', 'DSR="', '=;=;', 'DS', `a=${'%'.repeat(50)}`, 'x=1,2']) {
      expect((await call(app.browser(), '/me', { cookie: `${odd}; DS=${good}` })).status).toBe(200)
    }
    expect((await call(app.browser(), '/me', { cookie: `DS="${good}"` })).status).toBe(401)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  test('T-45: what cookie-parser makes of a cookie is nobody’s session', async () => {
    const good = await minter.session()
    // The object that it makes of `DS=j:{…}`, and a token that no cookie holds.
    for (const parsed of [{ DS: { toString: () => good } }, { DS: good }]) {
      const before = (app: Express): unknown =>
        app.use((req, _res, next) => {
          Object.assign(req, { cookies: parsed, signedCookies: parsed })
          next()
        })
      await using app = await withOwnKey({ version, before })
      expect((await call(app.browser(), '/me')).status).toBe(401)
      expect((await call(app.browser(), '/me', { cookie: `DS=${good}` })).status).toBe(200)
    }
  })

  test('a foreign req.auth proves nothing', async () => {
    const before = (app: Express): unknown =>
      app.use((req, _res, next) => {
        Object.assign(req, { auth: { status: 'signed-in', session: { userId: 'root' } } })
        next()
      })
    const routes = (app: Express): unknown =>
      app.get('/bare', (req, res) => {
        res.send(getSession(req).userId)
      })
    await using app = await withOwnKey({ version, before, routes })
    expect((await call(app.browser(), '/me')).status).toBe(401)
    expect((await call(app.browser(), '/bare')).status).toBe(500)
  })

  test('req.auth is left to other libraries', async () => {
    const before = (app: Express): unknown =>
      app.use((req, _res, next) => {
        Object.assign(req, { auth: 'of another library' })
        next()
      })
    const routes = (app: Express, auth: TestApp['auth']): unknown =>
      app.get('/theirs', auth.optionalSession(), (req, res) => {
        res.json([getAuth(req).status, Reflect.get(req, 'auth')])
      })
    await using app = await withOwnKey({ version, before, routes })
    const { body } = await call(app.browser(), '/theirs')
    expect(JSON.parse(body)).toEqual(['signed-out', 'of another library'])
  })

  test('what the guard of another project found is nothing to this one', async () => {
    const other = await createMinter()
    await using own = await withOwnKey({ version })
    const routes = (app: Express, auth: TestApp['auth']): unknown =>
      app.get('/both', requireSession(own.client), auth.requireSession(), (_req, res) => {
        res.send('ok')
      })
    await using app = await startApp({
      version,
      routes,
      client: { projectId, publicKey: other.publicKey },
    })
    const cookie = `DS=${await minter.session()}`
    expect((await call(app.browser(), '/both', { cookie })).status).toBe(401)
  })

  test('optionalSession tells a visitor, a person and an outage apart, and blocks none', async () => {
    const routes = (app: Express, auth: TestApp['auth']): unknown =>
      app.all('/who', auth.optionalSession(), (req, res) => {
        res.send(getAuth(req).status)
      })
    await using app = await withOwnKey({ version, routes })
    expect((await call(app.browser(), '/who')).body).toBe('signed-out')
    const browser = await holding(app)
    expect((await call(browser, '/who')).body).toBe('signed-in')
    const forged = await browser.visit('/who', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect(forged.body).toBe('signed-out')
    const expired = await holding(app, { exp: 1_000_000 })
    await call(expired, '/who')
    expect(expired.cookieNames).toEqual([])
  })

  test('onSignedOut: the same refusal as JSON, as a redirect, as an error, or by hand', async () => {
    const routes = (app: Express, auth: TestApp['auth']): void => {
      const never = (_req: Request, res: Response): unknown => res.send('never')
      app.get('/json', auth.requireSession({ onSignedOut: 'json' }), never)
      app.get('/redirect', auth.requireSession({ onSignedOut: 'redirect' }), never)
      app.get('/next', auth.requireSession({ onSignedOut: 'next' }), never)
      app.get(
        '/own',
        auth.requireSession({
          onSignedOut: (_req, res, _next, error) => res.status(418).send(error.code),
        }),
        never,
      )
      app.use((error: FailureError, _req: Request, res: Response, _next: unknown) => {
        const { status, code, headers, stack } = error
        res
          .status(status)
          .set(headers)
          .json({ code, stack: stack ?? null })
      })
    }
    await using app = await withOwnKey({ version, routes })
    const visitor = app.browser()
    expect((await visitor.visit('/json')).status).toBe(401)
    expect((await call(visitor, '/redirect?a=1')).location).toBe(
      '/auth/sign-in?returnTo=%2Fredirect%3Fa%3D1',
    )
    const next = await visitor.visit('/next')
    expect(next.status).toBe(401)
    expect(next.body).toBe('{"code":"unauthorized","stack":null}')
    expect(next.headers['www-authenticate']).toBe('Bearer')
    expect((await visitor.visit('/own')).status).toBe(418)
  })

  test('the standalone guard checks tokens made elsewhere, and touches no cookie', async () => {
    await using app = await startApp({
      version,
      client: { projectId, publicKey: minter.publicKey },
      routes: (app, _auth, client) => {
        app.all('/api', requireSession(client), (req, res) => {
          res.send(getSession(req).userId)
        })
      },
    })
    const token = await minter.session()
    const bearer = { authorization: `Bearer ${token}` }
    expect((await call(app.browser(), '/api', bearer)).body).toBe('U1')
    expect((await call(app.browser(), '/api', { cookie: `DS=${token}` })).body).toBe('U1')
    const refused = await app
      .browser()
      .visit('/api', { headers: { cookie: 'DS=x.y.z; DSR=a.b.c' } })
    expect(refused.status).toBe(401)
    expect(setCookies(refused)).toEqual([])
    const forged = await app.browser().visit('/api', {
      method: 'POST',
      headers: { cookie: `DS=${token}`, 'sec-fetch-site': 'cross-site' },
    })
    expect(forged.status).toBe(403)
    expect(app.calls('/v1/auth/refresh')).toBe(0)
  })

  test('T-42: a session past 4,096 bytes is refused by name, never dropped in silence', async () => {
    const heard: unknown[] = []
    const listen = (event: unknown): unknown => heard.push(event)
    subscribe('linkpass:sign-in:refused', listen)
    await using app = await startApp({
      version,
      loginOptions: () => ({ customClaims: { big: 'x'.repeat(4000) } }),
    })
    const browser = app.browser()
    await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
    const answer = await browser.visit(await app.linkFor('ada@example.test'))
    unsubscribe('linkpass:sign-in:refused', listen)
    expect(heard).toEqual([{ step: 'cookies', code: 'cookie_too_large' }])
    expect(answer.status).toBe(500)
    expect(browser.cookieNames).not.toContain('DS')
    expect(browser.cookieNames).not.toContain('DSR')
  })
})

test.each<[option: string, options: unknown]>([
  ['roles', { roles: 'admin' }],
  ['permissions', { permissions: [1] }],
  ['tenant', { tenant: 7 }],
  ['tenant', { tenant: '' }],
  // Each of these would guard less than whoever wrote it believes.
  ['role', { role: ['admin'] }],
  ['stepup', { stepup: true }],
  ['stepUp', { stepUp: 'yes' }],
  ['onSignedOut', { onSignedOut: 'JSON' }],
  ['options', ['admin']],
  ['options', 'admin'],
])(
  'a guard that would check less than it says fails when it is made: %s',
  async (name, options) => {
    await using app = await startApp()
    const make = [
      (): unknown => app.auth.requireSession(options as object),
      (): unknown => requireSession(app.client, options as object),
    ]
    for (const guard of make) {
      expect(guard).toThrow(TypeError)
      expect(guard).toThrow(name)
    }
  },
)

test('the standalone guard has no sign-in page to send anybody to, and says so', async () => {
  await using app = await startApp()
  const policy = { onSignedOut: 'redirect' } as object
  expect(() => requireSession(app.client, policy)).toThrow('onSignedOut must be json, next or')
  expect(() => requireSession({} as never)).toThrow('createDescopeClient')
})
