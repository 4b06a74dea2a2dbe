import { expect, test } from 'vitest'
import { describeInChromium, expectHeading, newPage } from '../../chromium/index.ts'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter } from '../adapter.ts'
import { ada } from '../steps.ts'
import {
  mailedLink,
  openLink,
  openSignedIn,
  requestLink,
  sessionCookies,
  startAccountApp,
  expectSignedIn,
} from './account-app.ts'

const markup = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
const quarterHour = 15 * 60_000
const injected = 'script:not([src]), img'

/** Hostile input. */
export function hostileInputInChromium(adapter: TestAdapter): void {
  describeInChromium(`hostile input, in Chromium on ${adapter.name}`, () => {
    test('T-34, T-35, T-46: a link with a malformed t gets a page, and runs no script', async () => {
      await using app = await startAccountApp(adapter, { allowBareLinks: true })
      const page = await newPage()
      const alerts: string[] = []
      page.on('dialog', (dialog) => {
        alerts.push(dialog.message())
        void dialog.dismiss()
      })
      for (const query of [
        ...['', '?t=', '?t=a&t=b', '?t[]=a', '?t[__proto__][x]=1', '?t=%2541', '?t=%E0%A4%A'],
        ...[`?t=${markup}`, `?t=a&returnTo=${encodeURIComponent(markup)}`],
      ]) {
        const response = await page.goto(`${app.origin}/auth/verify${query}`)
        expect(response?.status(), query).toBe(query.startsWith('?t=a&returnTo') ? 200 : 400)
        expect(await page.locator(injected).count(), query).toBe(0)
      }
      await page.goto(`${app.origin}/auth/sign-in?returnTo=${encodeURIComponent(markup)}`)
      // Typed by script, since the field accepts no such address from a user.
      await page.evaluate(`{
      const form = document.querySelector('form')
      form.noValidate = true
      form.loginId.value = ${JSON.stringify(markup).replaceAll('/', '\\/')}
      form.requestSubmit()
    }`)
      await page.waitForURL('**/auth/magic-link')
      await expectHeading(page, 'Sign in')
      expect(await page.getByLabel('Email address').inputValue()).toBe(markup)
      expect(await page.locator(injected).count()).toBe(0)
      expect(alerts).toEqual([])
      expect(app.emulator.requests()).toEqual([])
    })

    test('T-37 open redirect: a returnTo that browsers read as another site leads to the app', async () => {
      await using app = await startAccountApp(adapter, { limits: false })
      const page = await newPage()
      const visited: string[] = []
      page.on('request', (request) => visited.push(new URL(request.url()).host))
      for (const returnTo of ['//evil.example', String.raw`/\evil.example`, '/\t/evil.example']) {
        await page.goto(`${app.origin}/auth/sign-in?returnTo=${encodeURIComponent(returnTo)}`)
        await page.getByLabel('Email address').fill(ada)
        await page.keyboard.press('Enter')
        await expectHeading(page, 'Check your inbox')
        await openLink(page, app)
        await expectSignedIn(page)
        await page.context().clearCookies()
      }
      expect(new Set(visited)).toEqual(new Set([new URL(app.origin).host]))
    })

    test('T-38 header injection: line breaks in returnTo set no cookie', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      const returnTo = encodeURIComponent('/account\r\nSet-Cookie: evil=1\r\nX: y')
      await page.goto(`${app.origin}/auth/sign-in?returnTo=${returnTo}`)
      await page.getByLabel('Email address').fill(ada)
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Check your inbox')
      await openLink(page, app)
      await expectSignedIn(page)
      const names = (await page.context().cookies()).map(({ name }) => name)
      const { session, refresh, attempt } = app.cookieNames
      expect(names.sort()).toEqual([session, refresh, attempt].sort())
    })

    test('T-36, T-45: a URL of 17 kB is refused, and malformed cookies change nothing', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await openSignedIn(page, app)
      const long = `/auth/verify?t=${'a'.repeat(17_000)}`
      expect(await page.evaluate(`fetch('${long}').then(({ status }) => status)`)).toBe(431)
      const odd = ['__proto__=x', 'constructor=1,2', 'a="b"', `p=${'%'.repeat(50)}`]
      await page.evaluate(`for (const line of ${JSON.stringify(odd)}) document.cookie = line`)
      expect(await page.context().cookies()).toHaveLength(2 + odd.length)
      await page.reload()
      await expectSignedIn(page)
    })

    test('T-50: a page is the same for an address with and without an account', async () => {
      await using app = await startAccountApp(adapter, { mode: 'sign-in' })
      await app.client.magicLink.signUp.email(ada)
      const token = new URL(await mailedLink(app)).searchParams.get('t') ?? ''
      await app.client.magicLink.verify(token)
      const texts: string[] = []
      for (const address of [ada, 'eve@example.test']) {
        const page = await newPage()
        await requestLink(page, app, address)
        const text = await page.locator('body').innerText()
        texts.push(text.replaceAll(address, 'the address').replace(/ in \d:\d\d/, ' in a while'))
      }
      expect(texts[1]).toBe(texts[0])
      expect(texts[0]).toContain('We sent a link to the address')
    })

    test('T-51: a script can measure the time for an address five times in 15 minutes', async () => {
      await using app = await startAccountApp(adapter, { mode: 'sign-in' })
      await app.client.magicLink.signUp.email(ada)
      const token = new URL(await mailedLink(app)).searchParams.get('t') ?? ''
      await app.client.magicLink.verify(token)
      const { clock } = app.emulator
      clock.advance(quarterHour - (clock.now() % quarterHour))
      const page = await newPage()
      await page.goto(`${app.origin}/auth/sign-in`)
      const received: unknown[] = []
      for (let round = 0; round < 7; round += 1) {
        received.push(
          await page.evaluate(`Promise.all(['${ada}', 'eve@example.test'].map(async (loginId) => {
          const headers = { 'Content-Type': 'application/json' }
          const body = JSON.stringify({ loginId })
          return (await fetch('/auth/magic-link', { method: 'POST', headers, body })).status
        }))`),
        )
        clock.advance(30_000)
      }
      const [sent, held] = [
        [202, 202],
        [429, 429],
      ]
      expect(received).toEqual([...Array(5).fill(sent), held, held])
      expect(app.calls('/v1/auth/magiclink/signin/email')).toBe(10)
    })

    test('T-52 to T-56: malformed requests of a script are refused, without a request to the service', async () => {
      await using app = await startAccountApp(adapter)
      const page = await newPage()
      await page.goto(`${app.origin}/auth/sign-in`)
      const request = (fields: object): [string, string] => [
        'application/json',
        JSON.stringify({ loginId: ada, ...fields }),
      ]
      const bodies: readonly [type: string, body: string][] = [
        request({ redirectUrl: 'https://evil.example' }),
        request({ loginId: 'a@b\r\nBcc: c@d.example' }),
        request({ method: '../../mgmt' }),
        ['application/json', `{"loginId":"${ada}","__proto__":{"polluted":true}}`],
        ['application/json', '[]'],
        ['text/plain', 'loginId=ada'],
        request({ name: 'x'.repeat(17_000) }),
      ]
      const statuses = await page.evaluate<number[]>(`Promise.all(
      ${JSON.stringify(bodies)}.map(async ([type, body]) => {
        const headers = { 'Content-Type': type }
        return (await fetch('/auth/magic-link', { method: 'POST', headers, body })).status
      }))`)
      expect(statuses).toEqual([400, 400, 400, 400, 400, 415, 413])
      expect(app.emulator.requests()).toEqual([])
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    })

    test('T-40: tokens signed by another key sign no user in', async () => {
      const { publicKey } = await createTokenIssuer()
      await using app = await startAccountApp(adapter, { client: { publicKey } })
      const page = await newPage()
      await requestLink(page, app)
      await openLink(page, app)
      await expectHeading(page, 'Sign-in didn’t finish')
      expect(await sessionCookies(page, app)).toEqual([])
    })
  })
}
