import { expect, test } from 'vitest'
import {
  ada,
  arriveSignedIn,
  askForLink,
  expectSignedIn,
  mailedLink,
  openLink,
  sessionCookies,
  startAccountApp,
} from './support/account-app.ts'
import { createMinter } from '../../packages/express/test/support/tokens.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { expectHeading } from './support/steps.ts'

const markup = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
const quarterHour = 15 * 60_000
const injected = 'script:not([src]), img'

describeInChromium('what a browser makes of hostile input', (version) => {
  test('T-34, T-35, T-46: a link with any other shape of t is a page, and no script', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    const alerts: string[] = []
    page.on('dialog', (dialog) => {
      alerts.push(dialog.message())
      void dialog.dismiss()
    })
    for (const query of [
      ...['', '?t=', '?t=a&t=b', '?t[]=a', '?t[__proto__][x]=1', '?t=%2541', '?t=%E0%A4%A'],
      ...[`?t=${markup}`, `?t=a&returnTo=${encodeURIComponent(markup)}`],
    ]) {
      const answer = await page.goto(`${app.origin}/auth/verify${query}`)
      expect(answer?.status(), query).toBe(query.startsWith('?t=a&returnTo') ? 200 : 400)
      expect(await page.locator(injected).count(), query).toBe(0)
    }
    await page.goto(`${app.origin}/auth/sign-in?returnTo=${encodeURIComponent(markup)}`)
    // Typed by script, since the field takes no such address from a person.
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

  test('T-37 open redirect: what a browser reads as another site leads to the app', async () => {
    await using app = await startAccountApp({ version, limits: false })
    const page = await person()
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

  test('T-38 header injection: line breaks in returnTo set no cookie and lead nowhere', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    const returnTo = encodeURIComponent('/account\r\nSet-Cookie: evil=1\r\nX: y')
    await page.goto(`${app.origin}/auth/sign-in?returnTo=${returnTo}`)
    await page.getByLabel('Email address').fill(ada)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    await openLink(page, app)
    await expectSignedIn(page)
    const names = (await page.context().cookies()).map(({ name }) => name)
    expect(names.sort()).toEqual(['DS', 'DSR', 'linkpass-attempt'])
  })

  test('T-36, T-45: an address of 17 kB is refused, and odd cookies change nothing', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    const long = `/auth/verify?t=${'a'.repeat(17_000)}`
    expect(await page.evaluate(`fetch('${long}').then(({ status }) => status)`)).toBe(431)
    const odd = ['__proto__=x', 'constructor=1,2', 'a="b"', `p=${'%'.repeat(50)}`]
    await page.evaluate(`for (const line of ${JSON.stringify(odd)}) document.cookie = line`)
    expect(await page.context().cookies()).toHaveLength(2 + odd.length)
    await page.reload()
    await expectSignedIn(page)
  })

  test('T-50: a page says the same of an address with an account and of one without', async () => {
    await using app = await startAccountApp({ version, mode: 'sign-in' })
    await app.client.magicLink.signUp.email(ada)
    const token = new URL(await mailedLink(app)).searchParams.get('t') ?? ''
    await app.client.magicLink.verify(token)
    const told: string[] = []
    for (const address of [ada, 'eve@example.test']) {
      const page = await person()
      await askForLink(page, app, address)
      const text = await page.locator('body').innerText()
      told.push(text.replaceAll(address, 'the address').replace(/ in \d:\d\d/, ' in a while'))
    }
    expect(told[1]).toBe(told[0])
    expect(told[0]).toContain('We sent a link to the address')
  })

  test('T-51: a script can time an address five times in a quarter of an hour, known or not', async () => {
    await using app = await startAccountApp({ version, mode: 'sign-in' })
    await app.client.magicLink.signUp.email(ada)
    const token = new URL(await mailedLink(app)).searchParams.get('t') ?? ''
    await app.client.magicLink.verify(token)
    const { clock } = app.emulator
    clock.advance(quarterHour - (clock.now() % quarterHour))
    const page = await person()
    await page.goto(`${app.origin}/auth/sign-in`)
    const heard: unknown[] = []
    for (let round = 0; round < 7; round += 1) {
      heard.push(
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
    expect(heard).toEqual([...Array(5).fill(sent), held, held])
    expect(app.calls('/v1/auth/magiclink/signin/email')).toBe(10)
  })

  test('T-52 to T-56: what a script sends that is no start is refused, and goes nowhere', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await page.goto(`${app.origin}/auth/sign-in`)
    const start = (fields: object): [string, string] => [
      'application/json',
      JSON.stringify({ loginId: ada, ...fields }),
    ]
    const bodies: readonly [type: string, body: string][] = [
      start({ redirectUrl: 'https://evil.example' }),
      start({ loginId: 'a@b\r\nBcc: c@d.example' }),
      start({ method: '../../mgmt' }),
      ['application/json', `{"loginId":"${ada}","__proto__":{"polluted":true}}`],
      ['application/json', '[]'],
      ['text/plain', 'loginId=ada'],
      start({ name: 'x'.repeat(17_000) }),
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

  test('T-40: tokens that another key has signed sign nobody in', async () => {
    const { publicKey } = await createMinter()
    await using app = await startAccountApp({ version, client: { publicKey } })
    const page = await person()
    await askForLink(page, app)
    await openLink(page, app)
    await expectHeading(page, 'Sign-in didn’t finish')
    expect(await sessionCookies(page, app)).toEqual([])
  })
})
