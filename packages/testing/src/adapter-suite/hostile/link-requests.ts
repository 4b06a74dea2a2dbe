import { describe, expect, test } from 'vitest'
import type { BrowserResponse } from '../../browser.ts'
import { hasVectors } from '../../tokens/vectors-or-skip.ts'
import { readVectors } from '../../tokens/vectors.ts'
import type { TestAdapter } from '../adapter.ts'
import { postJson } from '../steps.ts'

const address = 'ada@example.test'
const json = { accept: 'application/json', 'content-type': 'application/json' }
const signInCalls = '/v1/auth/magiclink/signup-in/email'

/** Requests for a link that name another host, set what is not theirs to set, or cannot be read. */
export function hostileLinkRequestCases(adapter: TestAdapter): void {
  describe(`hostile requests for a magic link, on ${adapter.name}`, () => {
    test('T-52: no header and no field decides where a link leads', async () => {
      await using app = await adapter.start()
      await postJson(
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
      'a body with a wrong %s is 400, and the error names it',
      async (field) => {
        await using app = await adapter.start()
        const body = `{"loginId":"${address}","${field}":"x"}`
        const response = await postJson(app.browser(), '/auth/magic-link', body)
        expect(response.status).toBe(400)
        expect(JSON.parse(response.body)).toEqual({ error: 'bad_request', field })
        expect(app.calls(signInCalls)).toBe(0)
      },
    )

    test.each(['../../mgmt', '..', 'email%2f..', '__proto__', 'constructor', 'voice'])(
      'T-54: the method %s is refused, and no request to the service is made',
      async (method) => {
        await using app = await adapter.start({ methods: ['email', 'sms', 'whatsapp'] })
        const response = await postJson(app.browser(), '/auth/magic-link', {
          loginId: address,
          method,
        })
        expect([response.status, JSON.parse(response.body).field]).toEqual([400, 'method'])
        expect(app.emulator.requests()).toEqual([])
      },
    )

    test('T-55: __proto__ in a body, a query or a cookie changes no prototype', async () => {
      await using app = await adapter.start()
      const bodies = [
        [`{"loginId":"${address}","__proto__":{"polluted":1}}`, json],
        [
          `loginId=${address}&__proto__[polluted]=1`,
          { ...json, 'content-type': 'application/x-www-form-urlencoded' },
        ],
        [`{"loginId":"${address}","constructor":{"prototype":{"polluted":1}}}`, json],
      ] as const
      for (const [body, headers] of bodies) {
        expect((await postJson(app.browser(), '/auth/magic-link', body, headers)).status).toBe(400)
      }
      const query = '?__proto__[polluted]=1&constructor[prototype][polluted]=1'
      const cookie = '__proto__=j:{"polluted":1}; constructor.prototype.polluted=1'
      const page = await app.browser().visit(`/auth/sign-in${query}`, { headers: { cookie } })
      expect(page.status).toBe(200)
      expect({}).not.toHaveProperty('polluted')
      expect(app.calls(signInCalls)).toBe(0)
    })

    test('T-53: an address with control or separator characters is 400, and no request to the service is made', async () => {
      await using app = await adapter.start()
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
        const response = await postJson(app.browser(), '/auth/magic-link', { loginId })
        expect(response.status, JSON.stringify(loginId)).toBe(400)
      }
      expect(app.calls(signInCalls)).toBe(0)
    })

    test('T-56: a body of a wrong type or size is refused, and never read to its end', async () => {
      await using app = await adapter.start()
      const tryBody = (body: string, headers: Record<string, string>): Promise<BrowserResponse> =>
        postJson(app.browser(), '/auth/magic-link', body, headers)
      const big = JSON.stringify({ loginId: 'a'.repeat(1_000_000) })
      expect((await tryBody(big, {})).status).toBe(413)
      expect((await tryBody('loginId=a', { 'content-type': 'text/plain' })).status).toBe(415)
      expect((await tryBody('x', { 'content-encoding': 'gzip' })).status).toBe(415)
      for (const body of ['[]', '"x"', '7', 'null', '{', '{"loginId":']) {
        const refused = await tryBody(body, {})
        expect(refused.status, body).toBe(400)
        expect(JSON.parse(refused.body).message, body).toContain('a form or a JSON object')
      }
      const twice = `loginId=${address}&loginId=b@example.test`
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      expect((await tryBody(twice, form)).status).toBe(400)
      expect(app.calls(signInCalls)).toBe(0)
    })
  })
}

/** Naughty fields, where the test vectors are at hand. */
function injections(): readonly string[] {
  if (!hasVectors) return []
  const found: unknown[] = Object.values(JSON.parse(readVectors('own/injection_strings.json')))
  return found
    .flat()
    .filter((one): one is string => typeof one === 'string' && /[\r\n\0]/.test(one))
}
