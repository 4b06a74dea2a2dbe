import { describe, expect, test } from 'vitest'
import { Browser } from '../../browser.ts'
import { nginxOrSkip, startNginx } from '../../servers/nginx.ts'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestGuard, TestRoute } from '../adapter.ts'
import { startWith } from './steps.ts'

const issuer = await createTokenIssuer()

const page = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html,*/*' }
const program = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: '*/*' }
const viaWorker = { ...page, 'sec-fetch-dest': 'empty' }
const viaWorkerWithOptions = { ...viaWorker, 'sec-fetch-mode': 'same-origin' }
const oldBrowser = { accept: 'text/html,application/xhtml+xml' }
const emptyMode = { ...oldBrowser, 'sec-fetch-mode': '' }
const curl = { accept: '*/*' }

function routeBehind(path: string, guard: TestGuard, headers = {}): TestRoute {
  return {
    path,
    guards: [guard],
    respond: ({ session }) => ({ headers, body: `for ${session?.userId}` }),
  }
}

const routes: readonly TestRoute[] = [
  routeBehind('/guarded', 'required'),
  routeBehind('/optional', 'optional'),
  routeBehind('/api', 'standalone'),
  routeBehind('/own', 'required', { 'Cache-Control': 'private, max-age=60' }),
  routeBehind('/public', 'required', { 'Cache-Control': 'public, max-age=60' }),
  routeBehind('/fixed', { cacheControl: 'private, max-age=5' }),
  routeBehind('/off', { cacheControl: false }),
]

/** What caches may do with guarded responses. */
export function cachingCases(adapter: TestAdapter): void {
  describe(`caches and guarded responses, on ${adapter.name}`, () => {
    test('P22: a shared cache stores no guarded response, and no cache stores a page', async () => {
      await using app = await startWith(adapter, issuer, { routes })
      const jwt = await issuer.session()
      const seen = async (path: string, headers: Record<string, string>): Promise<unknown> => {
        const response = await app.browser().visit(path, {
          headers: { ...headers, cookie: `${app.cookieNames.session}=${jwt}` },
        })
        expect(response.status).toBe(200)
        return response.headers['cache-control']
      }
      for (const path of ['/guarded', '/optional']) {
        expect(await seen(path, page)).toBe('private, no-store')
        expect(await seen(path, viaWorker)).toBe('private, no-store')
        expect(await seen(path, viaWorkerWithOptions)).toBe('private, no-store')
        expect(await seen(path, oldBrowser)).toBe('private, no-store')
        expect(await seen(path, emptyMode)).toBe('private, no-store')
        expect(await seen(path, program)).toBe('private, no-cache')
        expect(await seen(path, curl)).toBe('private, no-cache')
      }
      expect(await seen('/api', { ...curl, authorization: `Bearer ${jwt}` })).toBe(
        'private, no-cache',
      )
      expect(await seen('/own', page)).toBe('private, max-age=60')
      expect(await seen('/fixed', page)).toBe('private, max-age=5')
      expect(await seen('/off', page)).toBeUndefined()
    })

    test('P22: nginx with proxy_cache_valid gives no response for one user to another', async (context) => {
      nginxOrSkip(context)
      await using nginx = await startNginx({ caches: true })
      await using app = await startWith(adapter, issuer, { routes, appUrl: nginx.origin })
      nginx.leadTo(app.address)
      const jwts = await Promise.all(['U1', 'U2'].map((sub) => issuer.session({ sub })))
      const [first, second] = jwts.map((jwt) => {
        const bearer = { authorization: `Bearer ${jwt}` }
        const cookies = { cookie: `${app.cookieNames.session}=${jwt}` }
        return async (path: string, headers: object): Promise<string> => {
          const credentials = path === '/api' ? bearer : cookies
          const all = { headers: { ...headers, ...credentials } }
          return (await new Browser(nginx.origin).visit(path, all)).body
        }
      })
      const visitor = async (path: string, headers: Record<string, string>): Promise<number> =>
        (await new Browser(nginx.origin).visit(path, { headers })).status

      for (const headers of [page, viaWorker, oldBrowser, program, curl]) {
        for (const path of ['/guarded', '/optional', '/api', '/own']) {
          expect(await first?.(path, headers)).toBe('for U1')
          expect(await second?.(path, headers)).toBe('for U2')
        }
        // Nor is what a visitor gets kept for a user, or the reverse.
        expect([303, 401]).toContain(await visitor('/guarded', headers))
        expect(await second?.('/guarded', headers)).toBe('for U2')
        expect(await first?.('/auth/session', headers)).toContain('expiresAt')
        expect(await visitor('/auth/session', headers)).toBe(401)
      }
      // The cache works: without our header it gives the response of one user to everyone.
      expect(await first?.('/off', page)).toBe('for U1')
      expect(await second?.('/off', page)).toBe('for U1')
      expect(await visitor('/off', page)).toBe(200)
    })

    test('P22: a response to a visitor without credentials is left alone', async () => {
      await using app = await startWith(adapter, issuer, { routes })
      const visitor = await app.browser().visit('/optional', { headers: page })
      expect(visitor.headers['cache-control']).toBeUndefined()
    })

    test('a response that refreshes a session is stored nowhere, whatever the app says', async () => {
      await using app = await adapter.start({ routes })
      const browser = app.browser()
      await app.signIn(browser)
      for (const path of ['/guarded', '/own', '/public']) {
        app.emulator.clock.advance(11 * 60_000)
        const refreshed = await browser.visit(path, { headers: program })
        expect(refreshed.headers['set-cookie']).toHaveLength(2)
        expect(refreshed.headers['cache-control'], path).toBe('no-store')
      }
    })
  })
}
