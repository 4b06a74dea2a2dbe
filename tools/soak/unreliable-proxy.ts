/** A TCP proxy on this machine that cuts connections, as an unreliable network does. */
import { connect, createServer, type Socket } from 'node:net'
import { listenOnFreePort } from '@linkpass/testing'
import { drawFrom } from './random.ts'

/**
 * Where a connection is cut: when it is made; when a request was forwarded and its response came
 * back, which is dropped whole; within the body of the response.
 */
export type Cut = 'at connect' | 'after the request' | 'mid-body'

/** A running proxy. */
export interface UnreliableProxy extends AsyncDisposable {
  readonly url: string
  /** How many connections it has cut, by place. */
  readonly cuts: Readonly<Record<Cut, number>>
  /** How many connections are open. */
  open(): number
  /** The most connections that were open at once. */
  peak(): number
}

type Outcome = Cut | 'passed'

// One connection in ten when it is made, and one exchange in ten, on any connection.
const onConnect: readonly Outcome[] = ['at connect', ...passed(9)]
const onRequest: readonly Outcome[] = ['after the request', 'mid-body', ...passed(18)]

/** Starts a proxy in front of `target`; without `random` it only counts connections. */
export async function startUnreliableProxy(
  target: string,
  random?: () => number,
): Promise<UnreliableProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const draw = (outcomes: readonly Outcome[]): (() => Outcome) =>
    random ? drawFrom(outcomes, random) : () => 'passed'
  const nextConnection = draw(onConnect)
  const nextRequest = draw(onRequest)
  const cuts: Record<Cut, number> = { 'at connect': 0, 'after the request': 0, 'mid-body': 0 }
  const sockets = new Set<Socket>()
  let peak = 0

  const server = createServer((client) => {
    sockets.add(client)
    peak = Math.max(peak, sockets.size)
    client.on('close', () => sockets.delete(client))
    if (nextConnection() === 'at connect') {
      cuts['at connect'] += 1
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ host: hostname, port: Number(targetPort), noDelay: true })
    relay(client, upstream, nextRequest, (cut) => {
      cuts[cut] += 1
    })
  })

  return {
    url: `http://127.0.0.1:${await listenOnFreePort(server)}`,
    cuts,
    open: () => sockets.size,
    peak: () => peak,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Relays bytes both ways. HTTP/1.1 without pipelining: what follows a response is a new request. */
function relay(
  client: Socket,
  upstream: Socket,
  nextRequest: () => Outcome,
  onCut: (cut: Cut) => void,
): void {
  let outcome: Outcome = 'passed'
  let hasResponse = true
  const end = (): void => {
    client.destroy()
    upstream.destroy()
  }
  const cut = (where: Cut): void => {
    onCut(where)
    end()
  }
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end)

  client.on('data', (chunk) => {
    if (hasResponse) outcome = nextRequest()
    hasResponse = false
    upstream.write(chunk)
  })
  upstream.on('data', (chunk) => {
    hasResponse = true
    if (outcome === 'after the request') return cut(outcome)
    const bodyAt = chunk.indexOf('\r\n\r\n') + 4
    if (outcome !== 'mid-body' || bodyAt >= chunk.length) return void client.write(chunk)
    client.write(chunk.subarray(0, Math.ceil((bodyAt + chunk.length) / 2)), () => cut('mid-body'))
  })
}

function passed(count: number): Outcome[] {
  return Array.from({ length: count }, () => 'passed')
}
