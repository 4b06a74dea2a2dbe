import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'
import {
  approval,
  codeOn,
  enchanted,
  linksByNumber,
  longPoll,
  requestNumber,
  stateOf,
} from './steps.ts'

const verify = '/auth/enchanted-link/verify'
const verifyCalls = '/v1/auth/enchantedlink/verify'

/** A phone with the approval page of the right link, and the browser that waits. */
interface OpenedAttempt {
  readonly screen: Browser
  readonly phone: Browser
  readonly page: BrowserResponse
  readonly code: string
}

async function open(app: TestApp): Promise<OpenedAttempt> {
  const [screen, phone] = [app.browser(), app.browser()]
  const number = await requestNumber(app, screen)
  const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
  return { screen, phone, page, code: (await codeOn(app, screen)) ?? '' }
}

/** The n-th code that is not the right one. */
function wrongCode({ code }: OpenedAttempt, n = 1): string {
  return String((Number(code) + n) % 10_000).padStart(4, '0')
}

function typeCode(attempt: OpenedAttempt, code: string): Promise<BrowserResponse> {
  return attempt.phone.submit(attempt.page, { decision: 'approve', code })
}

/** The same as a program, which gets JSON. */
async function sendCode(attempt: OpenedAttempt, code: string): Promise<[number, string]> {
  const { phone, page } = attempt
  const fields = { ...phone.hiddenFields(page), decision: 'approve', code }
  const { status, body } = await postForm(phone, verify, fields)
  return [status, body]
}

/** The code that keeps a scanner from approving. */
export function codeCases(adapter: TestAdapter): void {
  describe(`P7 the code of an enchanted sign-in, on ${adapter.name}`, () => {
    test('a scanner that opens all three links and submits their forms approves nothing', async () => {
      await using app = await adapter.start({ ...enchanted })
      const screen = app.browser()
      await requestNumber(app, screen)
      for (const link of (await linksByNumber(app)).values()) {
        const scanner = app.browser()
        const page = await scanner.visit(link)
        for (const fields of [{}, { decision: 'approve' }, { decision: 'approve', code: '' }]) {
          const { status } = await scanner.submit(page, fields)
          expect(status).toBe(400)
        }
      }
      const [message] = app.emulator.inbox.list({ to: ada })
      const report = await app.emulator.inbox.scan(message?.id ?? '')
      expect([report.safe, report.redeemedBy]).toEqual([true, null])
      expect(app.calls(verifyCalls)).toBe(0)
      expect(await codeOn(app, screen)).toMatch(/^\d{4}$/)
    })

    test('stands on the waiting screen alone, and only once a link was opened', async () => {
      await using app = await adapter.start({ ...enchanted })
      const [screen, other] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      expect(await codeOn(app, screen)).toBeUndefined()
      const link = (await linksByNumber(app)).get(number) ?? ''
      await other.visit(link, { method: 'HEAD' })
      expect(await codeOn(app, screen)).toBeUndefined()

      const polling = screen.visit('/auth/enchanted-link/status')
      const page = await other.visit(link)
      const status = JSON.parse((await polling).body)
      expect(status).toEqual({ state: 'pending', code: expect.stringMatching(/^\d{4}$/) })
      expect(await codeOn(app, screen)).toBe(status.code)
      expect(page.body).toMatch(/name="code"\s+type="text"\s+inputmode="numeric"/)
      expect(page.body).not.toContain(status.code)
      expect((await other.visit('/auth/enchanted-link/status')).body).toBe('{"state":"expired"}')
      const [mail] = app.emulator.inbox.list({ to: ada })
      expect(JSON.stringify([mail?.links.map(({ url }) => new URL(url).pathname)])).not.toContain(
        status.code,
      )
    })

    test('may be corrected once', async () => {
      await using app = await adapter.start({ ...enchanted })
      const attempt = await open(app)
      const wrong = await typeCode(attempt, wrongCode(attempt))
      expect(wrong.status).toBe(400)
      expect(wrong.body).toMatch(/id="mistake"[^>]*>\s*That is not the code/)
      const right = await attempt.phone.submit(wrong, await approval(app, attempt.screen))
      expect(right.status).toBe(200)
      expect(await stateOf(app, attempt.screen)).toBe('approved')
    })

    test.each<[string, (code: string) => string]>([
      ['spaces', (code) => ` ${code.slice(0, 2)}\u00A0${code.slice(2)} `],
      ['a hyphen', (code) => `${code.slice(0, 2)}-${code.slice(2)}`],
      ['full-width digits', (code) => inDigitsFrom(0xff10, code)],
      ['Arabic digits', (code) => inDigitsFrom(0x660, code)],
      [
        'Persian digits between marks of direction',
        (code) => `\u2066${inDigitsFrom(0x6f0, code)}\u2069`,
      ],
      [
        'Devanagari digits and a dash',
        (code) => inDigitsFrom(0x966, `${code.slice(0, 2)}–${code.slice(2)}`),
      ],
    ])('is read with %s, as a keyboard may add', async (_, typed) => {
      await using app = await adapter.start({ ...enchanted })
      const attempt = await open(app)
      expect((await typeCode(attempt, typed(attempt.code))).status).toBe(200)
    })

    test('typed wrong twice ends the attempt, and both screens say why', async () => {
      await using app = await adapter.start({ ...enchanted })
      const attempt = await open(app)
      const { screen, phone, page, code } = attempt
      expect(await sendCode(attempt, wrongCode(attempt))).toEqual([400, '{"error":"wrong_code"}'])
      expect(await sendCode(attempt, 'abcd')).toEqual([
        400,
        '{"error":"bad_request","field":"code"}',
      ])
      const polling = longPoll(screen)
      const over = await typeCode(attempt, wrongCode(attempt, 2))
      expect(over.status).toBe(410)
      expect(over.body).toContain('Two wrong codes were typed')
      expect(await polling).toBe('refused')
      expect(await sendCode(attempt, code)).toEqual([410, '{"error":"attempt_refused"}'])
      expect(app.calls(verifyCalls)).toBe(0)
      expect((await screen.visit('/auth/waiting')).body).toContain('Two wrong codes were typed')

      // Even an approval that the service has by another way brings no session.
      await app.client.enchantedLink.verify(phone.hiddenFields(page)['t'] ?? '')
      const done = await postForm(screen, '/auth/enchanted-link/complete')
      expect([done.status, done.body]).toEqual([410, '{"error":"attempt_refused"}'])
      expect(screen.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('a double click with a wrong code is one try', async () => {
      await using app = await adapter.start({ ...enchanted })
      const attempt = await open(app)
      const clicks = [0, 1].map(() => typeCode(attempt, wrongCode(attempt)))
      expect((await Promise.all(clicks)).map(({ status }) => status)).toEqual([400, 400])
      expect((await typeCode(attempt, attempt.code)).status).toBe(200)
    })

    test('of many codes at once, no more than two are compared', async () => {
      const shared = {
        appUrl: 'https://app.example.test',
        client: { store: memoryStore() },
        ...enchanted,
      }
      await using here = await adapter.start(shared)
      await using there = await adapter.start(shared)
      const attempt = await open(here)
      const guesses = Array.from({ length: 40 }, (_, index) => wrongCode(attempt, index + 1))
      const { phone, page } = attempt
      const sent = guesses.map((code, index) => {
        const guesser = phone.copy()
        guesser.balanceTo(index % 2 === 0 ? here.address : there.address)
        return sendCode({ ...attempt, phone: guesser, page }, code)
      })
      const statuses = (await Promise.all(sent)).map(([status]) => status)
      expect(statuses.filter((status) => status === 400).length).toBeLessThanOrEqual(1)
      expect(await sendCode(attempt, attempt.code)).toEqual([410, '{"error":"attempt_refused"}'])
      expect(here.calls(verifyCalls)).toBe(0)
    })

    test('cannot be left out by a link without its state', async () => {
      await using app = await adapter.start({ ...enchanted })
      const { phone, page, code } = await open(app)
      const { t = '' } = phone.hiddenFields(page)
      const stripped = await postForm(phone, verify, { t, decision: 'approve', code })
      expect([stripped.status, stripped.body]).toEqual([400, '{"error":"link_unknown"}'])
      expect((await phone.visit(`${verify}?t=${t}`)).status).toBe(400)
      expect(app.calls(verifyCalls)).toBe(0)
    })

    test('is asked for on an instance that approves by button, for an attempt that has one', async () => {
      const shared = {
        appUrl: 'https://app.example.test',
        client: { store: memoryStore() },
        ...enchanted,
      }
      await using here = await adapter.start(shared)
      await using there = await adapter.start({ ...shared, approval: 'button' })
      const attempt = await open(here)
      attempt.phone.balanceTo(there.address)
      const { phone, page } = attempt
      expect((await phone.submit(page, { decision: 'approve' })).status).toBe(400)
      expect((await typeCode(attempt, attempt.code)).status).toBe(200)
    })
  })
}

/** The same text with its digits in the script whose zero is given. */
function inDigitsFrom(zero: number, text: string): string {
  return text.replaceAll(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)))
}
