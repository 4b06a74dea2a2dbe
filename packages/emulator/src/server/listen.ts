import { type Server, createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { ServerEnv } from './context.ts'

/** A running HTTP server. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/**
 * Listens on `host` and, when that is 127.0.0.1, on ::1 at the same port too where the machine has
 * it, so that `localhost` works whichever way it resolves.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(app: Hono<ServerEnv>, host: string, port: number): Promise<Listening> {
  const first = makeServer(app)
  await bind(first, host, port)
  const address = first.address()
  if (address === null || typeof address === 'string') throw new Error('No port was bound.')
  const servers = [first]
  if (host === '127.0.0.1') {
    const second = makeServer(app)
    // Without IPv6, or with the port taken there, 127.0.0.1 alone will do.
    await bind(second, '::1', address.port).then(
      () => servers.push(second),
      () => undefined,
    )
  }
  return {
    port: address.port,
    close: async () => {
      await Promise.all(servers.map((server) => closeNow(server)))
    },
  }
}

function makeServer(app: Hono<ServerEnv>): Server {
  // Test runners and apps share this process: their Request and Response stay their own.
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  // Node's own five seconds are short enough for a busy test to lose a request to the race between
  // its next use of a connection and the end of it.
  server.keepAliveTimeout = 65_000
  return server
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function closeNow(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })
}
