import type { Express, Request, Response } from 'express'
import { describe, expect, test } from 'vitest'
import {
  type Auth,
  type FailureError,
  getAuth,
  getSession,
  requireSession,
} from '@linkpass/express'
import { createTokenIssuer, projectId } from '@linkpass/testing'
import { callApi } from '@linkpass/testing/adapter-suite/session/steps'
import {
  type ExpressApp,
  type ExpressAppOptions,
  expressVersions,
  startExpressApp,
} from './express-adapter.ts'

const issuer = await createTokenIssuer()

/** An app that accepts the tokens of the test, so that a test can set any claim. */
function startWithIssuer(options: ExpressAppOptions): Promise<ExpressApp> {
  return startExpressApp({ ...options, client: { projectId, publicKey: issuer.publicKey } })
}

describe.each(expressVersions)('requireSession, on Express %i', (version) => {
  test('T-45: a value that cookie-parser makes of a cookie is no session', async () => {
    const good = await issuer.session()
    // The object that it makes of `DS=j:{…}`, and a token without a cookie.
    for (const value of [{ toString: () => good }, good]) {
      const parsed: Record<string, unknown> = {}
      const before = (app: Express): unknown =>
        app.use((req, _res, next) => {
          Object.assign(req, { cookies: parsed, signedCookies: parsed })
          next()
        })
      await using app = await startWithIssuer({ version, before })
      parsed[app.cookieNames.session] = value
      expect((await callApi(app.browser(), '/me')).status).toBe(401)
      expect(
        (await callApi(app.browser(), '/me', { cookie: `${app.cookieNames.session}=${good}` }))
          .status,
      ).toBe(200)
    }
  })

  test('a req.auth of another library is no session', async () => {
    const before = (app: Express): unknown =>
      app.use((req, _res, next) => {
        Object.assign(req, { auth: { status: 'signed-in', session: { userId: 'root' } } })
        next()
      })
    const expressRoutes = (app: Express): unknown =>
      app.get('/bare', (req, res) => {
        res.send(getSession(req).userId)
      })
    await using app = await startWithIssuer({ version, before, expressRoutes })
    expect((await callApi(app.browser(), '/me')).status).toBe(401)
    expect((await callApi(app.browser(), '/bare')).status).toBe(500)
  })

  test('req.auth is left to other libraries', async () => {
    const before = (app: Express): unknown =>
      app.use((req, _res, next) => {
        Object.assign(req, { auth: 'of another library' })
        next()
      })
    const expressRoutes = (app: Express, auth: Auth): unknown =>
      app.get('/theirs', auth.optionalSession(), (req, res) => {
        res.json([getAuth(req).status, Reflect.get(req, 'auth')])
      })
    await using app = await startWithIssuer({ version, before, expressRoutes })
    const { body } = await callApi(app.browser(), '/theirs')
    expect(JSON.parse(body)).toEqual(['signed-out', 'of another library'])
  })

  test('a session found by the guard of another project does not count', async () => {
    const other = await createTokenIssuer()
    await using own = await startWithIssuer({ version })
    const expressRoutes = (app: Express, auth: Auth): unknown =>
      app.get(
        '/both',
        requireSession(own.client, { cookies: auth.cookieNames }),
        auth.requireSession(),
        (_req, res) => {
          res.send('ok')
        },
      )
    await using app = await startExpressApp({
      version,
      expressRoutes,
      client: { projectId, publicKey: other.publicKey },
    })
    const cookie = `${app.cookieNames.session}=${await issuer.session()}`
    expect((await callApi(app.browser(), '/both', { cookie })).status).toBe(401)
  })

  test('onSignedOut: the same failure as JSON, a redirect, an error or a response of the app', async () => {
    const expressRoutes = (app: Express, auth: Auth): void => {
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
    await using app = await startWithIssuer({ version, expressRoutes })
    const visitor = app.browser()
    expect((await visitor.visit('/json')).status).toBe(401)
    expect((await callApi(visitor, '/redirect?a=1')).location).toBe(
      '/auth/sign-in?returnTo=%2Fredirect%3Fa%3D1',
    )
    const next = await visitor.visit('/next')
    expect(next.status).toBe(401)
    expect(next.body).toBe('{"code":"unauthorized","stack":null}')
    expect(next.headers['www-authenticate']).toBe('Bearer')
    expect((await visitor.visit('/own')).status).toBe(418)
  })
})

test.each<[option: string, options: unknown]>([
  ['roles', { roles: 'admin' }],
  ['permissions', { permissions: [1] }],
  ['roles', { roles: { any: [] } }],
  ['roles', { roles: { any: 'admin' } }],
  ['permissions', { permissions: { any: ['a'], all: ['b'] } }],
  ['permissions', { permissions: {} }],
  ['tenant', { tenant: 7 }],
  ['tenant', { tenant: '' }],
  // Each of these would check less than its author expects.
  ['roles', { roles: undefined }],
  ['permissions', { permissions: undefined }],
  ['tenant', { tenant: undefined }],
  ['stepUp', { stepUp: undefined }],
  ['role', { role: ['admin'] }],
  ['stepup', { stepup: true }],
  ['stepUp', { stepUp: 'yes' }],
  ['onSignedOut', { onSignedOut: 'JSON' }],
  ['options', ['admin']],
  ['options', 'admin'],
  ['cookies', { cookies: true }],
])('a guard with a wrong option is an error at creation: %s', async (name, options) => {
  await using app = await startExpressApp()
  const make = [
    (): unknown => app.auth.requireSession(options as object),
    (): unknown => requireSession(app.client, options as object),
  ]
  for (const guard of make) {
    expect(guard).toThrow(TypeError)
    expect(guard).toThrow(name)
  }
})

test.each([null, 'DS', [], {}, { session: 7 }, { session: 'D S' }, { refresh: 'DSR' }])(
  'the standalone guard refuses cookies without the name of one: %j',
  async (cookies) => {
    await using app = await startExpressApp()
    const options = { cookies } as object
    expect(() => requireSession(app.client, options)).toThrow(/^requireSession: cookies must name/)
  },
)

test('the standalone guard has no sign-in page, and rejects onSignedOut: redirect', async () => {
  await using app = await startExpressApp()
  const policy = { onSignedOut: 'redirect' } as object
  expect(() => requireSession(app.client, policy)).toThrow('onSignedOut must be json, next or')
  expect(() => requireSession({} as never)).toThrow('createDescopeClient')
})
