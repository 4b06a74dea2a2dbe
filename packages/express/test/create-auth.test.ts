import express from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createDescopeClient } from '@linkpass/core'
import * as door from '@linkpass/express'
import { createAuth } from '@linkpass/express'
import { expressVersions, frameworkOf, secret, startApp } from './support/app.ts'
import { projectId } from './support/tokens.ts'

const client = createDescopeClient({ projectId })
const appUrl = 'https://app.example.com'

test('the door of the package opens to these names and no others', () => {
  expect(Object.keys(door).sort()).toEqual([
    'FailureError',
    'createAuth',
    'getAuth',
    'getSession',
    'requireSession',
  ])
})

describe('options that cannot be right fail when they are given, by name', () => {
  const wrong: readonly (readonly [string, Record<string, unknown>])[] = [
    ['appUrl', { appUrl: undefined }],
    ['appUrl', { appUrl: 'app.example.com' }],
    ['appUrl', { appUrl: 'ftp://app.example.com' }],
    ['appUrl', { appUrl: 'http://app.example.com' }],
    ['appUrl', { appUrl: 'https://app.example.com/path' }],
    ['appUrl', { appUrl: 'https://user@app.example.com' }],
    ['appUrl', { appUrl: 'https://app.example.com.' }],
    ['cookieSecret', { cookieSecret: undefined }],
    ['cookieSecret', { cookieSecret: 'short' }],
    ['cookieSecret', { cookieSecret: [] }],
    ['cookieSecret', { cookieSecret: [secret, 'short'] }],
    ['basePath', { basePath: 'auth' }],
    ['basePath', { basePath: '/' }],
    ['basePath', { basePath: '//evil.example' }],
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
    // A setting that is silently not made, one level down.
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
    ['cookieSecrets', { cookieSecrets: [secret] }],
  ]

  test.each(wrong)('%s: %j', (name, options) => {
    const all = { appUrl, cookieSecret: secret, ...options }
    const make = (): unknown => createAuth(client, all)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(name)
  })

  test('something that is no client', () => {
    expect(() => createAuth({} as never, { appUrl })).toThrow('createDescopeClient')
    expect(() => createAuth(client, undefined as never)).toThrow('appUrl')
  })
})

test('a page that is undefined is the built-in one, as with every option', async () => {
  await using app = await startApp({ pages: { signIn: undefined } as object })
  expect((await app.browser().visit('/me')).location).toBe('/auth/sign-in?returnTo=%2Fme')
})

test('a loopback app gets a secret of its own, with a warning', async () => {
  const warned = new Promise<Error & { code?: string }>((resolve) => {
    process.once('warning', resolve)
  })
  createAuth(client, { appUrl: 'http://localhost:3000' })
  expect((await warned).code).toBe('LINKPASS_COOKIE_SECRET')
})

describe.each(expressVersions)('mounting, on Express %i', (version) => {
  test('a base path of the app’s own, in any case and with a slash at the end', async () => {
    await using app = await startApp({ version, basePath: '/account/auth' })
    const browser = app.browser()
    await app.signIn(browser)
    expect((await browser.visit('/me')).status).toBe(200)
    expect((await app.browser().visit('/Account/Auth/sign-in/')).status).toBe(200)
    const page = await app.browser().visit('/account/auth/sign-in')
    const stylesheet = /href="([^"]+style\.css)"/.exec(page.body)?.[1] ?? ''
    expect(stylesheet).toBe('/account/auth/verify/style.css')
    const styles = await app.browser().visit(stylesheet)
    expect([styles.status, styles.headers['content-type']]).toEqual([
      200,
      'text/css; charset=utf-8',
    ])
  })

  test('a verify path of the app’s own, with the callback alone', async () => {
    const verifyPath = '/api/verify_magiclink'
    await using app = await startApp({
      version,
      verifyPath,
      routes: (express, auth) => {
        express.use(verifyPath, auth.verifyCallback())
      },
    })
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

  test('pages of the app’s own take the place of ours', async () => {
    const pages = { signIn: '/hello', checkInbox: '/sent', afterSignIn: '/welcome' }
    await using app = await startApp({ version, pages })
    const browser = app.browser()
    expect((await browser.visit('/me')).location).toBe('/hello?returnTo=%2Fme')
    expect((await browser.visit('/auth/sign-in')).status).toBe(404)
    const sent = await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
    expect(sent.location).toBe('/sent')
    expect((await browser.visit(await app.linkFor('ada@example.test'))).location).toBe('/welcome')
  })

  test('the path of the mount itself is the app’s', async () => {
    const routes = (app: express.Express): unknown =>
      app.get('/account', (_req, res) => {
        res.send('my account')
      })
    await using started = await startApp({ version, basePath: '/account', routes })
    expect((await started.browser().visit('/account')).body).toBe('my account')
  })

  test('behind a proxy, the app’s address still comes from configuration alone', async () => {
    await using app = await startApp({
      version,
      appUrl: 'https://app.example.com',
      before: (express) => express.set('trust proxy', true),
    })
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
    const answer = await app.browser().visit('/me', {
      headers: { accept: 'text/html', ...forwarded },
    })
    expect(answer.location).toBe('/auth/sign-in?returnTo=%2Fme')
  })
})

test.each(['router', 'verifyCallback', 'optionalSession', 'requireSession'] as const)(
  'auth.%s handed over uncalled is an error, and no request without an answer',
  async (name) => {
    const app = express()
    const auth = createAuth(client, { appUrl, cookieSecret: secret })
    // It compiles: a function of no arguments is a handler, as far as types go.
    app.use(auth[name] as express.RequestHandler)
    app.use((error: Error, _req: unknown, res: express.Response, _next: unknown) => {
      res.status(500).send(error.message)
    })
    const answer = await supertest(app).get('/')
    expect(answer.text).toBe(`auth.${name} makes a handler. Call it: auth.${name}().`)
  },
)

describe.each(expressVersions)(
  'a mount that the links do not lead to, on Express %i',
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
        const auth = createAuth(client, { appUrl, cookieSecret: secret })
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

    test('is named even inside an app inside an app, and never at a visitor’s length', async () => {
      const [app, inner] = [frameworkOf(version)(), frameworkOf(version)()]
      inner.use('/auth', createAuth(client, { appUrl, cookieSecret: secret }).router())
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
