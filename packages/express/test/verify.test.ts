import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'

const address = 'ada@example.test'
const verifyCalls = '/v1/auth/magiclink/verify'

const wrongQueries = [
  ...['', '?t=', '?t', '?t=a&t=b', '?t[]=a', '?t[x]=1', '?t[__proto__][x]=1', '?T=a'],
  ...['?t=%E0%A4%A', '?t=a+b', '?t=%2541', '?t=a%00b', '?t=a%0d%0ab', '?t=%F0%9F%92%A9'],
  ...['?t=%3Cscript%3Ealert(1)%3C/script%3E', `?t=${'a'.repeat(4097)}`],
]

/** Asks for a link and returns where it leads. */
async function ask(app: TestApp, browser: Browser, returnTo = '/me'): Promise<string> {
  await browser.visit('/auth/magic-link', { form: { loginId: address, returnTo } })
  return await app.linkFor(address)
}

const isSignedIn = async (browser: Browser): Promise<boolean> =>
  (await browser.visit('/auth/session')).status === 200

describe.each(expressVersions)('the verify callback, on Express %i', (version) => {
  test('T-30: a scanner’s HEAD and GETs spend nothing, and the person still gets in', async () => {
    await using app = await startApp({ version })
    const person = app.browser()
    const link = await ask(app, person)
    const scanner = app.browser()
    const chrome = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 HeadlessChrome/126' }
    expect((await scanner.visit(link, { method: 'HEAD' })).status).toBe(200)
    for (const headers of [{}, { accept: '*/*' }, chrome]) {
      expect((await scanner.visit(link, { headers })).status).toBe(200)
    }
    expect(app.calls(verifyCalls)).toBe(0)
    expect(scanner.cookieNames).not.toContain('DS')
    expect((await person.visit(link)).location).toBe('/me')
    expect(await isSignedIn(person)).toBe(true)
  })

  test('T-30: in the very browser that asked, nothing but a navigation spends the link', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    for (const [what, headers] of Object.entries({
      'a prefetch': { 'sec-purpose': 'prefetch' },
      'a prerender': { 'sec-purpose': 'prefetch;prerender' },
      'an image': { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      'a frame': { 'sec-fetch-dest': 'iframe' },
      'a script': { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      'a browser without Fetch Metadata': { 'sec-fetch-mode': '', 'sec-fetch-dest': '' },
    })) {
      const answer = await browser.visit(link, { headers: { ...navigation, ...headers } })
      expect(answer.status, what).toBe(200)
      expect(answer.body).toContain('Sign in on this device')
    }
    expect(app.calls(verifyCalls)).toBe(0)
  })

  test('a press in a browser that keeps no cookies spends nothing, and says what to allow', async () => {
    await using app = await startApp({ version })
    const link = await ask(app, app.browser())
    const page = await app.browser().visit(link)
    // A browser that forgot what the page set.
    const forgetful = app.browser()
    const refused = await forgetful.submit(page)
    expect(refused.status).toBe(400)
    expect(refused.body).toContain('kept no cookie')
    expect(app.calls(verifyCalls)).toBe(0)
    // Cookies are allowed now: the button on the very page that said so works.
    expect((await forgetful.submit(refused)).status).toBe(303)
    expect(await isSignedIn(forgetful)).toBe(true)
  })

  test('T-47: a click in a mail on another site lands signed in, in one redirect', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    const headers = {
      ...{ accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      'sec-fetch-site': 'cross-site',
    }
    expect((await browser.visit(link, { headers })).location).toBe('/me')
    expect((await browser.visit('/me', { headers })).status).toBe(200)
  })

  test('T-32: a link forwarded to somebody else signs nobody in without a press', async () => {
    await using app = await startApp({ version, brand: { name: 'Acme' } })
    const attacker = app.browser()
    const link = await ask(app, attacker)
    const victim = app.browser()
    const page = await victim.visit(link, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(page.body).toContain('Sign in to Acme?')
    expect(victim.cookieNames).not.toContain('DS')
  })

  test('T-32: a button pressed by a page of somebody else is refused', async () => {
    await using app = await startApp({ version })
    const victim = app.browser()
    const form = victim.hiddenFields(await victim.visit(await ask(app, app.browser())))
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ]) {
      expect((await victim.visit('/auth/verify', { form, headers })).status).toBe(403)
    }
    expect(app.calls(verifyCalls)).toBe(0)
  })

  test('T-33: whoever was signed in before is replaced, and never mixed with', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser, 'eve@example.test')
    const [oldSession, oldRefresh] = [browser.cookie('DS'), browser.cookie('DSR')]
    const link = await ask(app, browser)
    const page = await browser.visit(link)
    expect(page.status).toBe(200)
    expect(page.body).toContain('You are signed in here as')
    expect(app.calls(verifyCalls)).toBe(1)
    await browser.submit(page)
    expect(browser.cookie('DS')).not.toBe(oldSession)
    expect(browser.cookie('DSR')).not.toBe(oldRefresh)
    const subjects = ['DS', 'DSR'].map((name) => {
      const [, payload = ''] = (browser.cookie(name) ?? '').split('.')
      return JSON.parse(Buffer.from(payload, 'base64url').toString()).sub
    })
    expect(subjects[0]).toBe(subjects[1])
  })

  test('T-34, T-35: a link with any other shape of t is 400, and the service is not asked', async () => {
    await using app = await startApp({ version })
    for (const query of wrongQueries) {
      for (const path of ['/auth/verify', '/auth/verify/aaaaaaaaaaaaaaaaaaaaaa']) {
        const answer = await app.browser().visit(path + query)
        expect(answer.status, query).toBe(400)
        expect(answer.body).not.toContain('<script>alert')
      }
    }
    expect(app.calls(verifyCalls)).toBe(0)
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  test('T-36: an address of 17 kB is refused before us', async () => {
    await using app = await startApp({ version })
    expect((await app.browser().visit(`/auth/verify?t=${'a'.repeat(17_000)}`)).status).toBe(431)
  })

  test('T-37: a way back to another site leads to the app', async () => {
    await using app = await startApp({ version, limits: false })
    for (const returnTo of ['//evil.example', '/\\evil.example', '/.//evil.example']) {
      const browser = app.browser()
      const link = await ask(app, browser, returnTo)
      expect((await browser.visit(link)).location).toBe('/')
    }
  })

  test('T-39: pages that hold a token are stored, indexed, framed and referred nowhere', async () => {
    await using app = await startApp({ version })
    const link = await ask(app, app.browser())
    const { headers } = await app.browser().visit(link)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'strict-origin',
      'x-robots-tag': 'noindex, noarchive',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  test('T-41: cookies are HttpOnly, Lax, for this host alone, and end with their tokens', async () => {
    for (const [appUrl, secure] of [
      [undefined, ''],
      ['https://app.example.test', ' Secure;'],
    ] as const) {
      await using app = await startApp({ version, ...(appUrl && { appUrl }) })
      const browser = app.browser()
      const link = await ask(app, browser)
      // It is configuration that says whether a cookie is Secure, and never a request.
      const answer = await browser.visit(link, {
        headers: {
          ...{ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
          'x-forwarded-proto': secure === '' ? 'https' : 'http',
        },
      })
      const lines = [answer.headers['set-cookie'] ?? []].flat()
      const rest = `Path=/; HttpOnly;${secure} SameSite=Lax`
      const grammar = /^(DSR?)=[\w-]+\.([\w-]+)\.[\w-]+; Max-Age=(\d+); (.*)$/
      const names = lines.flatMap((line) => {
        const [, name, payload = '', maxAge, attributes] = grammar.exec(line) ?? []
        if (name === undefined) return []
        expect(attributes).toBe(rest)
        const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString())
        // To the second, on a clock that runs.
        const over = exp - app.emulator.clock.now() / 1000 - Number(maxAge)
        expect(Math.abs(over)).toBeLessThan(10)
        return [name]
      })
      expect(names).toEqual(['DS', 'DSR'])
    }
  })

  test('T-33: while an outage hides who is signed in, a link asks first', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser, 'eve@example.test')
    app.emulator.clock.advance(11 * 60_000)
    const link = await ask(app, browser)
    app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503 })
    const page = await browser.visit(link)
    expect(page.body).toContain('Sign in on this device')
    expect(app.calls(verifyCalls)).toBe(1)
  })

  test('a link that expired is 410, with a way to a new one', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    app.emulator.clock.advance(11 * 60_000)
    const answer = await browser.visit(link)
    expect(answer.status).toBe(410)
    expect(answer.body).toContain('/auth/sign-in?returnTo=%2Fme')
    expect(browser.cookieNames).not.toContain('DS')
  })

  // A short token is a part of the code that says it is unknown.
  test.each(['abcdef', '0', 'E063010'])(
    'a link %s that the service does not know is 400',
    async (token) => {
      await using app = await startApp({ version })
      const browser = app.browser()
      const page = await browser.visit(`/auth/verify?t=${token}`)
      expect(page.status).toBe(200)
      expect((await browser.submit(page)).status).toBe(400)
    },
  )

  test('a link used in another browser is 410 here, and no session', async () => {
    await using app = await startApp({ version })
    const [first, second] = [app.browser(), app.browser()]
    const link = await ask(app, first)
    await first.visit(link)
    const pressed = await second.submit(await second.visit(link))
    expect(pressed.status).toBe(410)
    expect(second.cookieNames).not.toContain('DS')
  })

  test('a link used in this browser lands signed in while its session holds', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    const page = await browser.copy().visit(link, { headers: { accept: 'text/html' } })
    await browser.visit(link)
    expect((await browser.visit(link)).location).toBe('/me')
    expect((await browser.submit(page)).status).toBe(303)
    expect(app.calls(verifyCalls)).toBe(1)
    await browser.visit('/auth/logout', { form: {} })
    app.emulator.clock.advance(61_000)
    expect((await browser.visit(link)).status).toBe(410)
  })

  test('a second press and a second tab share one verification', async () => {
    await using app = await startApp({ version })
    const link = await ask(app, app.browser())
    const browser = app.browser()
    const page = await browser.visit(link)
    const tab = await browser.visit(link)
    const pressed = await Promise.all([
      browser.submit(page),
      browser.submit(page),
      browser.submit(tab),
    ])
    expect(pressed.map(({ status }) => status)).toEqual([303, 303, 303])
    expect(app.calls(verifyCalls)).toBe(1)
    expect(await isSignedIn(browser)).toBe(true)
  })

  test('a press whose answer was lost can be made again', async () => {
    await using app = await startApp({ version })
    const link = await ask(app, app.browser())
    const browser = app.browser()
    const page = await browser.visit(link)
    await browser.copy().submit(page)
    expect((await browser.submit(page)).status).toBe(303)
    expect(await isSignedIn(browser)).toBe(true)
    expect(app.calls(verifyCalls)).toBe(1)
  })

  test('another browser that copies the form gets nothing of a press', async () => {
    await using app = await startApp({ version })
    const link = await ask(app, app.browser())
    const [person, thief] = [app.browser(), app.browser()]
    const page = await person.visit(link)
    await thief.visit(link)
    const [own, stolen] = await Promise.all([person.submit(page), thief.submit(page)])
    expect(new Set([own.status, stolen.status])).toEqual(new Set([303, 410]))
    expect([person, thief].filter((one) => one.cookieNames.includes('DS'))).toHaveLength(1)
  })

  test('T-61: a link reopened after signing out brings no session back', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    await browser.visit(link)
    await browser.visit('/auth/logout', { form: {} })
    expect((await browser.visit(link)).status).toBe(410)
    expect(browser.cookieNames).not.toContain('DS')
  })

  test('two links asked for in one browser both work, in any order', async () => {
    await using app = await startApp({ version, limits: false })
    const browser = app.browser()
    const [first, second] = [await ask(app, browser, '/me?1'), await ask(app, browser, '/me?2')]
    expect((await browser.visit(second)).location).toBe('/me?2')
    await browser.visit('/auth/logout', { form: {} })
    expect((await browser.visit(first)).location).toBe('/me?1')
  })

  test('T-43: two hundred starts leave one cookie below 4,096 bytes', async () => {
    await using app = await startApp({ version, limits: false })
    const browser = app.browser()
    const returnTo = `/me?${'x'.repeat(2000)}`
    for (let start = 0; start < 200; start += 1) {
      await browser.visit('/auth/magic-link', { form: { loginId: address, returnTo } })
    }
    expect(browser.cookieNames).toEqual(['linkpass-attempt'])
    expect(browser.cookie('linkpass-attempt')?.length).toBeLessThan(4096)
  })

  test('while the keys are out of reach no link is spent, and the press works later', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    const fault = app.emulator.faults.add({ path: '/v2/keys/*', status: 503, times: 'always' })
    const out = await browser.visit(link)
    expect(out.status).toBe(503)
    expect(out.headers['retry-after']).toMatch(/^\d+$/)
    expect(app.calls(verifyCalls)).toBe(0)
    app.emulator.faults.remove(fault.id)
    app.emulator.clock.advance(120_000)
    expect((await browser.submit(out)).location).toBe('/me')
  })

  test('a service out of reach is 503, and the same button tries again', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const link = await ask(app, browser)
    app.emulator.faults.add({ path: verifyCalls, drop: 'before' })
    const out = await browser.visit(link)
    expect(out.status).toBe(503)
    expect((await browser.submit(out)).location).toBe('/me')
  })

  test('an app whose onSignIn throws signs nobody in, and offers a fresh link', async () => {
    const heard: unknown[] = []
    const listen = (event: unknown): unknown => heard.push(event)
    subscribe('linkpass:sign-in:refused', listen)
    await using app = await startApp({
      version,
      onSignIn: () => {
        throw new Error('not on the list')
      },
    })
    const browser = app.browser()
    const answer = await browser.visit(await ask(app, browser))
    unsubscribe('linkpass:sign-in:refused', listen)
    expect(heard).toMatchObject([{ step: 'on-sign-in', cause: { message: 'not on the list' } }])
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('Get a new link')
    expect(answer.body).not.toContain('not on the list')
    expect(browser.cookieNames).toEqual(['linkpass-attempt'])
  })

  test('a second, different error of onSignIn is printed too, and a repeated one is not', async () => {
    const printed: string[] = []
    const listen = (warning: Error & { detail?: string }): void => {
      if (warning.message.startsWith('onSignIn threw')) printed.push(warning.detail ?? '')
    }
    process.on('warning', listen)
    let attempt = 0
    const messages = ['the seats are gone', 'the seats are gone', 'the database is gone']
    await using app = await startApp({
      version,
      limits: false,
      onSignIn: () => {
        attempt += 1
        throw new Error(`${messages[attempt - 1]} (Express ${'v'.repeat(version)})`)
      },
    })
    for (const _ of messages) {
      const browser = app.browser()
      await browser.visit(await ask(app, browser))
    }
    process.off('warning', listen)
    expect(printed.map((detail) => /the \w+ (?:is|are) gone/.exec(detail)?.[0])).toEqual([
      'the seats are gone',
      'the database is gone',
    ])
    expect(printed[0]).toContain('verify.test.ts')
  })

  test('onSignIn hears who it is and whether they are new, before any cookie is set', async () => {
    const heard: unknown[] = []
    await using app = await startApp({
      version,
      onSignIn: ({ user, firstSeen, session, req }) => {
        heard.push([user.email, firstSeen, session.userId === user.userId, req.res?.headersSent])
        expect(req.res?.getHeader('set-cookie')).toBeUndefined()
      },
    })
    await app.signIn(app.browser())
    app.emulator.clock.advance(60_000)
    await app.signIn(app.browser())
    expect(heard).toEqual([
      [address, true, true, false],
      [address, false, true, false],
    ])
  })

  test('confirm: always asks in the browser that asked, too', async () => {
    await using app = await startApp({ version, confirm: 'always' })
    const browser = app.browser()
    const page = await browser.visit(await ask(app, browser))
    expect(page.status).toBe(200)
    expect((await browser.submit(page)).location).toBe('/me')
  })

  test('confirm: dangerously-never signs in whatever opens the link, but for HEAD', async () => {
    await using app = await startApp({ version, confirm: 'dangerously-never' })
    const link = await ask(app, app.browser())
    const stranger = app.browser()
    expect((await stranger.visit(link, { method: 'HEAD' })).status).toBe(200)
    expect(app.calls(verifyCalls)).toBe(0)
    expect((await stranger.visit(link, { headers: {} })).status).toBe(303)
    expect(await isSignedIn(stranger)).toBe(true)
  })

  test('an https app sets cookies that only https carries, and seals its own with __Host-', async () => {
    await using app = await startApp({ version, appUrl: 'https://app.example.test' })
    const browser = app.browser()
    await app.signIn(browser)
    expect(browser.cookieNames.sort()).toEqual(['DS', 'DSR', '__Host-linkpass-attempt'])
    const answer = await browser.visit('/auth/logout', { form: {} })
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})
