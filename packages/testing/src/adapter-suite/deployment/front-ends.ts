import { describe, expect, test } from 'vitest'
import type { BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestAppOptions } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'

const front = 'https://www.example.test'
const evil = 'https://evil.example'
const refused = [403, '{"error":"cross_site_request"}']

/** Front ends on another port or host than the app. */
export function frontEndCases(adapter: TestAdapter): void {
  const options: TestAppOptions = {
    appUrl: 'https://app.example.test',
    trustedOrigins: [front],
    cookies: { prefix: false },
    routes: [
      { method: 'POST', path: '/save', guards: ['required'], respond: () => ({ body: 'saved' }) },
    ],
  }

  describe(`front ends of other origins, on ${adapter.name}`, () => {
    test('a preflight from a trusted origin says what may be sent, and from another nothing', async () => {
      await using app = await adapter.start(options)
      const ask = (origin: string, path: string): Promise<Response> =>
        fetch(app.address + path, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            // Those of a script that reports errors among them.
            'access-control-request-headers': 'baggage,content-type,sentry-trace',
          },
        })
      const allowed = await ask(front, '/auth/magic-link')
      expect([allowed.status, corsOf(Object.fromEntries(allowed.headers))]).toEqual([
        204,
        {
          'access-control-allow-credentials': 'true',
          'access-control-allow-headers': 'baggage,content-type,sentry-trace',
          'access-control-allow-methods': 'POST',
          'access-control-allow-origin': front,
          'access-control-expose-headers': 'Retry-After',
          'access-control-max-age': '600',
          vary: 'Access-Control-Request-Headers, Origin',
        },
      ])
      for (const origin of [evil, 'null', `${front}.evil.example`, front.toUpperCase()]) {
        const other = await ask(origin, '/auth/magic-link')
        expect(other.status).toBe(405)
        expect(corsOf(Object.fromEntries(other.headers))).toEqual({ vary: 'Origin' })
      }
    })

    test('a trusted origin signs in, calls a guarded route, refreshes and signs out', async () => {
      await using app = await adapter.start(options)
      const browser = app.browser()
      const post = (path: string, form: Record<string, string> = {}): Promise<BrowserResponse> =>
        postForm(browser, path, form, { origin: front, 'sec-fetch-site': 'same-site' })
      const sent = await post('/auth/magic-link', { loginId: ada, returnTo: `${front}/inbox?a=1` })
      expect([sent.status, corsOf(sent.headers)['access-control-allow-origin']]).toEqual([
        202,
        front,
      ])
      const verified = await browser.visit(await app.linkFor(ada))
      expect(verified.location).toBe(`${front}/inbox?a=1`)
      expect((await post('/save')).status).toBe(200)
      const refreshed = await post('/auth/refresh')
      expect([refreshed.status, refreshed.headers['access-control-allow-credentials']]).toEqual([
        200,
        'true',
      ])
      expect((await post('/auth/logout')).status).toBe(204)
      expect((await post('/save')).status).toBe(401)
    })

    test.each([
      ['another origin', evil],
      ['an opaque origin', 'null'],
      ['an origin that begins like a trusted one', `${front}.evil.example`],
      ['another scheme', front.replace('https', 'http')],
      ['another port', `${front}:8443`],
    ])('T-57: %s is refused by routes and guards', async (_, origin) => {
      await using app = await adapter.start(options)
      const browser = app.browser()
      await app.signIn(browser)
      for (const path of ['/auth/logout', '/auth/magic-link', '/save']) {
        for (const site of ['same-site', 'cross-site']) {
          const headers = { origin, 'sec-fetch-site': site }
          const response = await postForm(browser, path, {}, headers)
          expect([response.status, response.body]).toEqual(refused)
          expect(response.headers['access-control-allow-origin']).toBeUndefined()
        }
      }
    })

    test.each([
      [front, `${front}/`],
      [`${front}/a`, `${front}/a`],
      [`${front}//evil.test`, `${front}//evil.test`],
      [`${front}@evil.example/`, '/'],
      [`${front}.evil.example/`, '/'],
      [`${front}:8443/`, '/'],
      [`${front}\\@evil.example/`, '/'],
      [`${evil}/`, '/'],
    ])('an open redirect: returnTo %s leads to %s', async (returnTo, location) => {
      await using app = await adapter.start(options)
      const response = await app.browser().visit('/auth/logout', { form: { returnTo } })
      expect(response.location).toBe(location)
    })

    test('what a function of the app throws reaches the front end as a 500', async () => {
      const loginOptions = (): never => {
        throw new Error(`no loginOptions for a front end, on ${adapter.name}`)
      }
      await using app = await adapter.start({ ...options, loginOptions })
      const headers = { origin: front, 'sec-fetch-site': 'same-site' }
      const form = { loginId: ada }
      const failed = await postForm(app.browser(), '/auth/magic-link', form, headers)
      expect([failed.status, corsOf(failed.headers)['access-control-allow-origin']]).toEqual([
        500,
        front,
      ])
      expect(corsOf(failed.headers)['vary']).toContain('Origin')
    })

    test('a path with a slash too many leads a front end to the exact one', async () => {
      await using app = await adapter.start(options)
      const response = await app.browser().visit('/auth/session/', { headers: { origin: front } })
      expect([response.status, response.location]).toEqual([303, '/auth/session'])
      expect(response.headers['access-control-allow-origin']).toBe(front)
    })

    test('without trusted origins, no response has a CORS header', async () => {
      await using app = await adapter.start()
      const response = await app.browser().visit('/auth/session', { headers: { origin: front } })
      expect(corsOf(response.headers)).toEqual({})
    })

    test('in development, a refused front end on this machine learns what to add', async () => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      const answer = async (origin: string): Promise<unknown> => {
        const headers = { origin, 'sec-fetch-site': 'same-site' }
        return JSON.parse((await postForm(browser, '/auth/logout', {}, headers)).body)
      }
      const message =
        'For a front end of this app, add trustedOrigins: ["http://localhost:5173"] to the options of createAuth, and open it by that address. For the app itself, set appUrl to its address.'
      // Browsers send no cookies of `localhost` with what the others request.
      for (const host of ['http://localhost', 'http://127.0.0.1', 'https://localhost']) {
        const told = { error: 'cross_site_request', message }
        expect(await answer(`${host}:5173`)).toEqual(told)
      }
      expect(await answer(evil)).toEqual({ error: 'cross_site_request' })
      expect(await answer(app.origin)).toEqual({ error: 'cross_site_request' })
      expect(await answer('http://localhost:5173/"]')).toEqual({ error: 'cross_site_request' })
    })
  })
}

function corsOf(headers: BrowserResponse['headers']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name === 'vary' || name.startsWith('access-control-'),
    ),
  )
}
