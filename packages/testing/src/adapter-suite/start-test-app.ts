import { type Clock, createDescopeClient, type DescopeClient } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { Browser } from '../browser.ts'
import { listenOnFreePort } from '../servers/listen-on-free-port.ts'
import type { TestApp, TestAppOptions, TestCookieNames, TestRoute, TestUpgrade } from './adapter.ts'
import type { WebOptions } from './web-options.ts'
import { openSocket, serveSockets } from './sockets.ts'

/** What an adapter mounts. */
export interface AppParts {
  readonly client: DescopeClient
  /** The options of createAuth, with the app's address. */
  readonly web: WebOptions & {
    readonly appUrl: string
    readonly cookieSecret: string | readonly string[]
  }
  readonly basePath: string
  /** All routes of the app besides those of sign-in. */
  readonly routes: readonly TestRoute[]
  readonly guardFirst: TestAppOptions['guardFirst']
  readonly isBehindProxy: boolean
}

/** An app that an adapter made of its parts. */
export interface MountedApp {
  readonly handler: RequestListener
  readonly cookieNames: TestCookieNames
  /** Decides on a WebSocket. @default there are none */
  readonly upgrade?: (request: IncomingMessage) => Promise<TestUpgrade>
  /** Ends long polls. */
  close(): void
}

/** The secret of apps that have no other. */
export const cookieSecret = 'a cookie secret for tests, of more than 32 bytes'

const ownRoutes: readonly TestRoute[] = [
  {
    path: '/me',
    guards: ['required'],
    respond: ({ session }) => ({ body: { userId: session?.userId } }),
  },
  { path: '/', respond: () => ({ body: 'home' }) },
]

/**
 * Starts a real app and a real emulator on one clock and on free ports.
 *
 * @param mount makes the app of its parts; it is called once the port of the app is known
 */
export async function startTestApp(
  options: TestAppOptions,
  mount: (parts: AppParts) => MountedApp,
): Promise<TestApp> {
  const { host = 'localhost', client: clientOptions, routes = [], guardFirst, ...others } = options
  const { isBehindProxy = false, hasMe = true, ...rest } = others
  const { emulator: emulatorOptions, ...webOptions } = rest
  const emulator = await sharedEmulator(emulatorOptions)
  const clock = watchedClock(emulator.clock)
  const client = createDescopeClient({
    projectId: emulator.projectId,
    baseUrl: emulator.url,
    clock,
    ...clientOptions,
  })
  const server = createServer()
  const port = await listenOnFreePort(server)
  const address = `http://localhost:${port}`
  const origin = webOptions.appUrl ?? `http://${host}:${port}`
  const basePath = webOptions.basePath ?? '/auth'
  const mounted = mount({
    client,
    basePath,
    guardFirst,
    isBehindProxy,
    routes: [...ownRoutes.slice(hasMe ? 0 : 1), ...routes],
    web: { appUrl: origin, cookieSecret, ...webOptions },
  })
  const open = new Map<string, number>()
  server.on('request', (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    open.set(path, (open.get(path) ?? 0) + 1)
    response.on('close', () => open.set(path, (open.get(path) ?? 0) - 1))
  })
  server.on('request', mounted.handler)
  if (mounted.upgrade !== undefined) serveSockets(server, mounted.upgrade)

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
    cookieNames: mounted.cookieNames,
    browser: () => new Browser(origin, () => emulator.clock.now(), address),
    socket: (headers = {}) => openSocket(address, headers),
    calls: (path) => emulator.requests().filter((entry) => entry.path === path).length,
    openRequests: (path) => open.get(path) ?? 0,
    linkFor,
    signIn: async (browser, to = 'ada@example.test') => {
      await browser.visit(`${basePath}/magic-link`, { form: { loginId: to } })
      await browser.visit(await linkFor(to))
      if (!browser.cookieNames.includes(mounted.cookieNames.refresh))
        throw new Error('the sign-in left no session')
    },
    asleep: (ms) => clock.asleep(ms),
    endLongPolls: () => mounted.close(),
    [Symbol.asyncDispose]: async () => {
      mounted.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await client.close()
      emulator.reset()
    },
  }
}

// Making keys is slow, so the tests of a process share an emulator with the same options, and reset it.
const running = new Map<string, Promise<Emulator>>()

function sharedEmulator(options: TestAppOptions['emulator'] = {}): Promise<Emulator> {
  const key = JSON.stringify(options)
  const emulator = running.get(key) ?? startEmulator(options)
  running.set(key, emulator)
  return emulator
}

/** A clock that reports when a sleep begins. */
function watchedClock(clock: Clock): Clock & { asleep(ms: number): Promise<void> } {
  const watchers = new Map<number, () => void>()
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => {
      const slept = clock.sleep(ms, signal)
      // Time passes between a deadline and the sleep until it, and much of it on a busy machine.
      for (const [wanted, resolve] of watchers) if (ms <= wanted && ms > wanted / 2) resolve()
      return slept
    },
    asleep: (ms) => new Promise((resolve) => watchers.set(ms, resolve)),
  }
}
