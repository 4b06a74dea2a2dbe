import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { ada, isSignedIn, postForm, postJson, requestLink } from '../steps.ts'
import { changes, requestChange, signInSteppedUp } from './steps.ts'

/** How long a function of the app may take. */
const deadlineMs = 30_000

type Visit = () => Promise<BrowserResponse>

/** By function: what it never returns from, and the response that the user gets all the same. */
const cases: readonly [
  name: string,
  step: string,
  status: number,
  prepare: (app: TestApp, browser: Browser) => Promise<Visit> | Visit,
  holds?: (app: TestApp, browser: Browser) => Promise<void> | void,
][] = [
  [
    ...(['beforeSend', 'before-send', 403] as const),
    (_, browser) => () => postJson(browser, '/auth/magic-link', { loginId: ada }),
    (app) => expect(app.calls('/v1/auth/magiclink/signup-in/email')).toBe(0),
  ],
  [
    ...(['loginOptions', 'request', 500] as const),
    (_, browser) => () => postJson(browser, '/auth/magic-link', { loginId: ada }),
    (app) => expect(app.calls('/v1/auth/magiclink/signup-in/email')).toBe(0),
  ],
  [
    ...(['locale', 'locale', 200] as const),
    (_, browser) => () => browser.visit('/auth/sign-in', { headers: { 'accept-language': 'de' } }),
  ],
  [
    ...(['onSignIn', 'on-sign-in', 403] as const),
    async (app, browser) => {
      const link = await requestLink(app, browser)
      return () => browser.visit(link)
    },
    async (_, browser) => expect(await isSignedIn(browser)).toBe(false),
  ],
  [
    ...(['onAccountChange', 'on-account-change', 303] as const),
    async (app, browser) => {
      await signInSteppedUp(app, browser)
      const link = await requestChange(app, browser)
      return () => browser.visit(link)
    },
    async (app, browser) => {
      const me = await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')
      expect(me.data).toMatchObject({ email: 'new@example.test' })
    },
  ],
  [
    ...(['onSignOut', 'on-sign-out', 204] as const),
    async (app, browser) => {
      await app.signIn(browser)
      return () => postForm(browser, '/auth/logout')
    },
    (app, browser) => expect(browser.cookieNames).not.toContain(app.cookieNames.refresh),
  ],
  [
    ...(['onFailure', 'on-failure', 400] as const),
    (_, browser) => () => browser.visit('/auth/verify/none?t=none'),
  ],
]

/** Functions of the app whose promise never settles. */
export function hangingHookCases(adapter: TestAdapter): void {
  describe(`a function of the app that never ends, on ${adapter.name}`, () => {
    test.each(cases)(
      'counts after 30 seconds as one that threw: %s',
      async (name, step, status, prepare, holds) => {
        const hang = (): Promise<never> => new Promise(() => {})
        await using app = await adapter.start({ ...changes, [name]: hang })
        const browser = app.browser()
        const visit = await prepare(app, browser)
        using refused = heardOn('linkpass:sign-in:refused')
        expect((await afterDeadline(app, visit)).status).toBe(status)
        const cause = expect.objectContaining({ message: expect.stringContaining(`${name} `) })
        expect(refused.messages).toContainEqual({ step, code: 'ERR_HOOK', cause })
        await holds?.(app, browser)
      },
    )

    test('keeps no later link of the same user waiting', async () => {
      let isStuck = true
      const onSignIn: TestAppOptions['onSignIn'] = () => isStuck && new Promise(() => {})
      await using app = await adapter.start({ limits: false, onSignIn })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      expect((await afterDeadline(app, () => browser.visit(link))).status).toBe(403)
      isStuck = false
      expect((await browser.visit(link)).status).toBe(410)
      await app.signIn(browser)
    })

    test('costs no session that the request refreshed', async () => {
      const loginOptions = (): Promise<never> => new Promise(() => {})
      const emulator = { rotateRefreshTokens: true, rotationGraceSeconds: 0 }
      let isStuck = false
      await using app = await adapter.start({
        emulator,
        loginOptions: () => (isStuck ? loginOptions() : {}),
      })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      isStuck = true
      const old = browser.cookie(app.cookieNames.refresh)
      const failed = await afterDeadline(app, () => postForm(browser, '/auth/step-up'))
      expect(failed.status).toBe(500)
      expect(browser.cookie(app.cookieNames.refresh)).not.toBe(old)
      expect(await isSignedIn(browser)).toBe(true)
    })

    test('may reject late, which ends no process', async () => {
      let reject: (error: Error) => void = () => {}
      const beforeSend = (): unknown => new Promise((_resolve, fail) => (reject = fail))
      await using app = await adapter.start({ beforeSend })
      const send = (): Promise<BrowserResponse> =>
        postJson(app.browser(), '/auth/magic-link', { loginId: ada })
      expect((await afterDeadline(app, send)).status).toBe(403)
      const rejections: unknown[] = []
      const listen = (error: unknown): unknown => rejections.push(error)
      process.on('unhandledRejection', listen)
      reject(new Error(`too late, on ${adapter.name}`))
      await new Promise(setImmediate)
      process.off('unhandledRejection', listen)
      expect(rejections).toEqual([])
    })
  })
}

async function afterDeadline(app: TestApp, visit: Visit): Promise<BrowserResponse> {
  const asleep = app.asleep(deadlineMs)
  const response = visit()
  await asleep
  app.emulator.clock.advance(deadlineMs)
  return response
}

function heardOn(name: string): Disposable & { readonly messages: unknown[] } {
  const messages: unknown[] = []
  const listen = (message: unknown): unknown => messages.push(message)
  subscribe(name, listen)
  return { messages, [Symbol.dispose]: () => void unsubscribe(name, listen) }
}
