import {
  type BrowserContextOptions,
  type Page,
  type TestType,
  test as base,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
} from '@playwright/test'
import type { Emulator, InboxHandle } from './handle.ts'
import type { EmulatorOptions } from './options.ts'
import { startEmulator } from './start-emulator.ts'
import type { WorldClock } from './world/clock.ts'
import type { SignInOptions, SignedInUser } from './world/sessions/sign-in.ts'

/** A state of a browser with the cookies of a signed-in user, for `browser.newContext`. */
export type SignedInState = Exclude<BrowserContextOptions['storageState'], string | undefined>

/** What {@link test} gives each test. */
export interface EmulatorFixtures {
  /** Started once per worker, and reset before each test that uses it. */
  emulator: Emulator
  /** The messages of the emulator. */
  inbox: InboxHandle
  /** The time of links and sessions. The browser has its own, which Playwright's `page.clock` moves. */
  clock: WorldClock
  /**
   * The names of the app's session cookies; for an app of Linkpass its `auth.cookieNames`.
   * @default DS and DSR
   */
  cookieNames: { readonly session: string; readonly refresh: string }
  /**
   * Signs a user in without a link: the page's browser has the cookies from now on. Needs `baseURL`.
   */
  signInAs: (page: Page, loginId: string, options?: SignInOptions) => Promise<SignedInUser>
  /** The cookies of a signed-in user, for `browser.newContext({ storageState })`. Needs `baseURL`. */
  signedInState: (loginId: string, options?: SignInOptions) => Promise<SignedInState>
}

/** What each worker has. */
export interface EmulatorWorkerFixtures {
  /** The options of the emulator; set them with `test.use`. */
  emulatorOptions: EmulatorOptions
  /** The emulator that the tests of a worker share. Fixtures that start your app use this one. */
  workerEmulator: Emulator
}

/**
 * Playwright's `test` with an emulator per worker. Start your app on it in a fixture of the worker, and
 * set its URL as `baseURL`:
 *
 * ```ts
 * import { test as base } from '@linkpass/emulator/playwright'
 *
 * const test = base.extend<object, { app: App }>({
 *   app: [
 *     async ({ workerEmulator }, use) => {
 *       const app = await startApp(workerEmulator)
 *       await use(app)
 *       await app.close()
 *     },
 *     { scope: 'worker' },
 *   ],
 *   baseURL: async ({ app }, use) => use(app.url),
 *   cookieNames: async ({ app }, use) => use(app.cookieNames),
 * })
 * ```
 */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & EmulatorFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & EmulatorWorkerFixtures
> = base.extend<EmulatorFixtures, EmulatorWorkerFixtures>({
  emulatorOptions: [{}, { scope: 'worker', option: true }],
  workerEmulator: [
    async ({ emulatorOptions }, use) => {
      await using emulator = await startEmulator(emulatorOptions)
      await use(emulator)
    },
    { scope: 'worker' },
  ],
  emulator: async ({ workerEmulator }, use) => {
    workerEmulator.reset()
    await use(workerEmulator)
  },
  inbox: async ({ emulator }, use) => use(emulator.inbox),
  clock: async ({ emulator }, use) => use(emulator.clock),
  cookieNames: [{ session: 'DS', refresh: 'DSR' }, { option: true }],
  signInAs: async ({ emulator, cookieNames, baseURL }, use) => {
    await use(async (page, loginId, options) => {
      const user = await emulator.signIn(loginId, options)
      await page.context().addCookies(cookiesOf(user, cookieNames, baseURL))
      return user
    })
  },
  signedInState: async ({ emulator, cookieNames, baseURL }, use) => {
    await use(async (loginId, options) => {
      const user = await emulator.signIn(loginId, options)
      return { cookies: cookiesOf(user, cookieNames, baseURL), origins: [] }
    })
  },
})

type Cookies = SignedInState['cookies']

function cookiesOf(
  { sessionJwt, refreshJwt }: SignedInUser,
  names: EmulatorFixtures['cookieNames'],
  baseURL: string | undefined,
): Cookies {
  if (baseURL === undefined) {
    throw new Error(
      'Set baseURL, in the configuration or with test.use: the cookies are for its host.',
    )
  }
  const { hostname: domain, protocol } = new URL(baseURL)
  const shared = {
    domain,
    path: '/',
    // Until the browser is closed.
    expires: -1,
    httpOnly: true,
    secure: protocol === 'https:',
    sameSite: 'Lax' as const,
  }
  return [
    { ...shared, name: names.session, value: sessionJwt },
    { ...shared, name: names.refresh, value: refreshJwt },
  ]
}
