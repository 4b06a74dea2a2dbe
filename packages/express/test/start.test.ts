import { existsSync, readFileSync } from 'node:fs'
import type { Express } from 'express'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expressVersions, type Framework, startApp, type TestApp } from './support/app.ts'
import type { Answer, Browser } from './support/browser.ts'

const address = 'ada@example.test'
const signInCalls = '/v1/auth/magiclink/signup-in/email'
const json = { accept: 'application/json', 'content-type': 'application/json' }

function post(
  browser: Browser,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return browser.visit(path, { method: 'POST', body: text, headers: { ...json, ...headers } })
}

const proxyWarnings: string[] = []

function noteWarning({ message }: Error): void {
  if (message.includes('the address of the proxy in front')) proxyWarnings.push(message)
}

beforeAll(() => {
  process.on('warning', noteWarning)
})
afterAll(() => {
  process.off('warning', noteWarning)
})

describe.each(expressVersions)('asking for a link, on Express %i', (version) => {
  test('by JSON: 202 with a locally masked address', async () => {
    await using app = await startApp({ version })
    const answer = await post(app.browser(), '/auth/magic-link', { loginId: address })
    expect(answer.status).toBe(202)
    expect(JSON.parse(answer.body)).toEqual({ maskedEmail: 'a***@example.test' })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('by SMS and WhatsApp, where the app offers them', async () => {
    await using app = await startApp({ version, methods: ['sms', 'whatsapp'] })
    for (const method of ['sms', 'whatsapp']) {
      const browser = app.browser()
      const loginId = method === 'sms' ? '+44 20 7946 0018' : '+44 20 7946 0019'
      const answer = await post(browser, '/auth/magic-link', { loginId, method })
      expect(JSON.parse(answer.body)).toEqual({ maskedPhone: `***${loginId.slice(-4)}` })
      const link = await app.linkFor(loginId.replaceAll(' ', ''))
      expect((await browser.visit(link)).status).toBe(303)
    }
    const email = await post(app.browser(), '/auth/magic-link', {
      loginId: address,
      method: 'email',
    })
    expect(JSON.parse(email.body)).toEqual({ error: 'bad_request', field: 'method' })
  })

  test('before and after body parsers, whoever reads the body', async () => {
    const parsers = (app: Express, framework: Framework): unknown =>
      app.use(framework.json(), framework.urlencoded({ extended: true }))
    const jsonOnly = (app: Express, framework: Framework): unknown => app.use(framework.json())
    for (const before of [undefined, parsers, jsonOnly]) {
      await using app = await startApp({ version, limits: false, ...(before && { before }) })
      const browser = app.browser()
      expect((await post(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
      const form = await browser.visit('/auth/magic-link', { form: { loginId: address } })
      expect(form.location).toBe('/auth/check-inbox')
      const nested = await post(browser, '/auth/magic-link', { loginId: { a: 1 } })
      expect(JSON.parse(nested.body)).toEqual({ error: 'bad_request', field: 'loginId' })
    }
  })

  test('T-50: a known and an unknown address get the same answer', async () => {
    const events: unknown[] = []
    const listen = (event: unknown): unknown => events.push(event)
    await using app = await startApp({ version, mode: 'sign-in', limits: false })
    await app.client.magicLink.signUp.email(address)
    const { links } = await app.emulator.inbox.waitFor({ to: address })
    await app.client.magicLink.verify(links[0]?.token ?? '')
    subscribe('linkpass:sign-in:refused', listen)
    const known = await post(app.browser(), '/auth/magic-link', { loginId: address })
    const unknown = await post(app.browser(), '/auth/magic-link', { loginId: 'bob@example.test' })
    unsubscribe('linkpass:sign-in:refused', listen)
    const shape = (answer: Answer): unknown => {
      const { date: _date, 'set-cookie': _cookie, etag: _etag, ...headers } = answer.headers
      return [answer.status, Object.keys(JSON.parse(answer.body)), Object.keys(headers)]
    }
    expect(shape(unknown)).toEqual(shape(known))
    expect(events).toEqual([{ step: 'send', code: 'E062108', status: 400 }])
  })

  test('T-52: no header and no field chooses where a link leads', async () => {
    await using app = await startApp({ version })
    await post(
      app.browser(),
      '/auth/magic-link',
      { loginId: address },
      {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.example',
        referer: 'https://evil.example/',
      },
    )
    const message = await app.emulator.inbox.waitFor({ to: address })
    expect(message.links[0]?.url).toMatch(new RegExp(`^${app.origin}/auth/verify/`))
  })

  test.each(['loginOptions', 'customClaims', 'tenantId', 'stepup', 'redirectUrl', '__proto__'])(
    'a body that says %s is 400, and names it',
    async (field) => {
      await using app = await startApp({ version })
      const body = `{"loginId":"${address}","${field}":"x"}`
      const answer = await post(app.browser(), '/auth/magic-link', body)
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.body)).toEqual({ error: 'bad_request', field })
      expect(app.calls(signInCalls)).toBe(0)
    },
  )

  test.each(['../../mgmt', '..', 'email%2f..', '__proto__', 'constructor', 'voice'])(
    'T-54: %s is no way to send a link, and reaches no path of the service',
    async (method) => {
      await using app = await startApp({ version, methods: ['email', 'sms', 'whatsapp'] })
      const answer = await post(app.browser(), '/auth/magic-link', { loginId: address, method })
      expect([answer.status, JSON.parse(answer.body).field]).toEqual([400, 'method'])
      expect(app.emulator.requests()).toEqual([])
    },
  )

  test('T-55: __proto__ in a body, a query or a cookie changes no prototype', async () => {
    await using app = await startApp({ version })
    const bodies = [
      [`{"loginId":"${address}","__proto__":{"polluted":1}}`, json],
      [
        `loginId=${address}&__proto__[polluted]=1`,
        { ...json, 'content-type': 'application/x-www-form-urlencoded' },
      ],
      [`{"loginId":"${address}","constructor":{"prototype":{"polluted":1}}}`, json],
    ] as const
    for (const [body, headers] of bodies) {
      expect((await post(app.browser(), '/auth/magic-link', body, headers)).status).toBe(400)
    }
    const query = '?__proto__[polluted]=1&constructor[prototype][polluted]=1'
    const cookie = '__proto__=j:{"polluted":1}; constructor.prototype.polluted=1'
    const page = await app.browser().visit(`/auth/sign-in${query}`, { headers: { cookie } })
    expect(page.status).toBe(200)
    expect({}).not.toHaveProperty('polluted')
    expect(app.calls(signInCalls)).toBe(0)
  })

  test('T-53: an address that could split anything is 400, and the service is not asked', async () => {
    await using app = await startApp({ version })
    const hostile = [
      ...[
        'a@b\r\nBcc: c@d.example',
        'a@b.example\u0000',
        '\u001b[31m@b.example',
        'a\u2028@b.example',
      ],
      ...['a@b.example,c@d.example', 'a@b.example;c@d.example', `${'a'.repeat(321)}@b.example`],
      ...['', ' ', 'nobody', '<a@b.example>', '"a b"@c.example', 'a@b@c.example'],
    ]
    for (const loginId of [...hostile, ...injections(), null, 7, [address], { a: address }]) {
      const answer = await post(app.browser(), '/auth/magic-link', { loginId })
      expect(answer.status, JSON.stringify(loginId)).toBe(400)
    }
    expect(app.calls(signInCalls)).toBe(0)
  })

  test('T-56: a body of another kind or size is refused, and never read to the end', async () => {
    await using app = await startApp({ version })
    const tryBody = (body: string, headers: Record<string, string>): Promise<Answer> =>
      post(app.browser(), '/auth/magic-link', body, headers)
    const big = JSON.stringify({ loginId: 'a'.repeat(1_000_000) })
    expect((await tryBody(big, {})).status).toBe(413)
    expect((await tryBody('loginId=a', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await tryBody('x', { 'content-encoding': 'gzip' })).status).toBe(415)
    for (const body of ['[]', '"x"', '7', 'null', '{', '{"loginId":']) {
      expect((await tryBody(body, {})).status, body).toBe(400)
    }
    const twice = `loginId=${address}&loginId=b@example.test`
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await tryBody(twice, form)).status).toBe(400)
    expect(app.calls(signInCalls)).toBe(0)
  })

  test('a second link within the pause is 429, and the page counts it down', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await browser.visit('/auth/magic-link', { form: { loginId: address } })
    app.emulator.clock.advance(10_000)
    const page = await browser.visit('/auth/check-inbox')
    expect(Number(/data-ready-in="(\d+)"/.exec(page.body)?.[1])).toBeGreaterThan(15)
    const again = await browser.submit(page)
    expect(again.status).toBe(429)
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(15)
    app.emulator.clock.advance(30_000)
    expect((await browser.submit(page)).status).toBe(303)
    expect(app.calls(signInCalls)).toBe(2)
  })

  test('a link that was used here makes room for the next one at once, within the count', async () => {
    const limits = { perAddress: 2, cooldownSeconds: 30 }
    await using app = await startApp({ version, limits })
    const browser = app.browser()
    await app.signIn(browser)
    await browser.visit('/auth/logout', { form: {} })
    await app.signIn(browser)
    expect((await browser.visit('/auth/magic-link', { form: { loginId: address } })).status).toBe(
      429,
    )
  })

  test('a link that was used elsewhere leaves the pause as it is', async () => {
    await using app = await startApp({ version })
    const [browser, other] = [app.browser(), app.browser()]
    await browser.visit('/auth/magic-link', { form: { loginId: address } })
    const page = await other.visit(await app.linkFor(address))
    expect((await other.submit(page)).status).toBe(303)
    expect((await browser.visit('/auth/magic-link', { form: { loginId: address } })).status).toBe(
      429,
    )
  })

  test.each(['/auth/magic-link', '/auth/enchanted-link'])(
    'a start that cannot be now is one press later, on the way to the same place: %s',
    async (path) => {
      await using app = await startApp({
        version,
        mode: 'sign-up',
        methods: ['email', 'enchanted'],
        client: { timeoutMs: 2000 },
      })
      const browser = app.browser()
      const form = { loginId: address, method: 'email', returnTo: '/me?tab=1', name: 'Ada' }
      await browser.visit(path, { form })
      const tooSoon = await browser.visit(path, { form })
      expect(tooSoon.status).toBe(429)
      expect(browser.hiddenFields(tooSoon)).toEqual(form)
      expect(tooSoon.body).toContain('data-ready-in="30"')
      app.emulator.clock.advance(30_000)
      app.emulator.faults.add({ path: '/v1/auth/*', status: 503 })
      const outage = await browser.submit(tooSoon)
      expect(outage.status).toBe(503)
      expect((await browser.submit(outage)).status).toBe(303)
    },
  )

  test('a sign-up sent once more says again what the new person said of themselves', async () => {
    await using app = await startApp({ version, mode: 'sign-up' })
    const browser = app.browser()
    const said = { name: 'Ada "the Countess" Lovelace', givenName: 'Ada', familyName: '' }
    await browser.visit('/auth/magic-link', { form: { loginId: address, ...said } })
    await app.linkFor(address)
    app.emulator.clock.advance(30_000)
    const again = await browser.submit(await browser.visit('/auth/check-inbox'))
    expect(again.location).toBe('/auth/check-inbox')
    await browser.visit(await app.linkFor(address))
    const me = await app.client.me(browser.cookie('DSR') ?? '')
    expect(me.data).toMatchObject({ name: said.name, givenName: 'Ada' })
  })

  test('T-43: names that no cookie holds cost neither the first link nor the next', async () => {
    await using app = await startApp({ version, mode: 'sign-up' })
    const browser = app.browser()
    const long = '名'.repeat(200)
    const names = { name: long, givenName: long, middleName: long, familyName: long }
    const form = { loginId: address, returnTo: '/me', ...names }
    await browser.visit('/auth/magic-link', { form })
    await app.linkFor(address)
    app.emulator.clock.advance(30_000)
    const page = await browser.visit('/auth/check-inbox')
    expect(browser.hiddenFields(page)).toEqual({
      loginId: address,
      method: 'email',
      returnTo: '/me',
    })
    await browser.submit(page)
    expect((await browser.visit(await app.linkFor(address))).location).toBe('/me')
  })

  test('sends are limited per address and per IP, alike for every address', async () => {
    const limits = { perAddress: 2, perIp: 4, cooldownSeconds: 0 }
    await using app = await startApp({ version, limits })
    const send = async (loginId: string): Promise<number> =>
      (await post(app.browser(), '/auth/magic-link', { loginId })).status
    expect([await send(address), await send(address), await send(address)]).toEqual([202, 202, 429])
    expect([await send('b@example.test'), await send('c@example.test')]).toEqual([202, 429])
    app.emulator.clock.advance(15 * 60_000)
    expect(await send(address)).toBe(202)
  })

  test('a proxy that Express was not told of is warned of, since all visitors count as one', async () => {
    const send = async (app: TestApp): Promise<void> => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7' }
      const body = JSON.stringify({ loginId: address })
      expect((await app.browser().visit('/auth/magic-link', { headers, body })).status).toBe(202)
    }
    await using told = await startApp({ version, before: (app) => app.set('trust proxy', 1) })
    const before = proxyWarnings.length
    await send(told)
    expect(proxyWarnings).toHaveLength(before)
    told.emulator.reset()
    await using untold = await startApp({ version })
    await send(untold)
    // Once in a process is enough, and the tests of both Expresses share it, in whatever order.
    expect(proxyWarnings).toHaveLength(1)
  })

  test('too many at the service is 429 here, with its Retry-After', async () => {
    await using app = await startApp({ version })
    app.emulator.faults.add({ path: signInCalls, status: 429, retryAfterSeconds: 17 })
    const answer = await post(app.browser(), '/auth/magic-link', { loginId: address })
    expect(answer.status).toBe(429)
    expect(answer.headers['retry-after']).toBe('17')
  })

  test('a start that failed before it was sent may be tried again at once', async () => {
    await using app = await startApp({ version })
    app.emulator.faults.add({ path: signInCalls, status: 503 })
    const browser = app.browser()
    expect((await post(browser, '/auth/magic-link', { loginId: address })).status).toBe(503)
    expect((await post(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
  })

  test('an outage uses up nobody’s sends', async () => {
    await using app = await startApp({ version, limits: { perAddress: 2 } })
    app.emulator.faults.add({ path: signInCalls, status: 503, times: 6 })
    const browser = app.browser()
    for (let again = 0; again < 6; again += 1) {
      const refused = await post(browser, '/auth/magic-link', { loginId: address })
      expect(refused.status).toBe(503)
    }
    expect((await post(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
  })

  test('a start whose answer was lost is not sent twice, and its link works', async () => {
    await using app = await startApp({ version })
    app.emulator.faults.add({ path: signInCalls, drop: 'after' })
    const browser = app.browser()
    expect((await post(browser, '/auth/magic-link', { loginId: address })).status).toBe(503)
    expect(app.calls(signInCalls)).toBe(1)
    expect((await browser.visit(await app.linkFor(address))).status).toBe(303)
  })

  test('prepareLink gives an app’s own handler a link that signs in in this browser', async () => {
    const routes = (app: Express, auth: TestApp['auth'], client: TestApp['client']): unknown =>
      app.post('/send', (req, res) => {
        const [first, second] = ['/me?own', '//evil.example'].map((returnTo) =>
          auth.prepareLink(req, res, { returnTo }),
        )
        const { email } = client.magicLink.signUpOrIn
        void Promise.all([email(address, first), email('b@example.test', second)]).then(() =>
          res.send(first),
        )
      })
    await using app = await startApp({ version, routes })
    const browser = app.browser()
    const sent = await browser.visit('/send', { form: {} })
    expect(sent.headers['cache-control']).toBe('no-store')
    expect(sent.body).toMatch(new RegExp(`^${app.origin}/auth/verify/[\\w-]{22}$`))
    const [first, second] = [await app.linkFor(address), await app.linkFor('b@example.test')]
    expect((await browser.visit(second)).location).toBe('/')
    await browser.visit('/auth/logout', { form: {} })
    expect((await browser.visit(first)).location).toBe('/me?own')
  })

  test('prepareLink says what it cannot take, instead of sealing it into a cookie', async () => {
    const wrong = [{ method: 'fax' }, { loginId: 7 }, { returnto: '/me' }]
    await using app = await startApp({
      version,
      routes: (app, auth) => {
        app.get('/wrong/:index', (req, res) => {
          try {
            auth.prepareLink(req, res, wrong[Number(req.params['index'])] as object)
            res.send('made')
          } catch (error) {
            res.send(String(error))
          }
        })
      },
    })
    for (const [index, name] of ['method', 'loginId', 'returnto'].entries()) {
      const answer = await app.browser().visit(`/wrong/${index}`)
      expect(answer.body).toMatch(new RegExp(`^TypeError: prepareLink.*${name}`))
    }
  })

  test('login options come from the server’s function', async () => {
    await using app = await startApp({
      version,
      loginOptions: (req) => ({ customClaims: { from: req.get('user-agent') } }),
    })
    const browser = app.browser()
    await post(browser, '/auth/magic-link', { loginId: address }, { 'user-agent': 'Firefox' })
    await browser.visit(await app.linkFor(address))
    const [, payload = ''] = (browser.cookie('DS') ?? '').split('.')
    expect(Buffer.from(payload, 'base64url').toString()).toContain('"from":"Firefox"')
  })

  test('a browser that keeps no cookies is still told that its link is on its way', async () => {
    await using app = await startApp({ version })
    const page = await app.browser().visit('/auth/check-inbox')
    expect(page.status).toBe(200)
    expect(page.body).toContain('it is on its way')
    expect(page.body).toContain('href="/auth/sign-in"')
  })

  test('a start cookie of another app is nothing', async () => {
    await using app = await startApp({ version })
    await using other = await startApp({
      version,
      cookieSecret: 'another secret, of 32 bytes and more',
    })
    const browser = app.browser()
    await post(browser, '/auth/magic-link', { loginId: address })
    const stolen = { cookie: `linkpass-attempt=${browser.cookie('linkpass-attempt')}` }
    const page = await other.browser().visit('/auth/check-inbox', { headers: stolen })
    expect(page.body).not.toContain(address)
    expect(page.body).toContain('If you asked for a link')
  })
})

/** Naughty fields, where the list is at hand. */
function injections(): readonly string[] {
  const file = new URL('../../../../shared/vectors/own/injection_strings.json', import.meta.url)
  if (!existsSync(file)) return []
  const found: unknown[] = Object.values(JSON.parse(readFileSync(file, 'utf8')))
  return found
    .flat()
    .filter((one): one is string => typeof one === 'string' && /[\r\n\0]/.test(one))
}
