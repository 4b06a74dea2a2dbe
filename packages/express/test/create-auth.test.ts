import express from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createDescopeClient } from '@linkpass/core'
import * as exported from '@linkpass/express'
import { createAuth } from '@linkpass/express'
import { cookieSecret } from '@linkpass/testing/adapter-suite/start-test-app'
import { expressVersions, frameworkOf, startExpressApp } from './express-adapter.ts'
import { projectId } from '@linkpass/testing'

const client = createDescopeClient({ projectId })
const appUrl = 'https://app.example.com'

test('the package exports these names and no others', () => {
  expect(Object.keys(exported).sort()).toEqual([
    'FailureError',
    'createAuth',
    'getAuth',
    'getSession',
    'requireSession',
  ])
})

test.each([
  [undefined, '__Host-DS', '__Host-DSR', '__Host-linkpass-attempt'],
  [{ prefix: false }, 'DS', 'DSR', '__Host-linkpass-attempt'],
  [{ names: { session: 'sid', refresh: 'rid' } }, 'sid', 'rid', '__Host-linkpass-attempt-sid'],
] as const)('the names of the cookies are exported: %j', (cookies, session, refresh, attempt) => {
  const auth = createAuth(client, { appUrl, cookieSecret, ...(cookies && { cookies }) })
  expect(auth.cookieNames).toMatchObject({ session, refresh, attempt })
  auth.close()
})

describe('a wrong option is an error at creation that names it', () => {
  const lan = { appUrl: 'http://app.test', dangerouslyAllowHttp: true }
  const wrong: readonly (readonly [string, Record<string, unknown>])[] = [
    ['appUrl', { appUrl: undefined }],
    ['appUrl', { appUrl: 'app.example.com' }],
    ['appUrl', { appUrl: 'ftp://app.example.com' }],
    ['dangerouslyAllowHttp', { appUrl: 'http://192.168.1.20:3000' }],
    ['dangerouslyAllowHttp', { appUrl: 'http://app.test', dangerouslyAllowHttp: 'yes' }],
    ['cookieSecret', { ...lan, cookieSecret: undefined }],
    ['cookies.prefix', { ...lan, cookies: { prefix: '__Host-' } }],
    ['appUrl', { appUrl: 'https://app.example.com/path?query' }],
    ['appUrl', { appUrl: 'https://app.example.com/path#fragment' }],
    ['appUrl', { appUrl: 'https://app.example.com//evil.test' }],
    ['appUrl', { appUrl: 'https://app.example.com/a//b' }],
    ['appUrl', { appUrl: 'https://app.example.com/%2fevil.test' }],
    ['appUrl', { appUrl: 'https://app.example.com/a b' }],
    ...[
      ['not a list'],
      'https://www.example.com',
      ['https://www.example.com/'],
      ['https://www.example.com/path'],
      ['www.example.com'],
      ['null'],
      ['*'],
      ['https://*.example.com'],
      ['https://www.example.com:443'],
      ['https://WWW.example.com'],
      ['https://www.müller.example.com'],
      ['chrome-extension://abcdefghijklmnop'],
      [undefined],
      ['ftp://www.example.com'],
      // Other sites, whose requests have no cookies under Lax and Strict.
      ['https://www.example.org'],
      ['http://www.example.com'],
      ['http://localhost:5173'],
      ['https://com'],
    ].map((trustedOrigins) => ['trustedOrigins', { trustedOrigins }] as const),
    [
      'http://localhost',
      { appUrl: 'http://localhost:3000', trustedOrigins: ['http://127.0.0.1:1'] },
    ],
    [
      'http://localhost',
      { appUrl: 'http://localhost:3000', trustedOrigins: ['https://localhost'] },
    ],
    [
      'plain http',
      { trustedOrigins: ['http://www.example.com'], cookies: { sameSite: 'none' as const } },
    ],
    ['appUrl', { appUrl: 'https://user@app.example.com' }],
    ['appUrl', { appUrl: 'https://app.example.com.' }],
    ['cookieSecret', { cookieSecret: undefined }],
    ['cookieSecret', { cookieSecret: 'short' }],
    ['cookieSecret', { cookieSecret: [] }],
    ['cookieSecret', { cookieSecret: [cookieSecret, 'short'] }],
    ['basePath', { basePath: 'auth' }],
    ['basePath', { basePath: '/' }],
    ['basePath', { basePath: '//evil.example' }],
    ['basePath', { basePath: '//' }],
    ['basePath', { basePath: '/a//b' }],
    ['basePath', { basePath: '/auth+' }],
    ['basePath', { basePath: '/[auth]' }],
    ['"/caf%C3%A9"', { basePath: '/café' }],
    ['leave it out of appUrl', { appUrl: 'https://example.com/app', basePath: '/app/auth' }],
    ['leave it out of appUrl', { appUrl: 'https://example.com/app', verifyPath: '/app/verify' }],
    ['"https://www.example.com"', { trustedOrigins: ['https://www.example.com:443/'] }],
    [
      '"https://www.xn--mller-kva.example.com"',
      { trustedOrigins: ['https://www.müller.example.com'] },
    ],
    ['basePath', { basePath: '/auth?x' }],
    ['basePath', { basePath: '/auth/:id' }],
    ['verifyPath', { verifyPath: 7 }],
    ['methods', { methods: [] }],
    ['methods', { methods: ['fax'] }],
    ['methods', { methods: 'email' }],
    ['mode', { mode: 'sign-out' }],
    ['confirm', { confirm: 'never' }],
    ['confirm', { confirm: false }],
    ['loginOptions', { loginOptions: {} }],
    ['onSignIn', { onSignIn: 'hello' }],
    ['pages', { pages: { signOut: '/bye' } }],
    ['pages.signIn', { pages: { signIn: 'https://evil.example/' } }],
    ['pages.afterSignIn', { pages: { afterSignIn: '//evil.example' } }],
    ['limits.perAddress', { limits: { perAddress: 0 } }],
    ['limits.perIp', { limits: { perIp: 1.5 } }],
    ['limits.cooldownSeconds', { limits: { cooldownSeconds: -1 } }],
    ['cookies.domain', { cookies: { domain: 'evil.example' } }],
    ['cookies.domain', { cookies: { domain: 'com' } }],
    ['cookies.prefix', { cookies: { prefix: '__Secure-' } }],
    ['cookies.prefix', { cookies: { prefix: '__Host-', domain: 'example.com' } }],
    ['cookies.prefix', { appUrl: 'http://localhost:3000', cookies: { prefix: '__Host-' } }],
    ['cookies.sameSite', { cookies: { sameSite: 'None' } }],
    ['cookies.sameSite', { appUrl: 'http://localhost:3000', cookies: { sameSite: 'none' } }],
    ['cookies.names.session', { cookies: { names: { session: 'D S' } } }],
    ['cookies.names.attempt', { cookies: { names: { attempt: 'a;b' } } }],
    ['cookies.names.pending', { cookies: { names: { pending: '' } } }],
    ['cookies.names', { cookies: { names: { session: 'X', refresh: 'X' } } }],
    // A misspelt setting inside an option.
    ['cookies has no option "samesite"', { cookies: { samesite: 'none' } }],
    ['cookies has no option "secure"', { cookies: { secure: true } }],
    ['cookies.names has no option', { cookies: { names: { sessions: 'S' } } }],
    ['cookies', { cookies: null }],
    ['limits has no option "perIP"', { limits: { perIP: 2 } }],
    ['limits', { limits: true }],
    ['limits', { limits: 0 }],
    ['limits', { limits: null }],
    ['pages', { pages: '/login' }],
    ['brand has no option "color"', { brand: { color: '#123' } }],
    ['brand', { brand: 'Acme' }],
    ['without a leading dot', { cookies: { domain: '.example.com' } }],
    ['brand.accentColor', { brand: { accentColor: 'red;}' } }],
    ['linkLifetimeMinutes', { linkLifetimeMinutes: 0 }],
    ['linkLifetimeMinutes', { linkLifetimeMinutes: '10' }],
    ['linkLifetimeMinutes.enchanted', { linkLifetimeMinutes: { enchanted: 0.5 } }],
    ['cookieSecrets', { cookieSecrets: [cookieSecret] }],
  ]

  test.each(wrong)('%s: %j', (name, options) => {
    const all = { appUrl, cookieSecret, ...options }
    const make = (): unknown => createAuth(client, all)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(name)
  })

  test('a client of another kind', () => {
    expect(() => createAuth({} as never, { appUrl })).toThrow('createDescopeClient')
    expect(() => createAuth(client, undefined as never)).toThrow('appUrl')
  })
})

test('an origin of another site is trusted where the cookies reach it', () => {
  const trustedOrigins = ['https://www.example.org', 'http://localhost:5173']
  const cookies = { sameSite: 'none' } as const
  const auth = createAuth(client, { appUrl, cookieSecret, trustedOrigins, cookies })
  auth.close()
})

test('a page that is undefined is the built-in one', async () => {
  await using app = await startExpressApp({ pages: { signIn: undefined } as object })
  expect((await app.browser().visit('/me')).location).toBe('/auth/sign-in?returnTo=%2Fme')
})

test('an app on loopback gets a generated secret, with a warning', async () => {
  const warned = new Promise<Error & { code?: string }>((resolve) => {
    process.once('warning', resolve)
  })
  createAuth(client, { appUrl: 'http://localhost:3000' })
  expect((await warned).code).toBe('LINKPASS_COOKIE_SECRET')
})

test.each(['router', 'verifyCallback', 'optionalSession', 'requireSession'] as const)(
  'auth.%s passed without a call is an error, and the request gets a response',
  async (name) => {
    const app = express()
    const auth = createAuth(client, { appUrl, cookieSecret })
    // It compiles: a function without parameters is a handler, as far as types go.
    app.use(auth[name] as express.RequestHandler)
    app.use((error: Error, _req: unknown, res: express.Response, _next: unknown) => {
      res.status(500).send(error.message)
    })
    const response = await supertest(app).get('/')
    expect(response.text).toBe(`auth.${name} makes a handler. Call it: auth.${name}().`)
  },
)

describe.each(expressVersions)(
  'a mount at a path that links do not lead to, on Express %i',
  (version) => {
    test.each([
      ['router', '/login', '/login/sign-in', '/auth', 'basePath', '/login'],
      ['router', '/', '/sign-in', '/auth', 'basePath', '/'],
      ['router', '/:org/auth', '/acme/auth/sign-in', '/auth', 'basePath', '/acme/auth'],
      ['verifyCallback', '/cb', '/cb?t=x', '/auth/verify', 'verifyPath', '/cb'],
    ] as const)(
      '%s at %s is an error that names both',
      async (part, at, path, right, option, seen) => {
        const app = frameworkOf(version)()
        const auth = createAuth(client, { appUrl, cookieSecret })
        app.use(at, auth[part]())
        app.use((error: Error, _req: unknown, res: express.Response, _next: unknown) => {
          res.status(500).send(error.message)
        })
        expect((await supertest(app).get(path)).text).toBe(
          `The routes are for "${right}" and are mounted at "${seen}". ` +
            `Mount them with app.use("${right}", …), or set ${option} to the path where they are.`,
        )
      },
    )

    test('the error names the mount of an app inside an app, cut to a bounded length', async () => {
      const [app, inner] = [frameworkOf(version)(), frameworkOf(version)()]
      inner.use('/auth', createAuth(client, { appUrl, cookieSecret }).router())
      app.use('/api/:org', inner)
      app.use((error: Error, _req: unknown, res: express.Response, _next: unknown) => {
        res.status(500).send(error.message)
      })
      const { text } = await supertest(app).get(`/api/${'x'.repeat(5000)}/auth/sign-in`)
      expect(text).toContain('are mounted at "/api/xxx')
      expect(text.length).toBeLessThan(300)
    })
  },
)
