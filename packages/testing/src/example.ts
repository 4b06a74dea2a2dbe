/** An example as its test runs it: a real server on a free port, with a real emulator. */
import { type Clock, createDescopeClient, type DescopeClient } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { createServer, type RequestListener } from 'node:http'
import { Browser } from './browser.ts'
import { listenOnFreePort } from './servers/listen-on-free-port.ts'

export interface RunningExample extends AsyncDisposable {
  readonly origin: string
  browser(): Browser
  /** The path and query of the next link sent to an address. */
  linkFor(to: string): Promise<string>
}

/** Starts an example: `create` gets its client, its address and a cookie secret. */
export async function startExample(
  { clock: time, inbox, projectId, url: baseUrl }: Emulator,
  create: (client: DescopeClient, appUrl: string, cookieSecret: string) => RequestListener,
  clock: Clock = time,
): Promise<RunningExample> {
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const server = createServer()
  const origin = `http://localhost:${await listenOnFreePort(server)}`
  const secret = 'a cookie secret of at least 32 bytes'
  server.on('request', create(client, origin, secret))
  return {
    origin,
    browser: () => new Browser(origin, () => time.now()),
    linkFor: async (to) => {
      const { links } = await inbox.waitFor({ to })
      const { pathname, search } = new URL(links[0]?.url ?? '')
      return pathname + search
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await client.close()
    },
  }
}
