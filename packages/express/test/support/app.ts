/** A real app on a real emulator, for one test: in Express 4 or 5, on one clock, on free ports. */
import {
  type ClientOptions,
  type Clock,
  createDescopeClient,
  type DescopeClient,
} from '@linkpass/core'
import { type Emulator, type EmulatorOptions, startEmulator } from '@linkpass/emulator'
import express5, { type Express } from 'express'
// @ts-expect-error -- no types of its own here; the adapter treats both alike
import express4 from 'express4'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { type Auth, type AuthOptions, createAuth, getSession } from '@linkpass/express'
import { Browser } from './browser.ts'

/** Express itself, 4 or 5: for its body parsers. */
export type Framework = typeof express5

/** Express of that version. */
export function frameworkOf(version: 4 | 5): Framework {
  return version === 4 ? (express4 as Framework) : express5
}

export const expressVersions: readonly (4 | 5)[] = [4, 5]

export interface AppOptions extends Partial<AuthOptions> {
  version?: 4 | 5
  /** The host of the app's own address; one below `.localhost` has siblings. @default 'localhost' */
  host?: string
  client?: Partial<ClientOptions>
  /** Settings of an emulator of its own. @default one that the tests of a file share */
  emulator?: EmulatorOptions
  /** Runs before the router is mounted: body parsers, cookie parsers. */
  before?: (app: Express, framework: Framework) => void
  /** Runs after it: the app's own routes. */
  routes?: (app: Express, auth: Auth, client: DescopeClient) => void
}

export interface TestApp {
  readonly origin: string
  /** Where this instance answers, whatever the app's address is. */
  readonly address: string
  readonly emulator: Emulator
  readonly client: DescopeClient
  readonly auth: Auth
  /** A fresh browser, on the emulator's clock. */
  browser(): Browser
  /** How often the service was asked for this path, as the emulator counted. */
  calls(path: string): number
  /** Signs somebody in the shortest way: asks for a link and opens it in the same browser. */
  signIn(browser: Browser, address?: string): Promise<void>
  /** The path and query of the newest link sent to an address. */
  linkFor(to: string): Promise<string>
  /** Resolves once the app sleeps for so long: then the test may advance the clock. */
  asleep(ms: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export const secret = 'a cookie secret for tests, of more than 32 bytes'

/** Starts it all. `GET /me` is guarded; everything else comes with the options. */
export async function startApp(options: AppOptions = {}): Promise<TestApp> {
  const {
    version = 5,
    host = 'localhost',
    client: clientOptions,
    before,
    routes,
    ...rest
  } = options
  const { emulator: ownEmulator, ...authOptions } = rest
  const emulator = await (ownEmulator ? startEmulator(ownEmulator) : sharedEmulator())
  const clock = watched(emulator.clock)
  const client = createDescopeClient({
    projectId: emulator.projectId,
    baseUrl: emulator.url,
    clock,
    ...clientOptions,
  })
  const server = createServer()
  await listening(server)
  const { port } = server.address() as AddressInfo
  const address = `http://localhost:${port}`
  const origin = authOptions.appUrl ?? `http://${host}:${port}`
  const auth = createAuth(client, { appUrl: origin, cookieSecret: secret, ...authOptions })
  const framework = frameworkOf(version)
  const app = framework()
  const basePath = authOptions.basePath ?? '/auth'
  before?.(app, framework)
  app.use(basePath, auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  app.get('/', (_req, res) => {
    res.send('home')
  })
  routes?.(app, auth, client)
  server.on('request', app)

  async function linkFor(to: string): Promise<string> {
    const message = await emulator.inbox.waitFor({ to })
    const url = new URL(message.links[0]?.url ?? '')
    return url.pathname + url.search
  }

  return {
    origin,
    address,
    emulator,
    client,
    auth,
    browser: () => new Browser(origin, () => emulator.clock.now(), address),
    calls: (path) => emulator.requests().filter((entry) => entry.path === path).length,
    linkFor,
    signIn: async (browser, to = 'ada@example.test') => {
      await browser.visit(`${basePath}/magic-link`, { form: { loginId: to } })
      await browser.visit(await linkFor(to))
      if (!browser.cookieNames.includes('DSR')) throw new Error('the sign-in left no session')
    },
    asleep: (ms) => clock.asleep(ms),
    [Symbol.asyncDispose]: async () => {
      auth.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await client.close()
      if (ownEmulator) await emulator.close()
      else emulator.reset()
    },
  }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

// Making keys is what takes the time, so the tests of a file share one emulator, and reset it.
let running: Promise<Emulator> | undefined

function sharedEmulator(): Promise<Emulator> {
  running ??= startEmulator()
  return running
}

afterAll(async () => {
  await (await running)?.close()
})

/** A clock that tells when somebody sleeps on it. */
function watched(clock: Clock): Clock & { asleep(ms: number): Promise<void> } {
  const watchers = new Map<number, () => void>()
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => {
      const slept = clock.sleep(ms, signal)
      watchers.get(ms)?.()
      return slept
    },
    asleep: (ms) => new Promise((resolve) => watchers.set(ms, resolve)),
  }
}
