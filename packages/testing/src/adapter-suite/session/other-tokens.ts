import { describe, expect, test } from 'vitest'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { claimsOf, isSignedIn, postForm, setCookies } from '../steps.ts'
import { callApi, startWith } from './steps.ts'

const issuer = await createTokenIssuer()
const otherProject = await createTokenIssuer()
const iss = 'P2zzzzzzzzzzzzzzzzzzzzzzzzzzz'

/** Values of the session cookies. */
interface Tokens {
  readonly session?: string
  readonly refresh?: string
}

/** The status of a guarded route for a request with these cookies, and what it sets. */
async function seen(app: TestApp, { session, refresh }: Tokens): Promise<[number, string[]]> {
  const pairs = [
    ...(session === undefined ? [] : [`${app.cookieNames.session}=${session}`]),
    ...(refresh === undefined ? [] : [`${app.cookieNames.refresh}=${refresh}`]),
  ]
  const response = await callApi(app.browser(), '/me', { cookie: pairs.join('; ') })
  return [response.status, setCookies(response).map((line) => line.split(';', 1).join(''))]
}

/** Cookies that are not of one session of this app. */
export function otherTokenCases(adapter: TestAdapter): void {
  describe(`cookies of another user or project, on ${adapter.name}`, () => {
    test('P3: a session cookie of another user beside the own refresh cookie signs no user in', async () => {
      await using app = await startWith(adapter, issuer, { appUrl: 'https://app.example.test' })
      const planted = {
        session: await issuer.session({ sub: 'U2' }),
        refresh: await issuer.refresh(),
      }
      for (let count = 0; count < 3; count += 1) {
        const [status, cookies] = await seen(app, planted)
        expect(status).toBe(401)
        expect(cookies).toEqual(['__Host-DS=', '__Host-DSR='])
        // Also once this session is known together with its own refresh token.
        const own = { ...planted, refresh: await issuer.refresh({ sub: 'U2' }) }
        expect(await seen(app, own)).toEqual([200, []])
      }
    })

    test('P3: an expired session cookie of another user is cleared together with strays', async () => {
      const options = { appUrl: 'https://app.example.test', cookies: { prefix: false } } as const
      await using app = await startWith(adapter, issuer, options)
      const past = Math.floor(Date.now() / 1000) - 600
      const expired = await issuer.session({ sub: 'U2', iat: past - 600, exp: past })
      const [status, cookies] = await seen(app, {
        session: expired,
        refresh: await issuer.refresh(),
      })
      expect(status).toBe(401)
      expect(cookies.length).toBeGreaterThan(2)
    })

    test('a refresh cookie that names no user is not compared', async () => {
      await using app = await startWith(adapter, issuer)
      for (const refresh of ['x', 'x.y.z', 'a.e30.c']) {
        expect(await seen(app, { session: await issuer.session(), refresh })).toEqual([200, []])
      }
    })

    test('U12: cookies of another project are neither used nor cleared', async () => {
      await using app = await startWith(adapter, issuer)
      const session = await otherProject.session({ iss })
      const refresh = await otherProject.refresh({ iss, sub: 'U2' })
      expect(await seen(app, { session, refresh })).toEqual([401, []])
      expect(await seen(app, { session })).toEqual([401, []])
      expect(await seen(app, { refresh })).toEqual([401, []])
      expect(await seen(app, { session: await issuer.session(), refresh })).toEqual([200, []])
    })

    test('a session cookie of another project counts as absent', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const { sub } = claimsOf(browser.cookie(app.cookieNames.session))
      browser.setCookie(
        `${app.cookieNames.session}=${await otherProject.session({ iss, sub })}; Path=/`,
      )
      expect(await isSignedIn(browser)).toBe(true)
      expect(app.calls('/v1/auth/refresh')).toBe(1)
    })

    test('a token of another project causes no request for its key', async () => {
      await using app = await adapter.start()
      const before = app.emulator.requests().length
      expect((await seen(app, { session: await otherProject.session({ iss }) }))[0]).toBe(401)
      expect(app.emulator.requests().length).toBe(before)
    })

    test.each(['of another user', 'that is made up'])(
      'P10: a logout everywhere ends the user of a session token beside a refresh token %s',
      async (refresh) => {
        await using app = await adapter.start()
        const [browser, other] = [app.browser(), app.browser()]
        await app.signIn(browser)
        await app.signIn(other, 'eve@example.test')
        const { cookieNames } = app
        const bearer = { authorization: `Bearer ${browser.cookie(cookieNames.session)}` }
        const isMadeUp = refresh === 'that is made up'
        const sent = isMadeUp
          ? { cookie: `${browser.cookiePairs(cookieNames.session)}; ${cookieNames.refresh}=a.b.c` }
          : bearer
        const response = await postForm(
          isMadeUp ? app.browser() : other,
          '/auth/logout-all',
          {},
          sent,
        )
        expect(response.status).toBe(204)
        app.emulator.clock.advance(11 * 60_000)
        expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([false, isMadeUp])
      },
    )

    test('P3: a refresh cookie of another user beside the own session cookie is not traded', async () => {
      await using app = await adapter.start()
      const [browser, attacker] = [app.browser(), app.browser()]
      await app.signIn(browser)
      await app.signIn(attacker, 'eve@example.test')
      const planted = browser.copy()
      planted.setCookie(`${attacker.cookiePairs(app.cookieNames.refresh)}; Path=/`)
      const refreshed = await postForm(planted, '/auth/refresh')
      expect(refreshed.status).toBe(401)
      expect(await isSignedIn(planted)).toBe(false)
      expect(app.calls('/v1/auth/refresh')).toBe(0)
      app.emulator.clock.advance(11 * 60_000)
      const own = await postForm(browser, '/auth/refresh')
      expect([own.status, setCookies(own).length, app.calls('/v1/auth/refresh')]).toEqual([
        200, 2, 1,
      ])
    })
  })
}
