import { describe, expect, test } from 'vitest'
import { changes, signInSteppedUp } from '../account/steps.ts'
import type { TestAdapter } from '../adapter.ts'
import { ada, postForm, postJson } from '../steps.ts'

const noEmailAddresses = [
  ...['bob@.example.test', 'bob@example..test', 'bob@example.test.', '"bob"@example.test'],
  ...['bob＠evil.test@victim.test', 'bob@evil.test﹫victim.test', 'bob＠example.test'],
  '=?x?q?eve=40evil.test=3e=00?=@example.test',
]
const onlyPhones = { methods: ['sms'] } as const

/** Addresses and phone numbers as users type them. */
export function loginIdCases(adapter: TestAdapter): void {
  describe(`addresses and phone numbers, on ${adapter.name}`, () => {
    test('P20: spellings of one host count as one address', async () => {
      await using app = await adapter.start({ limits: { perAddress: 2, cooldownSeconds: 0 } })
      const statuses: number[] = []
      for (const host of [
        ...['пример.test', 'xn--e1afmkfd.test', 'ПРИМЕР.test', 'пример。test'],
        ...['пример\uFE0F.test', 'ｘｎ--e1afmkfd.test', 'XN--E1AFMKFD.TEST'],
      ]) {
        const body = { loginId: `ada@${host}` }
        statuses.push((await postJson(app.browser(), '/auth/magic-link', body)).status)
      }
      expect(statuses).toEqual([202, 202, 429, 429, 429, 429, 429])
    })

    test('an address is sent as it was typed, so that no user gets a second one', async () => {
      await using app = await adapter.start()
      const typed = 'Ada@ПРИМЕР.test'
      await postJson(app.browser(), '/auth/magic-link', { loginId: ` ${typed}\u00A0` })
      expect((await app.emulator.inbox.waitFor({ to: typed })).links).toHaveLength(1)
    })

    test('T-42: an address that fits into no cookie is refused, whatever it is written in', async () => {
      await using app = await adapter.start({ methods: ['email', 'enchanted'], limits: false })
      const longest = `${'\u4F8B'.repeat(21)}@e${'\uFE0F'.repeat(80)}xample.test`
      const returnTo = `/${'x'.repeat(1599)}`
      for (const [path, cookie] of [
        ['/auth/magic-link', app.cookieNames.attempt],
        ['/auth/enchanted-link', app.cookieNames.pending],
      ] as const) {
        const browser = app.browser()
        const tooLong = longest.replace('x', '\uFE0F'.repeat(160))
        expect((await postForm(browser, path, { loginId: tooLong, returnTo })).status).toBe(400)
        expect((await postForm(browser, path, { loginId: longest, returnTo })).status).toBe(202)
        expect(browser.cookieNames).toEqual([cookie])
      }
      expect(app.emulator.inbox.list()).toHaveLength(2)
    })

    test('P20: what is no address is refused by every route, which names its own field', async () => {
      await using app = await adapter.start({ ...changes, methods: ['email', 'enchanted'] })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      const sent = app.emulator.inbox.list().length
      for (const address of noEmailAddresses) {
        for (const [path, field] of [
          ['/auth/magic-link', 'loginId'],
          ['/auth/enchanted-link', 'loginId'],
          ['/auth/email', 'email'],
        ] as const) {
          const response = await postForm(browser, path, { [field]: address })
          expect([response.status, response.body], `${path} ${address}`).toEqual([
            400,
            `{"error":"bad_request","field":"${field}"}`,
          ])
        }
        const { update } = app.client.magicLink
        const refreshToken = browser.cookie(app.cookieNames.refresh) ?? ''
        const called = await update.email(ada, address, refreshToken)
        expect(called.error, address).toMatchObject({ code: 'ERR_ARGUMENT', argument: 'email' })
      }
      expect(app.emulator.inbox.list()).toHaveLength(sent)
    })

    test.each([
      ['447700900123', undefined, 400],
      ['07700 900123', undefined, 400],
      ['+44 7700 900123', undefined, 202],
      ['0044 (0)7700 900123', undefined, 202],
      ['447700900123', 'GB', 202],
      ['07700 900123', 'GB', 202],
      ['+44 7700', 'GB', 400],
    ])(
      'U21: %s, with the default country %s, gets %i from each route',
      async (phone, defaultCountry, status) => {
        await using app = await adapter.start({
          ...changes,
          methods: ['email', 'sms'],
          ...(defaultCountry !== undefined && { defaultCountry }),
        })
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        const change = await postForm(browser, '/auth/phone', { phone })
        const signIn = await postForm(app.browser(), '/auth/magic-link', {
          loginId: phone,
          method: 'sms',
        })
        expect([change.status, signIn.status]).toEqual([status, status])
        if (status === 202) {
          expect(app.emulator.inbox.list({ to: '+447700900123' })).toHaveLength(2)
        } else {
          expect(JSON.parse(change.body).field).toBe('phone')
          expect(JSON.parse(signIn.body).field).toBe('loginId')
        }
      },
    )

    test('P25: links by SMS are limited by country code, and all links of the app together', async () => {
      const limits = { perCountryCode: { 44: 2, default: 1 }, perApp: 4 }
      await using app = await adapter.start({ methods: ['email', 'sms'], limits })
      const statuses: number[] = []
      for (const loginId of [
        ...['+44 7700 900121', '0044 7700 900122', '+44 7700 900123'],
        ...['+1 555 010 0121', '+1 555 010 0122', ada, 'bob@example.test'],
      ]) {
        statuses.push((await postJson(app.browser(), '/auth/magic-link', { loginId })).status)
      }
      expect(statuses).toEqual([202, 202, 429, 202, 429, 202, 429])
    })

    test.each([
      [['email', 'sms'], '+1 (555) 010-0123', '+15550100123', 'sms', 1],
      [['sms', 'email'], ada, ada, 'email', 1],
      [['email', 'enchanted', 'sms'], ada, ada, 'email', 1],
      [['whatsapp', 'sms', 'email'], '+1 (555) 010-0123', '+15550100123', 'whatsapp', 1],
      [['enchanted', 'sms'], '+1 (555) 010-0123', '+15550100123', 'sms', 1],
      [['enchanted', 'sms'], ada, ada, 'email', 3],
    ] as const)(
      'U20: on a page for %j, Enter sends a link to %s',
      async (methods, typed, to, channel, links) => {
        await using app = await adapter.start({ methods })
        const browser = app.browser()
        const page = await browser.visit('/auth/sign-in?returnTo=/me')
        const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(page.body) ?? []
        const form = { ...browser.hiddenFields(page), loginId: typed }
        expect((await browser.visit(action, { form })).status).toBe(303)
        const message = await app.emulator.inbox.waitFor({ to })
        expect([message.channel, message.links.length]).toEqual([channel, links])
      },
    )

    test('U20: what is neither is shown again, with what an address and a number look like', async () => {
      await using app = await adapter.start({ methods: ['email', 'sms'] })
      for (const loginId of ['nobody', '＠', 'ada＠example.test', '12', '+1 555']) {
        const page = await app.browser().visit('/auth/magic-link', { form: { loginId } })
        expect([page.status, page.body.includes('Enter a full address or number')]).toEqual([
          400,
          true,
        ])
      }
    })

    test('P20: spellings of one phone number count as one', async () => {
      await using app = await adapter.start({
        ...onlyPhones,
        defaultCountry: 'GB',
        limits: { perAddress: 2, cooldownSeconds: 0 },
      })
      const statuses: number[] = []
      for (const loginId of ['+447700900123', '07700 900123', '0044 7700 900123', '447700900123']) {
        statuses.push((await postJson(app.browser(), '/auth/magic-link', { loginId })).status)
      }
      expect(statuses).toEqual([202, 202, 429, 429])
    })
  })
}
