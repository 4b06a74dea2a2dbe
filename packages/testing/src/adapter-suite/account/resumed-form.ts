import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp, TestRoute } from '../adapter.ts'
import { ada, postForm, setCookies } from '../steps.ts'
import { stepUp } from './steps.ts'

const pay: TestRoute = {
  method: 'POST',
  path: '/pay/:to',
  guards: [{ stepUp: { maxAgeSeconds: 600 } }],
  respond: async ({ request, text }) => ({ body: `${request.param('to')}: ${await text()}` }),
}

const fields = 'amount=100&to=a%26b&tag=x&tag=y&note=%3Cb%3E%22%22&amount=7'

/** Sends a form to a route, as the page with the form does. */
function sendForm(
  browser: Browser,
  path: string,
  body: string,
  type = 'application/x-www-form-urlencoded',
): Promise<BrowserResponse> {
  const headers = {
    accept: 'text/html',
    'content-type': type,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    referer: '/pay',
  }
  return browser.visit(path, { method: 'POST', body, headers })
}

/** Every field of the form of a page, as a browser would send them. */
function submission(page: BrowserResponse): string {
  const hidden = [...page.body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const sent = new URLSearchParams()
  for (const [, name = '', value = ''] of hidden) sent.append(decoded(name), decoded(value))
  return sent.toString()
}

function decoded(text: string): string {
  return text.replace(/&#(\d+);|&(amp|lt|gt|quot);/g, (entity, code: string | undefined, name) => {
    if (code !== undefined) return String.fromCharCode(Number(code))
    return { amp: '&', lt: '<', gt: '>', quot: '"' }[String(name)] ?? entity
  })
}

/** A form that a route refused for lack of a step-up, which is sent again after it. */
export function resumedFormCases(adapter: TestAdapter): void {
  async function interrupted(app: TestApp): Promise<[Browser, string]> {
    const browser = app.browser()
    await app.signIn(browser)
    const refused = await sendForm(browser, '/pay/eve?now=1', fields)
    expect(refused.status).toBe(401)
    expect((await browser.submit(refused)).location).toBe('/auth/check-inbox')
    const opened = await browser.visit(await app.linkFor(ada))
    expect([opened.status, opened.location]).toEqual([
      ...[303, expect.stringMatching(/^\/auth\/step-up\/resume\?form=[\w-]{20,}$/)],
    ])
    return [browser, opened.location ?? '']
  }

  describe(`a form that a step-up interrupted, on ${adapter.name}`, () => {
    test('is sent again after the step-up, by a click, with every field as it was', async () => {
      await using app = await adapter.start({ routes: [pay] })
      const [browser, location] = await interrupted(app)
      const page = await browser.visit(location)
      expect(page.status).toBe(200)
      expect(page.body).toContain('<form method="post" action="/pay/eve?now=1">')
      expect(page.headers['cache-control']).toBe('no-store')
      expect(submission(page)).toBe(fields.replaceAll('%20', '+'))
      const paid = await sendForm(browser, '/pay/eve?now=1', submission(page))
      expect([paid.status, paid.body]).toEqual([200, `eve: ${fields}`])
    })

    test('of a user is neither shown nor kept for another user, nor in another browser', async () => {
      await using app = await adapter.start({ routes: [pay] })
      const [browser, location] = await interrupted(app)
      const eve = app.browser()
      expect((await eve.visit(location)).status).toBe(401)
      await app.signIn(eve, 'eve@example.test')
      const theirs = await eve.visit(location)
      expect([theirs.status, theirs.body.includes('100')]).toEqual([410, false])

      app.emulator.clock.advance(11 * 60_000)
      const again = await sendForm(browser, '/pay/eve', fields)
      const planted = browser.hiddenFields(again)
      expect(planted['form']).toBeDefined()
      await eve.visit('/auth/step-up', { form: planted })
      const opened = await eve.visit(await app.linkFor('eve@example.test'))
      expect(opened.location).not.toContain('/resume')
    })

    test('is not resumed by a made-up name or seal, and ends after an hour', async () => {
      await using app = await adapter.start({ routes: [pay] })
      const [browser, location] = await interrupted(app)
      for (const path of ['/auth/step-up/resume', '/auth/step-up/resume?form=made-up']) {
        expect((await browser.visit(path)).status).toBe(410)
      }
      app.emulator.clock.advance(61 * 60_000)
      const ended = await browser.visit(location)
      expect(ended.status).toBe(410)
      await browser.visit('/auth/step-up', { form: { form: 'made.up', returnTo: '/pay' } })
      expect((await browser.visit(await app.linkFor(ada))).location).toBe('/pay')
    })

    test('that is large, has files or is JSON leads back to its page', async () => {
      await using app = await adapter.start({ routes: [pay] })
      const browser = app.browser()
      await app.signIn(browser)
      const bodies: readonly (readonly [string, string?])[] = [
        [`a=${'x'.repeat(7000)}`],
        [`a=${'x'.repeat(40_000)}`],
        [
          '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--',
          'multipart/form-data; boundary=b',
        ],
        ['{"a":1}', 'application/json'],
      ]
      for (const [body, type] of bodies) {
        const refused = await sendForm(browser, '/pay/eve', body, type)
        expect(refused.status).toBe(401)
        expect(browser.hiddenFields(refused)).toEqual({ returnTo: '/pay' })
      }
    })

    test('of another site is refused and not kept', async () => {
      await using app = await adapter.start({ routes: [pay] })
      const browser = app.browser()
      await app.signIn(browser)
      const headers = { accept: 'text/html', 'sec-fetch-site': 'cross-site' }
      const forged = await browser.visit('/pay/eve', { form: { amount: '100' }, headers })
      expect([forged.status, setCookies(forged)]).toEqual([403, []])
      expect(browser.hiddenFields(forged)).toEqual({})
    })

    test('is a change of the account, too', async () => {
      await using app = await adapter.start({ account: { email: true }, limits: false })
      const browser = app.browser()
      await app.signIn(browser)
      const refused = await sendForm(browser, '/auth/email', 'email=new%40example.test')
      await browser.submit(refused)
      const opened = await browser.visit(await app.linkFor(ada))
      const page = await browser.visit(opened.location ?? '')
      expect((await browser.submit(page)).location).toBe('/auth/check-inbox')
      expect(app.emulator.inbox.list({ to: 'new@example.test' })).toHaveLength(1)
    })

    test('a step-up that is fresh lets the form through at once', async () => {
      await using app = await adapter.start({ routes: [pay] })
      const browser = app.browser()
      await app.signIn(browser)
      await stepUp(app, browser)
      const paid = await postForm(browser, '/pay/eve', { amount: '1' })
      expect([paid.status, paid.body]).toEqual([200, 'eve: amount=1'])
    })
  })
}
