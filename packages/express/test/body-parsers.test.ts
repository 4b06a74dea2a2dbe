import type { Express } from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postJson } from '@linkpass/testing/adapter-suite/steps'
import { expressVersions, type Framework, startExpressApp } from './express-adapter.ts'

const address = 'ada@example.test'

const warnings: string[] = []

function noteWarning({ message }: Error): void {
  if (message.includes('its body was read')) warnings.push(message)
}

beforeAll(() => {
  process.on('warning', noteWarning)
})
afterAll(() => {
  process.off('warning', noteWarning)
})

describe.each(expressVersions)('requesting a link, on Express %i', (version) => {
  test('works before and after body parsers of the app', async () => {
    const parsers = (app: Express, framework: Framework): unknown =>
      app.use(framework.json(), framework.urlencoded({ extended: true }))
    const jsonOnly = (app: Express, framework: Framework): unknown => app.use(framework.json())
    for (const before of [undefined, parsers, jsonOnly]) {
      await using app = await startExpressApp({ version, limits: false, ...(before && { before }) })
      const browser = app.browser()
      expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
      const form = await browser.visit('/auth/magic-link', { form: { loginId: address } })
      expect(form.location).toBe('/auth/check-inbox')
      const nested = await postJson(browser, '/auth/magic-link', { loginId: { a: 1 } })
      expect(JSON.parse(nested.body)).toEqual({ error: 'bad_request', field: 'loginId' })
    }
  })

  test('U23: a body that was read and dropped is 400, and a warning names the fix', async () => {
    const consume = (app: Express): unknown =>
      app.use((req, _res, next) => void req.on('end', next).resume())
    await using app = await startExpressApp({ version, before: consume })
    const response = await postJson(app.browser(), '/auth/magic-link', { loginId: address })
    expect(response.status).toBe(400)
    // Printed once per process, which the tests share.
    expect(warnings).toHaveLength(1)
  })

  test.each(['text', 'raw'] as const)('reads a body that express.%s() has left', async (parser) => {
    const consume = (app: Express, framework: Framework): unknown =>
      app.use(framework[parser]({ type: () => true }))
    await using app = await startExpressApp({ version, before: consume, limits: false })
    const browser = app.browser()
    expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
    const form = await browser.visit('/auth/magic-link', { form: { loginId: address } })
    expect(form.location).toBe('/auth/check-inbox')
    const headers = { 'content-type': 'application/json' }
    const [cut, other, long] = [
      { body: '{"loginId":', headers },
      { body: 'loginId=a', headers: { 'content-type': 'text/plain' } },
      { body: JSON.stringify({ loginId: 'x'.repeat(17_000) }), headers },
    ]
    const statuses: number[] = []
    for (const visit of [cut, other, long]) {
      statuses.push((await browser.visit('/auth/magic-link', { method: 'POST', ...visit })).status)
    }
    expect(statuses).toEqual([400, 415, 413])
  })

  test('reads a body whose stream was told to decode it', async () => {
    const decode = (app: Express): unknown =>
      app.use((req, _res, next) => {
        req.setEncoding('utf8')
        next()
      })
    await using app = await startExpressApp({ version, before: decode, limits: false })
    const sent = await postJson(app.browser(), '/auth/magic-link', { loginId: address })
    expect([sent.status, sent.body]).toEqual([202, '{"maskedEmail":"a***@example.test"}'])
    const long = await postJson(app.browser(), '/auth/magic-link', { loginId: 'x'.repeat(17_000) })
    expect(long.status).toBe(413)
  })

  test.each(['latin1', 'base64', 'hex', 'utf16le'] as const)(
    'reads a body whose stream gives %s',
    async (encoding) => {
      const decode = (app: Express): unknown =>
        app.use((req, _res, next) => {
          req.setEncoding(encoding)
          next()
        })
      await using app = await startExpressApp({ version, before: decode, limits: false })
      // An even number of bytes, as utf16le needs.
      const body = JSON.stringify({ loginId: 'jürgen@example.test' })
      const sent = await app.browser().visit('/auth/magic-link', {
        method: 'POST',
        body: Buffer.byteLength(body) % 2 === 0 ? body : `${body} `,
        headers: { 'content-type': 'application/json' },
      })
      expect(sent.status).toBe(202)
      expect(app.emulator.inbox.list({ to: 'jürgen@example.test' })).toHaveLength(1)
    },
  )

  test('a form that a step-up interrupted is kept as a parser in front has read it', async () => {
    await using app = await startExpressApp({
      version,
      before: (express, framework) => express.use(framework.urlencoded({ extended: true })),
      expressRoutes: (express, auth) =>
        express.post('/pay', auth.requireSession({ stepUp: true }), (req, res) => {
          res.json(req.body)
        }),
    })
    const browser = app.browser()
    await app.signIn(browser)
    const refused = await browser.visit('/pay', { form: { amount: '100', 'to[]': 'eve' } })
    expect(refused.status).toBe(401)
    await browser.submit(refused)
    const resumed = await browser.open(await app.linkFor(address))
    expect(JSON.parse((await browser.submit(resumed)).body)).toEqual({ amount: '100', to: 'eve' })

    app.emulator.reset()
    const other = app.browser()
    await app.signIn(other)
    const nested = await other.visit('/pay', { form: { 'to[name]': 'eve' } })
    expect(Object.keys(other.hiddenFields(nested))).toEqual(['returnTo'])
  })
})
