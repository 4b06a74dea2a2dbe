import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A server below HTTP, whose connections end as the test wants. */
export interface BrokenServer extends AsyncDisposable {
  readonly url: string
  /** What each connection sent, in order. */
  readonly received: string[]
}

/** How a connection behaves once it sent something. */
export type Misbehaviour = (socket: Socket) => void

/** Starts one; `behave` is called with each connection at its first bytes, or as soon as it is made. */
export async function startBrokenServer(
  behave: Misbehaviour,
  when: 'requested' | 'connected' = 'requested',
): Promise<BrokenServer> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', (bytes: Buffer) => {
      received.push(bytes.toString())
      if (when === 'requested') behave(socket)
    })
    if (when === 'connected') behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
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

/** A port without a listener. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
