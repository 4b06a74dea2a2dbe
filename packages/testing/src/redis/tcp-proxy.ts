import { createConnection, createServer, type Socket } from 'node:net'
import { listenOnFreePort } from '../servers/listen-on-free-port.ts'

/** A proxy in front of a server, which can be led to another one and cut. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** New connections go to this port from now on; open ones stay. */
  leadTo(port: number): void
  /** Ends every connection, and accepts none. */
  cut(): void
  /** Accepts connections again. */
  restore(): void
  /** Called for each part of a response, before it is passed on; the part waits for it. */
  onResponse: (() => void | Promise<void>) | undefined
  /** Called with each part of a request, before it is passed on. */
  onRequest: ((part: Buffer) => void) | undefined
  /** What happens to each connection that is made while it is set. */
  limit: ResponseLimit | undefined
}

/** Where a connection fails: after so many bytes of responses it ends, or stays open without a byte more. */
export interface ResponseLimit {
  readonly bytes: number
  readonly how: 'ends' | 'is silent'
  /** How many connections have failed so. */
  failed: number
}

/** Starts one. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  let port = target
  let isCut = false
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy()
    const upstream = createConnection(port, '127.0.0.1')
    const { limit } = proxy
    let left = limit?.bytes ?? Number.POSITIVE_INFINITY
    let passed = Promise.resolve()
    const passOn = async (earlier: Promise<void>, part: Buffer): Promise<void> => {
      await earlier
      await proxy.onResponse?.()
      if (socket.destroyed || left === 0) return
      const passes = part.subarray(0, left)
      left -= passes.length
      socket.write(passes)
      if (left > 0 || limit === undefined) return
      limit.failed += 1
      if (limit.how === 'ends') socket.destroySoon()
    }
    for (const [here, there] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      open.add(here)
      here.on('error', () => there.destroy())
      here.on('close', () => {
        open.delete(here)
        there.destroy()
      })
    }
    socket.on('data', (part) => {
      proxy.onRequest?.(part)
      if (!upstream.destroyed) upstream.write(part)
    })
    upstream.on('data', (part) => {
      passed = passOn(passed, part)
    })
  })
  const proxy: TcpProxy = {
    port: await listenOnFreePort(server),
    onResponse: undefined,
    onRequest: undefined,
    limit: undefined,
    leadTo(other) {
      port = other
    },
    cut() {
      isCut = true
      for (const socket of open) socket.destroy()
    },
    restore() {
      isCut = false
    },
    async [Symbol.asyncDispose]() {
      proxy.cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
