/** A TCP proxy on this machine that cuts connections: the network on a bad day. */
import { connect, createServer, type Socket } from 'node:net'
import { listenOnFreePort } from './listen-on-free-port.ts'
import { dealFrom } from './random.ts'

/**
 * Where a connection is cut: when it is made; once a request was passed on and its answer came
 * back, none of which gets through; within the answer.
 */
export type Cut = 'at connect' | 'after the request' | 'mid-body'

/** A running proxy. */
export interface CuttingProxy extends AsyncDisposable {
  readonly url: string
  /** How often it has cut, by where. */
  readonly cuts: Readonly<Record<Cut, number>>
  /** How many connections are open. */
  open(): number
  /** The most that were open at once. */
  peak(): number
}

type Fate = Cut | 'spared'

// One connection in ten when it is made, and one exchange in ten, whichever connection carries it.
const onConnect: readonly Fate[] = ['at connect', ...spared(9)]
const onRequest: readonly Fate[] = ['after the request', 'mid-body', ...spared(18)]

/** Starts a proxy before `target`; without `random` it cuts nothing and only counts. */
export async function startCuttingProxy(
  target: string,
  random?: () => number,
): Promise<CuttingProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const deal = (cards: readonly Fate[]): (() => Fate) =>
    random ? dealFrom(cards, random) : () => 'spared'
  const nextConnection = deal(onConnect)
  const nextRequest = deal(onRequest)
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

/** Passes bytes both ways. HTTP/1.1 without pipelining: what follows an answer is a new request. */
function relay(
  client: Socket,
  upstream: Socket,
  nextRequest: () => Fate,
  onCut: (cut: Cut) => void,
): void {
  let fate: Fate = 'spared'
  let isAnswered = true
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
    if (isAnswered) fate = nextRequest()
    isAnswered = false
    upstream.write(chunk)
  })
  upstream.on('data', (chunk) => {
    isAnswered = true
    if (fate === 'after the request') return cut(fate)
    const bodyAt = chunk.indexOf('\r\n\r\n') + 4
    if (fate !== 'mid-body' || bodyAt >= chunk.length) return void client.write(chunk)
    client.write(chunk.subarray(0, Math.ceil((bodyAt + chunk.length) / 2)), () => cut('mid-body'))
  })
}

function spared(count: number): Fate[] {
  return Array.from({ length: count }, () => 'spared')
}
