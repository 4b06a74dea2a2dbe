import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { createGateway } from '../../servers/gateway.ts'
import type { TestAdapter, TestApp, TestRoute } from '../adapter.ts'
import { ada, claimsOf, postForm, requestLink, setCookies } from '../steps.ts'

const account: TestRoute = {
  path: '/account',
  respond: async ({ account: accountOf }) => {
    const { me, tenants, history } = accountOf()
    const [user, mine, past] = [await me(), await tenants(), await history()]
    return {
      body: {
        email: user.data?.email,
        signIns: past.data?.length,
        tenants: mine.data?.tenants.map(({ id }) => id),
      },
    }
  },
}

const select: TestRoute = {
  method: 'POST',
  path: '/select/:tenant',
  guards: ['required'],
  respond: async ({ account: accountOf, request }) => {
    const selected = await accountOf().selectTenant(request.param('tenant') ?? '')
    return { body: selected.ok ? { tenant: selected.data.claims['dct'] } : selected.error }
  },
}

/** A browser of a user who belongs to two tenants. */
async function memberOf(app: TestApp): Promise<Browser> {
  const tenants = { T1: { roles: ['admin'] }, T2: {} }
  const { cookieNames } = app
  const { cookie } = await app.emulator.signIn(ada, { tenants, cookieNames })
  const browser = app.browser()
  for (const pair of cookie.split('; ')) browser.setCookie(`${pair}; Path=/`)
  return browser
}

/** Ways to end a session of which the service does not learn. Each returns a copy from before. */
const ends: [string, (app: TestApp, browser: Browser) => Promise<Browser>][] = [
  [
    'an administrator ended it',
    async ({ client, cookieNames }, browser) => {
      await client.revokeUser(String(claimsOf(browser.cookie(cookieNames.session))['sub']))
      return browser
    },
  ],
  [
    'an administrator ended what began earlier, although it was refreshed since',
    async ({ client, emulator }, browser) => {
      const moment = new Date(emulator.clock.now() + 1000)
      emulator.clock.advance(11 * 60_000)
      await postForm(browser, '/auth/refresh')
      await client.revokeBefore(moment)
      return browser
    },
  ],
  [
    'a sign-in took its place',
    async (app, browser) => {
      const copy = browser.copy()
      app.emulator.faults.add({ path: '/v1/auth/logout', status: 503, times: 'always' })
      await browser.submit(await browser.visit(await requestLink(app, browser)))
      return copy
    },
  ],
  [
    'only the store recorded its logout',
    async ({ emulator }, browser) => {
      const copy = browser.copy()
      emulator.faults.add({ path: '/v1/auth/logout', status: 503, times: 'always' })
      await postForm(browser, '/auth/logout')
      return copy
    },
  ],
]

/** The account of the signed-in user, and a change of the current tenant. */
export function tenantCases(adapter: TestAdapter): void {
  describe(`auth.account and tenants, on ${adapter.name}`, () => {
    test('the app learns of the signed-in user, and no refresh token is handed out', async () => {
      await using app = await adapter.start({ routes: [account] })
      const browser = await memberOf(app)
      const known = await browser.visit('/account')
      expect(JSON.parse(known.body)).toEqual({ email: ada, signIns: 1, tenants: ['T1', 'T2'] })
      expect(setCookies(known)).toEqual([])
    })

    test('without a guard in front, a session that it refreshed is kept', async () => {
      await using app = await adapter.start({
        emulator: { rotateRefreshTokens: true },
        routes: [account],
      })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      const before = browser.cookie(app.cookieNames.refresh)
      expect((await browser.visit('/account')).status).toBe(200)
      expect(browser.cookie(app.cookieNames.refresh)).not.toBe(before)
      expect((await browser.visit('/me')).status).toBe(200)
    })

    test('a visitor, a Bearer token and an outage have no account: 401 and 503', async () => {
      await using app = await adapter.start({ routes: [account] })
      expect((await app.browser().visit('/account')).status).toBe(401)
      const browser = await memberOf(app)
      const authorization = `Bearer ${browser.cookie(app.cookieNames.session)}`
      const headers = { authorization, accept: 'application/json' }
      expect((await app.browser().visit('/account', { headers })).status).toBe(401)
      app.emulator.clock.advance(11 * 60_000)
      app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
      expect((await browser.visit('/account')).status).toBe(503)
    })

    test('POST /tenant makes a tenant the current one, and goes on', async () => {
      await using app = await adapter.start()
      const browser = await memberOf(app)
      const switched = await postForm(browser, '/auth/tenant', { tenant: 'T2' })
      expect(JSON.parse(switched.body)).toEqual({ tenant: 'T2', expiresAt: expect.any(Number) })
      const { session, refresh } = app.cookieNames
      for (const name of [session, refresh]) {
        expect(claimsOf(browser.cookie(name))['dct']).toBe('T2')
      }
      const page = await browser.visit('/auth/tenant', {
        form: { tenant: 'T1', returnTo: '/projects' },
      })
      expect([page.status, page.location]).toEqual([303, '/projects'])
      app.emulator.clock.advance(11 * 60_000)
      expect((await browser.visit('/me')).status).toBe(200)
      expect(claimsOf(browser.cookie(session))['dct']).toBe('T1')
    })

    test('POST /tenant: another tenant, none, a visitor and a cross-site form change nothing', async () => {
      await using app = await adapter.start()
      const browser = await memberOf(app)
      const post = async (tenant: object, headers = {}): Promise<unknown[]> => {
        const response = await postForm(browser, '/auth/tenant', { ...tenant }, headers)
        return [response.status, response.body, setCookies(response).length]
      }
      expect(await post({ tenant: 'T3' })).toEqual([
        ...[403, '{"error":"forbidden","missing":"tenant"}', 0],
      ])
      const missing = [400, '{"error":"bad_request","field":"tenant"}', 0]
      expect(await post({})).toEqual(missing)
      expect(await post({ tenant: '' })).toEqual(missing)
      const evil = { 'sec-fetch-site': 'cross-site' }
      expect(await post({ tenant: 'T1' }, evil)).toEqual([403, '{"error":"cross_site_request"}', 0])
      app.emulator.faults.add({ path: '/v1/auth/tenant/select', status: 503 })
      expect(await post({ tenant: 'T1' })).toEqual([503, '{"error":"unavailable"}', 0])
      const anyone = await postForm(app.browser(), '/auth/tenant', { tenant: 'T1' })
      expect(anyone.status).toBe(401)
    })

    test.each(ends)(
      'a copied session gets no new one by a tenant or a step-up once %s',
      async (_, copyAndEnd) => {
        await using app = await adapter.start({ routes: [select] })
        const copy = await copyAndEnd(app, await memberOf(app))
        // There is no `revocation`, so the session token is valid until it expires.
        expect((await copy.copy().visit('/me')).status).toBe(200)
        for (const path of ['/auth/tenant', '/select/T2', '/auth/step-up']) {
          const fields = path === '/auth/tenant' ? { tenant: 'T2' } : {}
          expect((await postForm(copy.copy(), path, fields)).status, path).toBe(401)
        }
      },
    )

    test('a route of the app selects a tenant, for this request and for those to come', async () => {
      await using app = await adapter.start({ routes: [select] })
      const browser = await memberOf(app)
      const selected = await postForm(browser, '/select/T2')
      expect(JSON.parse(selected.body)).toEqual({ tenant: 'T2' })
      expect(claimsOf(browser.cookie(app.cookieNames.session))['dct']).toBe('T2')
      const refused = await postForm(browser, '/select/T3')
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'ERR_SERVICE_REFUSED' })
      expect(setCookies(refused)).toEqual([])
    })

    test('a session that the service gives to another user is not kept', async () => {
      let body = ''
      await using gateway = createGateway((path) =>
        path === '/v1/auth/tenant/select' ? { status: 200, body } : undefined,
      )
      await using app = await adapter.start({ routes: [select], client: { dispatcher: gateway } })
      const browser = await memberOf(app)
      const { sessionJwt, refreshJwt } = await app.emulator.signIn('eve@example.test')
      body = JSON.stringify({ sessionJwt, refreshJwt })
      const response = await postForm(browser, '/auth/tenant', { tenant: 'T1' })
      expect([response.status, setCookies(response)]).toEqual([502, []])
      expect((await postForm(browser, '/select/T1')).status).toBe(502)
    })
  })
}
