import { createServer, type RequestListener, type Server } from 'node:http'

/** Servers on one port of both loopback addresses. */
export interface Listening {
  readonly port: number
  /** Sets the listener; earlier requests wait for it. */
  readonly serve: (listener: RequestListener) => void
  /** Passes requests and upgrades on to a server that does not listen itself. */
  readonly emitTo: (app: Server) => void
  readonly close: () => Promise<void>
}

/**
 * Listens on both loopback addresses, or on 127.0.0.1 alone on a machine without IPv6. If the port
 * were in use on one of them, a browser could show another app at `localhost`.
 *
 * @throws the error of `listen`, with `code` EADDRINUSE if the port is in use
 */
export async function listenOnLoopback(wantedPort: number): Promise<Listening> {
  const first = await bind('127.0.0.1', wantedPort)
  const port = portOf(first)
  const servers = [first]
  try {
    servers.push(await bind('::1', port))
  } catch (error) {
    const noIpv6 = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].some((code) => hasCode(error, code))
    if (!noIpv6) {
      await stop(first)
      throw error
    }
  }
  return {
    port,
    emitTo: (app) => {
      for (const server of servers) {
        server.on('request', (...args) => app.emit('request', ...args))
        server.on('upgrade', (...args) => app.emit('upgrade', ...args))
      }
    },
    serve: (listener) => {
      for (const server of servers) server.on('request', listener)
    },
    close: async () => {
      await Promise.all(servers.map(stop))
    },
  }
}

/** Whether this is an error of Node with that code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function bind(host: string, port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeListener('error', reject)
      resolve(server)
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was bound.')
  return address.port
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
