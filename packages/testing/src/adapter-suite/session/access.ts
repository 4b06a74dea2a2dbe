import { describe, expect, test } from 'vitest'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestGuard, TestRoute } from '../adapter.ts'
import type { TestRequest } from '../web-options.ts'
import { isSignedIn, setCookies } from '../steps.ts'
import { browserWith, callApi, startWith } from './steps.ts'

const issuer = await createTokenIssuer()

const guarded = (path: string, guard: TestGuard): TestRoute => ({
  path,
  guards: [guard],
  respond: () => ({ body: 'ok' }),
})

/** What a guard requires of a session. */
export function accessCases(adapter: TestAdapter): void {
  describe(`what a guard requires of a session, on ${adapter.name}`, () => {
    test('roles, permissions and tenants: 403 that names what is missing, and cookies are kept', async () => {
      const tenant = (request: TestRequest): string | undefined => request.param('tenant')
      await using app = await startWith(adapter, issuer, {
        routes: [
          guarded('/role', { roles: ['admin', 'editor'] }),
          guarded('/permission', { permissions: ['write'] }),
          guarded('/t/:tenant', { roles: ['admin'], tenant }),
          guarded('/member/:tenant', { tenant }),
          guarded('/none', { tenant: () => undefined }),
        ],
      })
      const browser = await browserWith(app, issuer, {
        roles: ['admin'],
        permissions: ['read'],
        tenants: { T1: { roles: ['admin'], permissions: [] }, T2: {} },
      })
      const seen = async (path: string): Promise<unknown[]> => {
        const response = await callApi(browser, path)
        expect(setCookies(response)).toEqual([])
        return [response.status, response.status === 200 ? 'ok' : JSON.parse(response.body).missing]
      }
      expect(await seen('/role')).toEqual([403, 'role'])
      expect(await seen('/permission')).toEqual([403, 'permission'])
      expect(await seen('/t/T1')).toEqual([200, 'ok'])
      expect(await seen('/t/T2')).toEqual([403, 'role'])
      expect(await seen('/t/constructor')).toEqual([403, 'tenant'])
      expect(await seen('/member/T2')).toEqual([200, 'ok'])
      expect(await seen('/member/__proto__')).toEqual([403, 'tenant'])
      expect(await seen('/none')).toEqual([403, 'tenant'])
    })

    test('{ any }: one of the roles or permissions is enough, in the project or in a tenant', async () => {
      await using app = await startWith(adapter, issuer, {
        routes: [
          guarded('/one', { roles: { any: ['owner', 'admin'] }, permissions: { any: ['read'] } }),
          guarded('/none', { roles: { any: ['owner', 'editor'] } }),
          guarded('/tenant', { permissions: { any: ['write', 'own'] }, tenant: 'T1' }),
        ],
      })
      const tenants = { T1: { permissions: ['write'] } }
      const claims = { roles: ['admin'], permissions: ['read'], tenants }
      const browser = await browserWith(app, issuer, claims)
      const statuses = ['/one', '/none', '/tenant'].map(async (path) => callApi(browser, path))
      expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 403, 200])
    })

    test('the claims email and name are on the session, where they are texts', async () => {
      await using app = await startWith(adapter, issuer, {
        routes: [
          {
            path: '/who',
            guards: ['required'],
            respond: ({ session }) => ({ body: [session?.email ?? null, session?.name ?? null] }),
          },
        ],
      })
      const who = async (claims: Record<string, unknown>): Promise<unknown> =>
        JSON.parse((await callApi(await browserWith(app, issuer, claims), '/who')).body)
      expect(await who({ email: 'ada@example.test', name: 'Ada' })).toEqual([
        'ada@example.test',
        'Ada',
      ])
      expect(await who({ email: '', name: { first: 'Ada' } })).toEqual([null, null])
      const browser = await browserWith(app, issuer, { email: 'ada@example.test' })
      const shown = JSON.parse((await callApi(browser, '/auth/session')).body)
      expect(shown.email).toBe('ada@example.test')
    })

    test('a tenant that comes as a promise is an error of the app, also where it is rejected', async () => {
      await using app = await startWith(adapter, issuer, {
        // @ts-expect-error: a promise is no tenant id
        routes: [guarded('/later', { tenant: () => Promise.reject(new Error('not now')) })],
      })
      const browser = await browserWith(app, issuer)
      expect((await callApi(browser, '/later')).status).toBe(500)
      expect(await isSignedIn(browser)).toBe(true)
    })

    test('P21: a request that names no tenant, or not one, has no rights in a tenant called ""', async () => {
      const told: Record<string, string | undefined> = { empty: '', none: undefined, one: 'T1' }
      await using app = await startWith(adapter, issuer, {
        routes: [
          guarded('/tenant/:told', {
            roles: ['admin'],
            tenant: (request) => told[request.param('told') ?? ''],
          }),
          guarded('/header', {
            roles: ['admin'],
            tenant: (request) => request.header('x-tenant'),
          }),
        ],
      })
      const admin = { roles: ['admin'], permissions: [] }
      const claims = [
        { dct: '', roles: ['admin'] },
        { dct: '', tenants: { '': admin } },
        { tenants: { '': admin, T2: admin } },
      ]
      for (const claim of claims) {
        const browser = await browserWith(app, issuer, claim)
        for (const path of ['/tenant/empty', '/tenant/none', '/tenant/one', '/header']) {
          const response = await callApi(browser, path)
          const expected = [403, '{"error":"forbidden","missing":"tenant"}']
          expect([response.status, response.body], path).toEqual(expected)
        }
        const empty = await callApi(browser, '/header', { 'x-tenant': '' })
        expect(empty.status).toBe(403)
      }
    })

    test('a step-up is required by the challenge of RFC 9470, and on a page by a button', async () => {
      await using app = await startWith(adapter, issuer, {
        routes: [guarded('/danger', { stepUp: true })],
      })
      const browser = await browserWith(app, issuer)
      const response = await callApi(browser, '/danger')
      expect(response.status).toBe(401)
      expect(response.headers['www-authenticate']).toContain('insufficient_user_authentication')
      expect(setCookies(response)).toEqual([])
      const page = await browser.visit('/danger')
      expect(page.status).toBe(401)
      expect(browser.hiddenFields(page)).toEqual({ returnTo: '/danger' })
      expect((await callApi(await browserWith(app, issuer, { su: true }), '/danger')).status).toBe(
        200,
      )
    })
  })
}
