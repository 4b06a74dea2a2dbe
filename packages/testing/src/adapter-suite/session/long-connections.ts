import { memoryStore } from '@linkpass/core'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { wrapStore } from '../../wrap-store.ts'
import type { TestAdapter, TestApp, TestRoute, TestSocket } from '../adapter.ts'
import { isSignedIn, postForm } from '../steps.ts'

const stream: TestRoute = {
  path: '/stream',
  guards: ['required'],
  respond: async ({ ended }) => {
    const signal = ended()
    if (!signal.aborted) await once(signal, 'abort')
    return { body: 'the session has ended' }
  },
}

function cookiesOf(app: TestApp, browser: Browser): string {
  const { session, refresh } = app.cookieNames
  return browser.cookiePairs(session, refresh)
}

/** Opens a WebSocket from a page of the app, or of another origin. */
function open(app: TestApp, browser: Browser, headers = {}): Promise<TestSocket> {
  return app.socket({ origin: app.origin, cookie: cookiesOf(app, browser), ...headers })
}

/** Resolves once the app serves a request for this path. */
async function underWay(app: TestApp, path: string): Promise<void> {
  while (app.openRequests(path) === 0) await app.browser().visit('/')
}

/** WebSockets and server-sent events. */
export function longConnectionCases(adapter: TestAdapter): void {
  upgradeCases(adapter)
  endCases(adapter)
}

function upgradeCases(adapter: TestAdapter): void {
  describe(`a WebSocket, on ${adapter.name}`, () => {
    test('is opened for a user from a page of the app or a trusted front end', async () => {
      const front = 'http://localhost:5173'
      await using app = await adapter.start({ trustedOrigins: [front] })
      const browser = app.browser()
      await app.signIn(browser)
      const { userId } = JSON.parse((await browser.visit('/me')).body)
      // The last one is of a program, which sends no Origin.
      for (const headers of [{}, { origin: front }, { origin: '' }]) {
        using socket = await open(app, browser, headers)
        expect([socket.status, socket.received]).toEqual([101, userId])
      }
    })

    test.each<[string, Record<string, string>]>([
      ['another site', { origin: 'https://evil.example' }],
      ['a sibling host', { origin: 'http://evil.localhost' }],
      ['another port', { origin: 'http://localhost:1' }],
      ['the same host over https', { origin: 'https://localhost' }],
      ['a sandboxed frame', { origin: 'null' }],
      [
        'another site, which says it is none',
        { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      ],
      ['another site, by Fetch Metadata', { origin: '', 'sec-fetch-site': 'cross-site' }],
    ])('with the user’s cookies is refused from %s', async (_, headers) => {
      await using app = await adapter.start()
      const browser = app.browser()
      await app.signIn(browser)
      using socket = await open(app, browser, headers)
      expect(socket.status).toBe(403)
      expect(JSON.parse(socket.received)).toMatchObject({ error: 'cross_site_request' })
    })

    test('is refused without a session, and with the cookies of two users', async () => {
      await using app = await adapter.start()
      const [ada, eve] = [app.browser(), app.browser()]
      await app.signIn(ada)
      await app.signIn(eve, 'eve@example.test')
      const { session, refresh } = app.cookieNames
      const both = `${eve.cookiePairs(session)}; ${ada.cookiePairs(refresh)}`
      for (const cookie of ['', `${session}=made.up.token`, ada.cookiePairs(refresh), both]) {
        using socket = await app.socket({ origin: app.origin, cookie })
        expect([socket.status, socket.received]).toEqual([401, '{"error":"unauthorized"}'])
      }
    })

    test('is refused once the session token has expired, and nothing is refreshed', async () => {
      await using app = await adapter.start({ emulator: { rotateRefreshTokens: true } })
      const browser = app.browser()
      await app.signIn(browser)
      const cookie = cookiesOf(app, browser)
      app.emulator.clock.advance(11 * 60_000)
      using refused = await app.socket({ origin: app.origin, cookie })
      expect([refused.status, app.calls('/v1/auth/refresh')]).toEqual([401, 0])
      expect((await postForm(browser, '/auth/refresh')).status).toBe(200)
      using opened = await open(app, browser)
      expect(opened.status).toBe(101)
    })

    test('refreshes nothing, also where the session expires meanwhile', async () => {
      let [meanwhile, reads] = [(): void => {}, 0]
      const store = wrapStore(memoryStore(), (operation, name) => {
        // The log is never read whole, so each look at the session asks the store.
        if (name === 'readFrom' && ++reads % 2 === 1) return Promise.reject(new Error('down'))
        if (name === 'getMany') meanwhile()
        return operation()
      })
      const revocation = { onStoreError: 'deny' } as const
      await using app = await adapter.start({ client: { store, revocation } })
      const browser = app.browser()
      await app.signIn(browser)
      meanwhile = () => app.emulator.clock.advance(11 * 60_000)
      using socket = await open(app, browser)
      expect([socket.status, app.calls('/v1/auth/refresh')]).toEqual([101, 0])
    })
  })
}

function endCases(adapter: TestAdapter): void {
  const ends: readonly [string, (app: TestApp, browser: Browser, userId: string) => unknown][] = [
    ['a logout', (_app, browser) => postForm(browser, '/auth/logout')],
    ['a logout everywhere', (_app, browser) => postForm(browser, '/auth/logout-all')],
    ['an administrator', ({ client }, _browser, userId) => client.revokeUser(userId)],
    ['its time', ({ emulator }) => emulator.clock.advance(10 * 60_000)],
  ]

  describe(`the end of a session, on ${adapter.name}`, () => {
    test.each(ends)('by %s closes its sockets and streams', async (_, end) => {
      await using app = await adapter.start({ routes: [stream] })
      const browser = app.browser()
      await app.signIn(browser)
      using socket = await open(app, browser)
      const streamed = browser.copy().visit('/stream')
      await underWay(app, '/stream')
      await end(app, browser, socket.received)
      expect(await socket.closed).toBe(4401)
      expect((await streamed).body).toBe('the session has ended')
    })

    test('C9: ends each of the forty streams of one connection, without a warning of a leak', async () => {
      const warnings: string[] = []
      const note = ({ name }: Error): void => void warnings.push(name)
      process.on('warning', note)
      const many: TestRoute = {
        ...stream,
        respond: async ({ ended }) => {
          const signals = Array.from({ length: 40 }, ended)
          await Promise.all(
            signals.map((signal) => new Promise((end) => signal.addEventListener('abort', end))),
          )
          return { body: 'all have ended' }
        },
      }
      await using app = await adapter.start({ routes: [many] })
      const browser = app.browser()
      await app.signIn(browser)
      const streamed = browser.copy().visit('/stream')
      await underWay(app, '/stream')
      await postForm(browser, '/auth/logout')
      expect((await streamed).body).toBe('all have ended')
      process.off('warning', note)
      expect(warnings).not.toContain('MaxListenersExceededWarning')
    })

    test('closes no socket of another user', async () => {
      await using app = await adapter.start()
      const [ada, eve] = [app.browser(), app.browser()]
      await app.signIn(ada)
      await app.signIn(eve, 'eve@example.test')
      using socket = await open(app, ada)
      using other = await open(app, eve)
      await postForm(ada, '/auth/logout-all')
      expect(await socket.closed).toBe(4401)
      expect(await Promise.race([other.closed, isSignedIn(eve)])).toBe(true)
    })

    test('on one instance closes its sockets on each', async () => {
      const store = memoryStore()
      await using here = await adapter.start({ client: { store } })
      const { clock, projectId, url: baseUrl } = here.emulator
      const appUrl = here.origin
      await using there = await adapter.start({
        appUrl,
        client: { store, clock, projectId, baseUrl },
      })
      const browser = here.browser()
      await here.signIn(browser)
      using socket = await open(there, browser)
      await postForm(browser, '/auth/logout')
      expect(await socket.closed).toBe(4401)
    })

    test('a route without a guard in front has no session that could end', async () => {
      const unguarded: TestRoute = {
        path: '/open',
        respond: ({ ended }) => {
          try {
            return { body: String(ended().aborted) }
          } catch (error) {
            return { body: String(error) }
          }
        },
      }
      await using app = await adapter.start({ routes: [unguarded] })
      expect((await app.browser().visit('/open')).body).toContain('Put requireSession() in front')
    })
  })
}
