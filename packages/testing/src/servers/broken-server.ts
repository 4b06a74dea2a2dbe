import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { listenOnFreePort } from './listen-on-free-port.ts'

/** A TCP server whose connections end the way a test decides. */
export interface BrokenServer extends AsyncDisposable {
  readonly url: string
  /** What each connection sent, in order. */
  readonly received: string[]
}

/** What the server does with a connection. */
export type Misbehaviour = (socket: Socket) => void

/** Starts one; `behave` gets each connection at its first bytes, or as soon as it is made. */
export async function startBrokenServer(
  behave: Misbehaviour,
  when: 'first-bytes' | 'connected' = 'first-bytes',
): Promise<BrokenServer> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', (bytes: Buffer) => {
      received.push(bytes.toString())
      if (when === 'first-bytes') behave(socket)
    })
    if (when === 'connected') behave(socket)
  })
  const port = await listenOnFreePort(server)
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/**
 * A port on which no server listens. By default, systems give none of these ports to sockets that ask
 * for any, so that it stays closed until a test uses it.
 */
export async function closedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(16_384, 32_768)
    const server = createServer()
    server.listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue
    }
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
