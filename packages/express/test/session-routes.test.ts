import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expressVersions, startApp } from './support/app.ts'
import type { Answer, Browser } from './support/browser.ts'
import { unsafeRoutes } from './support/unsafe-routes.ts'

const address = 'ada@example.test'
const api = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }

function post(
  browser: Browser,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return browser.visit(path, { form: fields, headers: { ...api, ...headers } })
}

interface GoCase {
  readonly name: string
  readonly method: string
  readonly secFetchSite: string
  readonly origin: string
  readonly allow: boolean
}

function goCases(): readonly GoCase[] | undefined {
  const file = new URL(
    '../../../../shared/vectors/golang-csrf/cross_origin_cases.json',
    import.meta.url,
  )
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).secFetchSite : undefined
}

describe.each(expressVersions)('the session routes, on Express %i', (version) => {
  test('T-57: every unsafe route follows Go’s cross-origin rule', async ({ skip }) => {
    const cases = goCases()
    if (cases === undefined) return skip('../shared/vectors is absent')
    const appUrl = 'https://example.com'
    await using app = await startApp({ version, appUrl, methods: ['email', 'sms', 'enchanted'] })
    for (const { name, secFetchSite, origin, allow } of cases.filter((c) => c.method === 'POST')) {
      const headers = {
        accept: 'application/json',
        ...(secFetchSite && { 'sec-fetch-site': secFetchSite }),
        ...(origin && { origin }),
      }
      for (const route of unsafeRoutes) {
        const answer = await app.browser().visit(`/auth${route}`, { form: { x: '1' }, headers })
        const refused = answer.status === 403 && answer.body.includes('cross_site_request')
        expect(refused, `${name}: ${route}`).toBe(!allow)
      }
    }
  })

  test('T-57: a wrong method is 405 with what is allowed, and does nothing', async () => {
    await using app = await startApp({ version, methods: ['email', 'sms', 'enchanted'] })
    const browser = app.browser()
    await app.signIn(browser)
    for (const route of unsafeRoutes.filter((path) => !path.endsWith('/verify'))) {
      const answer = await browser.visit(`/auth${route}`)
      expect(answer.status, route).toBe(405)
      expect(answer.headers['allow']).toBe('POST')
    }
    const session = await post(browser, '/auth/session')
    expect([session.status, session.headers['allow']]).toEqual([405, 'GET, HEAD'])
    expect((await browser.visit('/me')).status).toBe(200)
    expect((await browser.visit('/auth/nothing')).status).toBe(404)
  })

  test('GET /session says who it is, without a secret, and 401 for nobody', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    expect((await browser.visit('/auth/session')).status).toBe(401)
    await app.signIn(browser)
    const answer = await browser.visit('/auth/session')
    const { userId, expiresAt, ...rest } = JSON.parse(answer.body)
    expect(userId).toMatch(/^U/)
    expect(expiresAt).toBeGreaterThan(app.emulator.clock.now())
    expect(Object.keys(rest)).toEqual(['roles', 'permissions', 'tenants', 'amr'])
    expect(answer.body).not.toContain(browser.cookie('DS'))
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('POST /refresh brings a new session before the old one ends', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    expect((await post(browser, '/auth/refresh')).status).toBe(401)
    await app.signIn(browser)
    const before = browser.cookie('DS')
    app.emulator.clock.advance(60_000)
    const answer = await post(browser, '/auth/refresh')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body).expiresAt).toBeGreaterThan(app.emulator.clock.now())
    expect(browser.cookie('DS')).not.toBe(before)
  })

  test('T-61: a logout clears the cookies with the service out of reach, too', async () => {
    await using app = await startApp({ version })
    for (const route of ['/auth/logout', '/auth/logout-all']) {
      const browser = app.browser()
      await app.signIn(browser)
      const service = { path: route.replace('/auth/logout-all', '/auth/logoutall') }
      app.emulator.faults.add({ path: `/v1${service.path}`, drop: 'before', times: 'always' })
      const answer = await post(browser, route)
      expect(answer.status).toBe(204)
      expect(browser.cookieNames).toEqual(['linkpass-attempt'])
      app.emulator.clock.advance(60_000)
    }
  })

  test('a logout ends the refresh token at the service', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const stolen = browser.copy()
    await post(browser, '/auth/logout')
    app.emulator.clock.advance(11 * 60_000)
    expect((await stolen.visit('/auth/session')).status).toBe(401)
  })

  test('a logout beside a Bearer token still ends what the cookies hold', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const refreshJwt = browser.cookie('DSR') ?? ''
    await post(browser, '/auth/logout', {}, { authorization: 'Bearer x.y.z' })
    expect((await app.client.me(refreshJwt)).ok).toBe(false)
  })

  test('a session cookie tossed by a sibling host keeps no logout from ending the session', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const refreshJwt = browser.cookie('DSR') ?? ''
    const cookie = `DS=${browser.cookie('DS')}; DS=tossed; DSR=${refreshJwt}`
    await post(browser, '/auth/logout', {}, { cookie })
    expect((await app.client.me(refreshJwt)).ok).toBe(false)
  })

  test('a logout everywhere ends the other browser’s refresh token, too', async () => {
    await using app = await startApp({ version })
    const [here, there] = [app.browser(), app.browser()]
    await app.signIn(here)
    app.emulator.clock.advance(60_000)
    await app.signIn(there)
    await post(here, '/auth/logout-all')
    app.emulator.clock.advance(11 * 60_000)
    expect((await there.visit('/auth/session')).status).toBe(401)
  })

  test('a step-up mails a link to the person who is signed in, and resumes the page', async () => {
    await using app = await startApp({
      version,
      routes: (express, auth) => {
        express.get('/danger', auth.requireSession({ stepUp: true }), (_req, res) => {
          res.send('done')
        })
      },
    })
    const browser = app.browser()
    await app.signIn(browser)
    const blocked = await browser.visit('/danger')
    expect(blocked.status).toBe(401)
    const sent = await browser.submit(blocked)
    expect(sent.location).toBe('/auth/check-inbox')
    const waiting = await browser.visit('/auth/check-inbox')
    expect(waiting.body).toContain('you go on where you were')
    expect(waiting.body).not.toContain('/auth/sign-in')
    const link = await app.linkFor(address)
    expect((await browser.visit(link)).location).toBe('/danger')
    expect((await browser.visit('/danger')).body).toBe('done')
  })

  test('T-62: an update goes to the signed-in person’s own account, whatever the body says', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const named = await post(browser, '/auth/email', { email: 'new@example.test', loginId: 'eve' })
    expect(JSON.parse(named.body)).toEqual({ error: 'bad_request', field: 'loginId' })
    expect((await post(browser, '/auth/email', { email: 'new@example.test' })).status).toBe(401)
    await app.signIn(browser)
    const userId = JSON.parse((await browser.visit('/auth/session')).body).userId
    const sent = await post(browser, '/auth/email', { email: 'new@example.test', returnTo: '/me' })
    expect(sent.status).toBe(202)
    expect(JSON.parse(sent.body)).toEqual({ maskedEmail: 'n***@example.test' })
    const link = await app.linkFor('new@example.test')
    expect((await browser.visit(link)).location).toBe('/me')
    const me = await app.client.me(browser.cookie('DSR') ?? '')
    expect(me.data).toMatchObject({ userId, email: 'new@example.test' })
  })

  test('T-32: the link of a change of address says so on a device that did not ask for it', async () => {
    await using app = await startApp({ version })
    const [eve, phone] = [app.browser(), app.browser()]
    await app.signIn(eve, 'eve@example.test')
    await post(eve, '/auth/email', { email: address })
    const page = await phone.visit(await app.linkFor(address))
    expect(page.body).toContain('Confirm your new address')
    expect(page.body).not.toContain('Sign in on this device')
  })

  test('T-32: a change of number is called that, here and on a device that did not ask', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const number = '+447700900123'
    await browser.visit('/auth/phone', { form: { phone: number } })
    const link = await app.linkFor(number)
    const here = await browser.visit(link, { headers: { accept: 'text/html' } })
    for (const page of [here, await app.browser().visit(link)]) {
      expect(page.body).toContain('Confirm your new number')
      expect(page.body).not.toMatch(/this address|new address/)
    }
  })

  test('T-62: nobody takes over an account by asking for its address as their own', async () => {
    await using app = await startApp({ version, limits: false })
    const [ada, eve] = [app.browser(), app.browser()]
    await app.signIn(ada)
    await app.signIn(eve, 'eve@example.test')
    const before = app.emulator.inbox.list({ to: address }).length
    const asked = await post(eve, '/auth/email', { email: address })
    // The same answer as for any other address: it tells nobody who has an account.
    expect([asked.status, asked.body]).toEqual([202, '{"maskedEmail":"a***@example.test"}'])
    expect(app.emulator.inbox.list({ to: address })).toHaveLength(before)

    await post(eve, '/auth/email', { email: 'grace@example.test' })
    const link = await app.linkFor('grace@example.test')
    const grace = app.browser()
    await app.signIn(grace, 'grace@example.test')
    expect((await eve.visit(link)).status).toBe(400)
    const graceNow = await app.client.me(grace.cookie('DSR') ?? '')
    expect(graceNow.data?.loginIds).toEqual(['grace@example.test'])
  })

  test('T-62: a session token alone, a Bearer token and a cross-site form update nothing', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const cookie = `DS=${browser.cookie('DS')}`
    const fields = { email: 'new@example.test' }
    const alone = await post(app.browser(), '/auth/email', fields, { cookie })
    expect([alone.status, alone.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    const authorization = `Bearer ${browser.cookie('DS')}`
    expect((await post(app.browser(), '/auth/email', fields, { authorization })).status).toBe(401)
    const evil = { 'sec-fetch-site': 'cross-site' }
    expect((await post(browser, '/auth/email', fields, evil)).status).toBe(403)
    expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
  })

  test('a form about one’s own account that fails leads back to it, or by way of a sign-in', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    const send = (path: string, form: Record<string, string>): Promise<Answer> =>
      browser.visit(path, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: {
          ...{ accept: 'text/html', origin: app.origin, referer: `${app.origin}/settings` },
          'content-type': 'application/x-www-form-urlencoded',
        },
      })
    const toSignIn = await send('/auth/email', { email: 'new@example.test' })
    expect(toSignIn.status).toBe(401)
    expect(toSignIn.body).toContain('href="/auth/sign-in?returnTo=%2Fsettings"')
    const noStepUp = await send('/auth/step-up', { returnTo: '/danger' })
    expect(noStepUp.body).toContain('href="/auth/sign-in?returnTo=%2Fdanger"')
    await app.signIn(browser)
    const wrong: readonly Record<string, string>[] = [{ email: 'no address' }, { mail: 'x' }]
    for (const form of wrong) {
      const mistyped = await send('/auth/email', form)
      expect(mistyped.status).toBe(400)
      expect(mistyped.body).toContain('href="/settings"')
    }
    app.emulator.faults.add({ path: '/v1/auth/me', status: 503 })
    const outage = await send('/auth/step-up', { returnTo: '/danger' })
    expect(outage.status).toBe(503)
    expect(outage.body).toContain('href="/danger"')
  })

  test('a step-up that a logout overtakes is 401, and no warning about the deployment', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const warnings: unknown[] = []
    const listen = (warning: Error): unknown => warnings.push(warning)
    process.on('warning', listen)
    const over = { status: 401, errorCode: 'E064001', errorDescription: 'Expired due to logout' }
    app.emulator.faults.add({ path: '/v1/auth/magiclink/signin/email', ...over })
    expect((await post(browser, '/auth/step-up', {})).status).toBe(401)
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })

  test('a number is updated by SMS', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await app.signIn(browser)
    const sent = await post(browser, '/auth/phone', { phone: '+44 20 7946 0018' })
    expect(JSON.parse(sent.body)).toEqual({ maskedPhone: '***0018' })
    expect((await browser.visit(await app.linkFor('+442079460018'))).status).toBe(303)
  })

  test('two people’s cookies side by side update nobody', async () => {
    await using app = await startApp({ version })
    const [ada, eve] = [app.browser(), app.browser()]
    await app.signIn(ada)
    await app.signIn(eve, 'eve@example.test')
    const cookie = `DS=${ada.cookie('DS')}; DSR=${eve.cookie('DSR')}`
    const answer = await post(app.browser(), '/auth/email', { email: 'n@example.test' }, { cookie })
    expect(answer.status).toBe(403)
  })
})
