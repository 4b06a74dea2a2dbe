import { expect } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestApp, TestAppOptions } from '../adapter.ts'
import { isSignedIn, postForm } from '../steps.ts'

/** A request that is sent while the store fails. */
interface Sent {
  readonly browser: Browser
  readonly send: () => Promise<BrowserResponse>
  /** Whether the browser has a session before. */
  readonly isSignedIn?: boolean
  /** What holds once the request was repeated until it succeeded. */
  readonly finish: () => Promise<unknown>
}

/** One request of a flow. */
export interface Flow {
  readonly name: string
  readonly options?: TestAppOptions
  /** The status where nothing fails. */
  readonly status: number
  /** The status of a repeat after that. @default the same */
  readonly repeated?: number
  /** The user's hooks that run, each once. @default none */
  readonly hooks?: readonly string[]
  /** Whether the cookies of the session go even if it must be repeated: a logout of this browser. */
  readonly clears?: boolean
  /** Does all that comes before, for one user. */
  readonly prepare: (app: TestApp, to: string) => Promise<Sent>
}

export const unlimited: TestAppOptions = { limits: { perIp: 100_000, failedPerIp: 100_000 } }
export const anyTime: TestAppOptions = {
  limits: { perIp: 100_000, failedPerIp: 100_000, cooldownSeconds: 0, perAddress: 100 },
}
const enchanted: TestAppOptions = { ...unlimited, methods: ['email', 'enchanted'] }
const revoking: TestAppOptions = { ...anyTime, client: { revocation: { onStoreError: 'deny' } } }
const rotating: TestAppOptions = {
  ...anyTime,
  emulator: { rotateRefreshTokens: true, rotationGraceSeconds: 0 },
}

const verify = '/auth/enchanted-link/verify'

/** Requests an enchanted link, and opens the right one on a phone. */
async function beginEnchanted(app: TestApp, to: string) {
  const [screen, phone] = [app.browser(), app.browser()]
  await postForm(screen, '/auth/enchanted-link', { loginId: to, returnTo: '/me' })
  const { links, linkId } = await app.emulator.inbox.waitFor({ to })
  const link = links.find(({ number }) => number === linkId)?.url ?? ''
  const fields = phone.hiddenFields(await phone.visit(link))
  const status = (query = ''): Promise<BrowserResponse> =>
    screen.visit(`/auth/enchanted-link/status${query}`)
  const { code } = JSON.parse((await status()).body)
  return {
    screen,
    phone,
    link,
    poll: () => status('?code=shown'),
    approve: () => postForm(phone, verify, { ...fields, decision: 'approve', code }),
    refuse: () => postForm(phone, verify, { ...fields, decision: 'refuse' }),
    complete: () => postForm(screen, '/auth/enchanted-link/complete'),
  }
}

export async function expectSession(browser: Browser): Promise<void> {
  expect(await isSignedIn(browser)).toBe(true)
}

/** Signing in and out, and refreshing. */
export const sessionFlows: readonly Flow[] = [
  ...(['magic', 'enchanted'] as const).map((kind) => ({
    name: `a request for a link: ${kind}`,
    options: enchanted,
    status: 202,
    repeated: 429,
    prepare: async (app: TestApp, to: string): Promise<Sent> => {
      const browser = app.browser()
      const send = () => postForm(browser, `/auth/${kind}-link`, { loginId: to })
      return { browser, send, finish: () => app.linkFor(to) }
    },
  })),
  {
    name: 'a link opened where it was requested',
    status: 303,
    hooks: ['sign-in'],
    prepare: async (app, to) => {
      const browser = app.browser()
      await postForm(browser, '/auth/magic-link', { loginId: to })
      const link = await app.linkFor(to)
      return { browser, send: () => browser.visit(link), finish: () => expectSession(browser) }
    },
  },
  {
    name: 'a link confirmed over another user',
    status: 303,
    hooks: ['sign-in'],
    prepare: async (app, to) => {
      const browser = app.browser()
      await app.signIn(browser, `before-${to}`)
      await postForm(app.browser(), '/auth/magic-link', { loginId: to })
      const page = await browser.visit(await app.linkFor(to))
      const send = () => browser.submit(page)
      return { browser, isSignedIn: true, send, finish: () => expectSession(browser) }
    },
  },
  {
    name: 'an enchanted link opened',
    options: enchanted,
    status: 200,
    prepare: async (app, to) => {
      const { phone, link, approve } = await beginEnchanted(app, to)
      const finish = async () => expect((await approve()).status).toBe(200)
      return { browser: phone, send: () => phone.visit(link), finish }
    },
  },
  {
    name: 'an approval',
    options: enchanted,
    status: 200,
    prepare: async (app, to) => {
      const { phone, approve, poll, complete } = await beginEnchanted(app, to)
      const finish = async (): Promise<void> => {
        expect((await poll()).body).toBe('{"state":"approved"}')
        expect((await complete()).status).toBe(200)
      }
      return { browser: phone, send: approve, finish }
    },
  },
  {
    name: 'a refusal',
    options: enchanted,
    status: 200,
    prepare: async (app, to) => {
      const { phone, refuse, poll } = await beginEnchanted(app, to)
      const finish = async () => expect((await poll()).body).toBe('{"state":"refused"}')
      return { browser: phone, send: refuse, finish }
    },
  },
  {
    name: 'a poll after the approval',
    options: enchanted,
    status: 200,
    prepare: async (app, to) => {
      const { screen, approve, poll, complete } = await beginEnchanted(app, to)
      await approve()
      const finish = async () => expect((await complete()).status).toBe(200)
      return { browser: screen, send: poll, finish }
    },
  },
  {
    name: 'a completion',
    options: enchanted,
    hooks: ['sign-in'],
    status: 200,
    // The browser waits no more: its pending cookie is gone.
    repeated: 409,
    prepare: async (app, to) => {
      const { screen, approve, poll, complete } = await beginEnchanted(app, to)
      await approve()
      await poll()
      return { browser: screen, send: complete, finish: () => expectSession(screen) }
    },
  },
  ...[anyTime, revoking].flatMap((options): Flow[] =>
    ['logout', 'logout-all'].map((route) => ({
      name: `${route}${options === revoking ? ' with revocation' : ''}`,
      options,
      status: 204,
      clears: route === 'logout',
      prepare: async (app, to) => {
        const browser = app.browser()
        await app.signIn(browser, to)
        const copy = browser.copy()
        const finish = async (): Promise<void> => {
          // The first write after an outage tells that it is over.
          await postForm(copy, '/auth/refresh')
          app.emulator.clock.advance(1000)
          expect((await postForm(copy, '/auth/refresh')).status).toBe(401)
        }
        return { browser, send: () => postForm(browser, `/auth/${route}`), finish }
      },
    })),
  ),
  ...[revoking, rotating].map((options) => ({
    name: `a refresh ${options === rotating ? 'with rotation' : 'with revocation'}`,
    options,
    status: 200,
    prepare: async (app: TestApp, to: string): Promise<Sent> => {
      const browser = app.browser()
      await app.signIn(browser, to)
      app.emulator.clock.advance(11 * 60_000)
      const send = () => browser.visit('/me', { headers: { accept: '*/*' } })
      return { browser, isSignedIn: true, send, finish: () => expectSession(browser) }
    },
  })),
]
