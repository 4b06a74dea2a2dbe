import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { ada, postForm, postJson } from '../steps.ts'
import { changes, signInSteppedUp } from './steps.ts'

/** What the app may say before a link is sent: `beforeSend`, and the `loginOptions` of the link. */
export function beforeSendCases(adapter: TestAdapter): void {
  describe(`before a link is sent, on ${adapter.name}`, () => {
    test('P27: beforeSend can stop a link in time, by false or by an error', async () => {
      const asked: unknown[] = []
      await using app = await adapter.start({
        ...changes,
        methods: ['email', 'enchanted'],
        beforeSend: (request, attempt) => {
          asked.push([request.header('x-bot'), { ...attempt, userId: typeof attempt.userId }])
          if (attempt.address === 'error@example.test') throw new Error(`no, on ${adapter.name}`)
          return !attempt.address.endsWith('@refused.test')
        },
      })
      const browser = app.browser()
      const sends = (): number =>
        app.emulator.requests().filter(({ path }) => path.includes('link/')).length
      for (const loginId of ['a@refused.test', 'error@example.test']) {
        for (const path of ['/auth/magic-link', '/auth/enchanted-link']) {
          const refused = await postJson(browser, path, { loginId }, { 'x-bot': 'yes' })
          expect([refused.status, refused.body]).toEqual([403, '{"error":"send_refused"}'])
          expect(refused.headers['set-cookie']).toBe(undefined)
        }
      }
      expect(sends()).toBe(0)
      await signInSteppedUp(app, browser)
      const refused = await postForm(browser, '/auth/email', { email: 'b@refused.test' })
      expect(refused.status).toBe(403)
      expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
      const magic = { channel: 'magic', method: 'email', fields: {} }
      expect(asked).toEqual([
        ['yes', { purpose: 'sign-in', ...magic, address: 'a@refused.test', userId: 'undefined' }],
        [
          'yes',
          {
            purpose: 'sign-in',
            ...magic,
            channel: 'enchanted',
            address: 'a@refused.test',
            userId: 'undefined',
          },
        ],
        ...[expect.anything(), expect.anything()],
        [undefined, { purpose: 'sign-in', ...magic, address: ada, userId: 'undefined' }],
        [undefined, { purpose: 'step-up', ...magic, address: ada, userId: 'string' }],
        [
          undefined,
          { purpose: 'change-email', ...magic, address: 'b@refused.test', userId: 'string' },
        ],
      ])
    })

    test('a link that loginOptions stopped uses up no send of its address', async () => {
      let isBroken = true
      await using app = await adapter.start({
        methods: ['email', 'enchanted'],
        loginOptions: () => {
          if (isBroken) throw new Error(`no options, on ${adapter.name}`)
          return {}
        },
      })
      const browser = app.browser()
      for (let again = 0; again < 3; again += 1) {
        for (const path of ['/auth/magic-link', '/auth/enchanted-link']) {
          expect((await postJson(browser, path, { loginId: ada })).status).toBe(500)
        }
      }
      isBroken = false
      expect((await postJson(browser, '/auth/magic-link', { loginId: ada })).status).toBe(202)
    })

    test('beforeSend gets the fields of a bot check that extraFields names, and no others', async () => {
      const check = 'cf-turnstile-response'
      const asked: unknown[] = []
      await using app = await adapter.start({
        methods: ['email', 'enchanted'],
        extraFields: [check],
        beforeSend: (_, { channel, fields }) => {
          asked.push([channel, fields])
          return fields[check] === 'human'
        },
      })
      const browser = app.browser()
      for (const path of ['/auth/magic-link', '/auth/enchanted-link']) {
        const form = { loginId: `${path.length}@example.test`, [check]: 'human' }
        expect((await browser.visit(path, { form })).status).toBe(303)
        const bot = await postJson(browser, path, { loginId: ada, [check]: 'bot' })
        expect(bot.status).toBe(403)
        const other = await postJson(browser, path, { loginId: ada, captcha: 'human' })
        expect([other.status, other.body]).toEqual([
          400,
          '{"error":"bad_request","field":"captcha"}',
        ])
      }
      const both = [{ [check]: 'human' }, { [check]: 'bot' }]
      expect(asked).toEqual(['magic', 'enchanted'].flatMap((one) => both.map((all) => [one, all])))
    })

    test('a form with a bot check is not offered once more, since that counts once', async () => {
      await using app = await adapter.start({ extraFields: ['check'], pages: { signIn: '/hello' } })
      app.emulator.faults.add({ path: '/v1/auth/magiclink/*', status: 503, times: 'always' })
      const form = { loginId: ada, check: 'human' }
      const page = await app.browser().visit('/auth/magic-link', { form })
      expect(page.status).toBe(503)
      expect(page.body).not.toContain('<form')
      expect(page.body).toContain('href="/hello')
    })

    test('a sign-in with a bot check is sent again from the sign-in page, which makes the check', async () => {
      await using app = await adapter.start({
        extraFields: ['check'],
        pages: { signIn: '/hello' },
        beforeSend: (_, { purpose, fields }) => purpose !== 'sign-in' || 'check' in fields,
      })
      const form = { loginId: ada, returnTo: '/home', check: 'human' }
      const page = await app.browser().open('/auth/magic-link', { form })
      expect(page.status).toBe(200)
      expect(page.body).not.toContain('<form')
      expect(page.body).toContain('href="/hello?returnTo=%2Fhome">Get a new link')
    })

    test('a link that beforeSend stopped uses up no send of its address', async () => {
      let isStopped = true
      await using app = await adapter.start({ beforeSend: () => !isStopped })
      const browser = app.browser()
      for (let again = 0; again < 6; again += 1) {
        const refused = await postJson(browser, '/auth/magic-link', { loginId: ada })
        expect(refused.status).toBe(403)
      }
      isStopped = false
      expect((await postJson(browser, '/auth/magic-link', { loginId: ada })).status).toBe(202)
    })
  })
}
