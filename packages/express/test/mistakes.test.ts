/** The most likely mistakes of an app's developer: what they read, and that it names the fix. */
import { clientOptionsFromEnv, createDescopeClient, unwrap } from '@linkpass/core'
import { createAuth, getSession, requireSession } from '@linkpass/express'
import { createTokenIssuer, projectId } from '@linkpass/testing'
import type { Express } from 'express'
import { afterAll, expect, test } from 'vitest'
import { type ExpressAppOptions, startExpressApp } from './express-adapter.ts'

const client = createDescopeClient({ projectId })
const cookieSecret = 'a secret of at least thirty-two bytes'
const local = { appUrl: 'http://localhost:3000', cookieSecret }
const issuer = await createTokenIssuer()

const warnings: string[] = []
const note = (warning: Error & { detail?: string }): unknown =>
  warnings.push(`${warning.message} ${warning.detail ?? ''}`)
process.on('warning', note)
afterAll(() => {
  process.off('warning', note)
})

/** What an app with wrong options, or a wrong call, throws. */
function thrown(run: () => unknown): () => Promise<string> {
  return async () => {
    try {
      const result = await run()
      return `no error, but ${String(result)}`
    } catch (error) {
      return error instanceof Error ? error.message : `thrown: ${String(error)}`
    }
  }
}

/** What createAuth says of options; they are wrong on purpose. */
function auth(options: object): () => Promise<string> {
  return thrown(() => createAuth(client, { ...local, ...options }))
}

/** The response of a wrongly built app to a request, and what it prints. */
function response(
  options: ExpressAppOptions,
  path: string,
  headers: Record<string, string> = {},
  body?: object,
): () => Promise<string> {
  return async () => {
    const before = warnings.length
    await using app = await startExpressApp(options)
    const json = { accept: 'application/json', 'content-type': 'application/json', ...headers }
    const visit = body ? { method: 'POST' as const, body: JSON.stringify(body) } : {}
    const { body: text, status } = await app.browser().visit(path, { headers: json, ...visit })
    await new Promise(setImmediate)
    return [status, text, ...warnings.slice(before)].join(' ')
  }
}

const showErrors = (app: Express): unknown =>
  app.use((error: Error, _req: unknown, res: { end: (text: string) => void }, _next: unknown) => {
    res.end(error.message)
  })

/** Each mistake, what the developer reads, and the fix that it names. */
const mistakes: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
  [
    'the arguments of createAuth swapped',
    thrown(() => createAuth(local as never, client as never)),
    /createDescopeClient/,
  ],
  ['createAuth without options', thrown(() => createAuth(client, undefined as never)), /appUrl/],
  [
    'createDescopeClient without options',
    thrown(() => createDescopeClient(undefined as never)),
    /projectId/,
  ],
  [
    'a wrong project id',
    thrown(() => createDescopeClient({ projectId: 'my-project' })),
    /"P" and 27/,
  ],
  [
    'no project id in the environment',
    thrown(() => clientOptionsFromEnv({})),
    /DESCOPE_PROJECT_ID/,
  ],
  [
    'an option of the client in the wrong case',
    thrown(() => createDescopeClient({ projectID: projectId } as never)),
    /"projectID"; it has projectId/,
  ],
  ['appUrl without a scheme', auth({ appUrl: 'localhost:3000' }), /https:\/\/ \(or http/],
  ['appUrl with a query', auth({ appUrl: 'http://localhost:3000/?a=1' }), /no user name, query/],
  [
    'appUrl over http in production',
    auth({ appUrl: 'http://app.example.com' }),
    /Use https, or dangerouslyAllowHttp/,
  ],
  [
    'no cookieSecret in production',
    auth({ appUrl: 'https://a.example', cookieSecret: undefined }),
    /cookieSecret is missing, and only an app on loopback.*openssl rand/,
  ],
  ['a short cookieSecret', auth({ cookieSecret: 'secret' }), /openssl rand/],
  ['an option in the wrong case', auth({ onSignin: () => {} }), /"onSignin"; it has .*onSignIn/],
  ['a hook that is no function', auth({ onSignIn: 'welcome' }), /onSignIn must be a function/],
  ['a language in place of a function', auth({ locale: 'de' }), /such as \(\) => "de"/],
  ['a method in place of a list', auth({ methods: 'email' }), /a list of at least one of email/],
  [
    'cookies.domain of localhost',
    auth({ cookies: { domain: 'localhost' } }),
    /leave it out for localhost/,
  ],
  ['verifyPath with a parameter', auth({ verifyPath: '/verify/:state' }), /no parameter/],
  [
    'verifyPath of another route',
    auth({ verifyPath: '/auth/session' }),
    /"\/auth\/session" is another/,
  ],
  ['basePath without a slash', auth({ basePath: 'auth' }), /such as "\/auth"/],
  ['an unknown method', auth({ methods: ['mail'] }), /email, sms, whatsapp, enchanted/],
  [
    'a page on another site',
    auth({ pages: { signIn: 'https://other.example/login' } }),
    /a path of the app, such as/,
  ],
  [
    'a trusted origin with a slash',
    auth({ trustedOrigins: ['http://localhost:5173/'] }),
    /write "http:\/\/localhost:5173", as browsers do/,
  ],
  [
    'P18: a trusted origin with a password, which is not repeated',
    auth({ trustedOrigins: ['http://ada:secret@localhost:5173'] }),
    /^trustedOrigins: write "http:\/\/localhost:5173", as browsers do, and no more\.$/,
  ],
  [
    'a trusted origin of another site',
    auth({ trustedOrigins: ['https://other.example'] }),
    /Open both under one host name/,
  ],
  ['a misspelt limit', auth({ limits: { perIP: 5 } }), /"perIP"; it has .*perIp/],
  [
    'the router not called',
    thrown(() =>
      (createAuth(client, local).router as (...args: unknown[]) => unknown)({}, {}, () => {}),
    ),
    /Call it: auth.router\(\)/,
  ],
  [
    'a guard not called',
    thrown(() =>
      (createAuth(client, local).requireSession as (...args: unknown[]) => unknown)(
        {},
        {},
        () => {},
      ),
    ),
    /requireSession/,
  ],
  [
    'a guard given the request',
    thrown(() => createAuth(client, local).requireSession({ headers: {} } as never)),
    /makes a guard/,
  ],
  [
    'an open route: a list of roles from a misspelt constant',
    thrown(() => createAuth(client, local).requireSession({ roles: undefined } as never)),
    /roles is undefined.*Leave it out/,
  ],
  [
    'a role in place of a list',
    thrown(() => createAuth(client, local).requireSession({ roles: 'admin' } as never)),
    /a list of names, all of which/,
  ],
  [
    'a misspelt option of a guard',
    thrown(() => createAuth(client, local).requireSession({ role: ['admin'] } as never)),
    /"role"; it has roles/,
  ],
  [
    'requireSession without a client',
    thrown(() => requireSession({} as never)),
    /createDescopeClient/,
  ],
  [
    'a guard where the app keeps its own session',
    thrown(() =>
      createAuth(client, { ...local, session: 'none', onSignIn: () => {} }).requireSession(),
    ),
    /own instead/,
  ],
  [
    'getSession without a guard in front',
    thrown(() => getSession({} as never)),
    /Put requireSession\(\) in front/,
  ],
  [
    'auth.account without the request',
    thrown(() => createAuth(client, local).account(undefined as never)),
    /must be the req of a handler/,
  ],
  [
    'auth.identifyUpgrade without the request',
    thrown(() => createAuth(client, local).identifyUpgrade(undefined as never)),
    /the upgrade event/,
  ],
  [
    'a guard called as a function of the request',
    thrown(() =>
      (createAuth(client, local).requireSession() as (...args: unknown[]) => unknown)({}),
    ),
    /is called with \(req, res, next\)/,
  ],
  [
    'a token in place of a session',
    thrown(() => client.validateRoles('eyJhbGciOiJSUzI1NiJ9.e30.c2ln' as never, ['admin'])),
    /^Roles are read from a session/,
  ],
  ['unwrap without await', thrown(() => unwrap(client.magicLink.verify('') as never)), /await/],
  [
    'a client of Redis in place of a store',
    thrown(() => createDescopeClient({ projectId, store: { get: () => {} } as never })),
    /redisStore\(client\).*the method getMany/,
  ],
  [
    'a refresh token where a session token belongs',
    thrown(async () =>
      createDescopeClient({ projectId, publicKey: issuer.publicKey }).validateSession(
        await issuer.refresh(),
      ),
    ),
    /where a refresh token belongs/,
  ],
  [
    'a session token where a refresh token belongs',
    thrown(async () =>
      createDescopeClient({ projectId, publicKey: issuer.publicKey }).refreshSession(
        await issuer.session(),
      ),
    ),
    /where a refresh token belongs/,
  ],
  [
    'a call of a closed client',
    thrown(async () => {
      const closed = createDescopeClient({ projectId })
      await closed.close()
      return unwrap(await closed.me(await issuer.refresh()))
    }),
    /Create it once/,
  ],
  [
    'the router at another path than basePath',
    response(
      {
        basePath: '/auth',
        before: (app) => {
          app.use('/login', createAuth(client, local).router())
          showErrors(app)
        },
      },
      '/login/session',
    ),
    /app.use\("\/auth", …\), or set basePath/,
  ],
  [
    'the sign-in page behind the guard',
    response(
      {
        before: (app) => {
          app.use(createAuth(client, local).requireSession())
          showErrors(app)
        },
      },
      '/auth/sign-in',
      { accept: 'text/html' },
    ),
    /Mount auth.router\(\) in front of it/,
  ],
  [
    'a body that was read and dropped',
    response(
      { before: (app) => app.use((req, _res, next) => void req.on('end', next).resume()) },
      '/auth/magic-link',
      {},
      { loginId: 'a@example.com' },
    ),
    /express.json\(\)/,
  ],
  [
    'a proxy that Express does not trust',
    response(
      {},
      '/auth/magic-link',
      { 'x-forwarded-for': '192.0.2.1' },
      { loginId: 'a@example.com' },
    ),
    /app.set\('trust proxy', 1\)/,
  ],
  [
    'a front end that is not trusted',
    response(
      {},
      '/auth/magic-link',
      { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' },
      { loginId: 'a@example.com' },
    ),
    /trustedOrigins: \["http:\/\/localhost:5173"\]/,
  ],
  [
    'appUrl with another port than the app',
    response(
      {},
      '/auth/magic-link',
      { host: 'localhost:4321', origin: 'http://localhost:4321', 'sec-fetch-site': 'same-origin' },
      { loginId: 'a@example.com' },
    ),
    /opened at http:\/\/localhost:4321, and appUrl is http:\/\/localhost:\d+/,
  ],
  [
    'a form as multipart',
    response({}, '/auth/magic-link', { 'content-type': 'multipart/form-data; boundary=x' }, {}),
    /new URLSearchParams\(new FormData\(form\)\)/,
  ],
  [
    'a link in place of a form for the sign-out',
    response({}, '/auth/logout'),
    /This route takes POST/,
  ],
  [
    'a change that is not switched on',
    response({}, '/auth/email', { 'sec-fetch-site': 'same-origin' }, { email: 'a@example.com' }),
    /account: { email: true }/,
  ],
  [
    'an enchanted link that is not switched on',
    response({}, '/auth/enchanted-link', {}, { loginId: 'a@example.com' }),
    /methods: \['email', 'enchanted'\]/,
  ],
]

test('all of the most likely mistakes say what to do', async () => {
  const missed: string[] = []
  for (const [mistake, read, fix] of mistakes) {
    const text = await read()
    if (!fix.test(text)) missed.push(`${mistake}: ${text}`)
  }
  expect(mistakes.length).toBeGreaterThanOrEqual(49)
  expect(missed).toEqual([])
})
