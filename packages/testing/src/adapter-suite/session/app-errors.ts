import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { isSignedIn, postForm } from '../steps.ts'

const emulator = { rotateRefreshTokens: true, rotationGraceSeconds: 0 }
const never = (): { body: string } => ({ body: 'never' })

/** A function of the app that throws while a session was refreshed. */
const cases: readonly [
  string,
  (thrown: Error) => TestAppOptions,
  (browser: Browser) => ReturnType<Browser['visit']>,
][] = [
  [
    'loginOptions',
    (thrown) => ({ loginOptions: () => failWith(thrown) }),
    (browser) => postForm(browser, '/auth/step-up'),
  ],
  [
    'tenant',
    (thrown) => ({
      routes: [{ path: '/t', guards: [{ tenant: () => failWith(thrown) }], respond: never }],
    }),
    (browser) => browser.visit('/t'),
  ],
  [
    'a handler behind a guard',
    (thrown) => ({
      routes: [{ path: '/t', guards: ['required'], respond: () => failWith(thrown) }],
    }),
    (browser) => browser.visit('/t'),
  ],
]

function failWith(thrown: Error): never {
  throw thrown
}

/** Errors of the app's own functions. */
export function appErrorCases(adapter: TestAdapter): void {
  describe(`what a function of the app throws, on ${adapter.name}`, () => {
    test.each(cases)('costs no session: %s', async (name, options, send) => {
      let isBroken = false
      const { loginOptions, routes } = options(new Error(`no ${name}, on ${adapter.name}`))
      await using app = await adapter.start({
        emulator,
        routes: routes ?? [],
        loginOptions: (request) => (isBroken ? (loginOptions?.(request) ?? {}) : {}),
      })
      const browser = await withExpiredSession(app)
      isBroken = true
      const old = browser.cookie(app.cookieNames.refresh)
      const failed = await send(browser)
      expect(failed.status).toBe(500)
      expect(failed.headers['cache-control']).toBe('no-store')
      expect(browser.cookie(app.cookieNames.refresh)).not.toBe(old)
      // Past the time for which a rotated token gets its successor again.
      app.emulator.clock.advance(3 * 60_000)
      expect(await isSignedIn(browser)).toBe(true)
      expect(app.calls('/v1/auth/refresh')).toBe(1)
    })

    test('leads no signed-in user to the sign-in page', async () => {
      const guard = { tenant: () => failWith(new Error(`no tenant now, on ${adapter.name}`)) }
      const routes = [{ path: '/t', guards: [guard], respond: never }]
      await using app = await adapter.start({ routes })
      const browser = app.browser()
      await app.signIn(browser)
      const failed = await browser.visit('/t')
      expect(failed.status).toBe(500)
      expect(failed.body).not.toContain('/auth/sign-in')
    })
  })
}

async function withExpiredSession(app: TestApp): Promise<Browser> {
  const browser = app.browser()
  await app.signIn(browser)
  app.emulator.clock.advance(11 * 60_000)
  return browser
}
