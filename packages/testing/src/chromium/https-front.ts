import { connect, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import { listenOnFreePort } from '../servers/listen-on-free-port.ts'
import { selfSigned } from '../servers/self-signed.ts'

/**
 * Terminates TLS in front of a server, as a proxy does; the port comes first, since the app's address
 * names it. Its certificate is self-signed: open pages with `ignoreHTTPSErrors`.
 */
export async function startHttpsFront(): Promise<
  AsyncDisposable & { port: number; leadTo: (address: string) => void }
> {
  let target = ''
  const open = new Set<Socket>()
  const front = createServer(selfSigned, (socket) => {
    const { hostname, port } = new URL(target)
    const inner = connect(Number(port), hostname)
    open.add(socket)
    socket.pipe(inner).pipe(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
  })
  const port = await listenOnFreePort(front)
  return {
    port,
    leadTo: (address) => {
      target = address
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => front.close(resolve))
      // A browser keeps its connections for the next request.
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
