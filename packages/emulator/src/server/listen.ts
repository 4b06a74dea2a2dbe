import { type RequestListener, type Server, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { ServerCertificate } from './certificate.ts'
import type { ServerEnv } from './context.ts'

/** A running HTTP server. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

// How often a free port is tried that another process has at ::1.
const attempts = 10

/**
 * Listens on `host`. For 127.0.0.1 it also listens on ::1 at the same port if the machine has IPv6,
 * so that `localhost` works with either address.
 *
 * @throws the error of `listen`, such as EADDRINUSE, also where the port is in use at ::1 alone
 */
export async function listen(
  app: Hono<ServerEnv>,
  host: string,
  port: number,
  certificate?: ServerCertificate,
): Promise<Listening> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listenOnce(() => makeServer(app, certificate), host, port)
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (port !== 0 || !isTaken || attempt === attempts) throw error
    }
  }
}

async function listenOnce(create: () => Server, host: string, port: number): Promise<Listening> {
  const first = create()
  await bind(first, host, port)
  const address = first.address()
  if (address === null || typeof address === 'string') throw new Error('No port was bound.')
  const servers = [first]
  if (host === '127.0.0.1') {
    const second = create()
    try {
      await bind(second, '::1', address.port)
      servers.push(second)
    } catch (error) {
      // Another process at ::1 would get what is sent to localhost. Without IPv6 nothing is there.
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
        await closeNow(first)
        throw error
      }
    }
  }
  return {
    port: address.port,
    close: async () => {
      await Promise.all(servers.map((server) => closeNow(server)))
    },
  }
}

function makeServer(app: Hono<ServerEnv>, certificate: ServerCertificate | undefined): Server {
  // Test runners and apps share this process, so the global Request and Response are not replaced.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const respond: RequestListener = (incoming, outgoing) => void listener(incoming, outgoing)
  const server = certificate ? createTlsServer(certificate, respond) : createServer(respond)
  // With Node's default of five seconds a slow test can reuse a connection just as it is closed.
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
