/** `ioredis`: its clients, also with Sentinel, and clusters. */
import {
  type Connection,
  type Emitter,
  limitHandshake,
  listen,
  optionsIn,
  tolerateErrors,
  unfit,
} from './connection.ts'

/** What is used of a client of `ioredis` from 5.3 on. */
interface IoRedis extends Emitter {
  readonly status: string
  readonly options?: unknown
  readonly isCluster?: boolean
  nodes?(): readonly IoRedis[]
  readonly stream?: { unref(): unknown }
  readonly reconnectTimeout?: { unref(): unknown } | null
  call(...command: string[]): Promise<unknown>
  duplicate(...args: unknown[]): IoRedis
  connect(): Promise<unknown>
  disconnect(reconnect?: boolean): void
  subscribe(channel: string): Promise<unknown>
}

/** Whether it is a client of `ioredis`. */
export function isIoRedis(client: object): client is IoRedis {
  return 'call' in client && 'status' in client && 'duplicate' in client
}

/**
 * Uses a client of `ioredis`.
 *
 * @throws {TypeError} its options queue or resend commands, or it reads from replicas
 */
export function connectIoRedis(client: IoRedis): Connection {
  requireOptions(client)
  tolerateErrors(client)
  limitHandshake(client, () => connectAgain(client))
  let first: Promise<void> | undefined = firstConnection(client)
  void first.then(() => (first = undefined))
  return {
    ...(client.isCluster !== true && { clusterLine }),
    send: async (_key, command, isWanted) => {
      // It connects by itself, and has no queue for those who come before.
      if (first !== undefined) {
        await first
        if (!isWanted()) throw new Error('No one waits for this command any more.')
      }
      return client
        .call(...command)
        .catch((error: unknown) => Promise.reject(withoutCommand(error)))
    },
    ...subscriber(client),
    reconnect: () => connectAgain(client),
  }
}

/** It comes back to its address. A cluster finds its servers itself. */
function connectAgain(client: IoRedis): void {
  const isConnected = client.status === 'ready' || client.status === 'connect'
  if (client.isCluster !== true && isConnected) client.disconnect(true)
}

const required = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // With any other number, a command that was cut off stays without an outcome.
  maxRetriesPerRequest: 0,
}
const requiredInCluster = { enableOfflineQueue: false, retryDelayOnFailover: 0 }
const clusterLine = lineOf('Cluster(nodes', requiredInCluster)

function requireOptions({ options, isCluster }: IoRedis): void {
  const given = optionsIn(options)
  if ((given['scaleReads'] ?? 'master') !== 'master' || given['role'] === 'slave') {
    throw unfit(
      'this client reads from replicas, which may not know of a logout yet.',
      "scaleReads: 'master', or with Sentinel role: 'master'.",
    )
  }
  const needed = isCluster === true ? requiredInCluster : required
  if (Object.entries(needed).every(([name, value]) => given[name] === value)) return
  throw unfit(
    'this client queues commands while Redis is away, or sends them again.',
    isCluster === true ? clusterLine : lineOf('Redis(url', required),
  )
}

function lineOf(created: string, options: object): string {
  const fields = Object.entries(options).map(([name, value]) => `${name}: ${value}`)
  return `new ${created}, { ${fields.join(', ')} }).`
}

/** Its errors hold the command, which after a failed connection is AUTH with the password. */
function withoutCommand(error: unknown): Error {
  return new Error(error instanceof Error ? error.message : String(error))
}

/**
 * Resolves when the client is connected for the first time, or could not connect; in a cluster, to every
 * node. Else the nodes connect with their first command, and reject those that come meanwhile.
 */
async function firstConnection(client: IoRedis): Promise<void> {
  await connected(client)
  if (client.isCluster !== true) return
  listen(client, '+node', connectNode)
  const nodes = client.nodes?.() ?? []
  for (const node of nodes) limitHandshake(node, () => connectAgain(node))
  await Promise.all(nodes.map(connected))
}

function connectNode(node: unknown): void {
  if (typeof node !== 'object' || node === null || !isIoRedis(node)) return
  limitHandshake(node, () => connectAgain(node))
  void connected(node)
}

async function connected(client: IoRedis): Promise<void> {
  if (client.status === 'wait') client.connect().catch(() => {})
  if (!['connecting', 'connect'].includes(client.status)) return
  const forgets: (() => void)[] = []
  await new Promise<void>((resolve) => {
    for (const event of ['ready', 'close', 'end'])
      forgets.push(listen(client, event, () => resolve()))
  })
  for (const forget of forgets) forget()
}

/** A second client, connected with the first subscription. It does not keep the process alive. */
function subscriber(client: IoRedis): Pick<Connection, 'subscribe' | 'close'> {
  const listeners = new Map<string, (message: string) => void>()
  let opened: IoRedis | undefined
  return {
    async subscribe(channel, listener) {
      listeners.set(channel, listener)
      opened ??= open(client, listeners)
      await opened.subscribe(channel)
    },
    close() {
      opened?.disconnect()
      opened = undefined
      listeners.clear()
    },
  }
}

function open(client: IoRedis, listeners: ReadonlyMap<string, (message: string) => void>): IoRedis {
  // The only commands that it ever has are subscriptions. Its own way to repeat them after a reconnect
  // leaves a rejection unhandled where that connection ends too, and forgets them.
  const options = { enableOfflineQueue: true, lazyConnect: false, autoResubscribe: false }
  const own = client.isCluster === true ? client.duplicate([], options) : client.duplicate(options)
  tolerateErrors(own)
  limitHandshake(own, () => connectAgain(own))
  own.on('connect', () => own.stream?.unref())
  own.on('reconnecting', () => own.reconnectTimeout?.unref())
  // Its options are a copy, and an app sets a new password in those of the client.
  own.on('close', () => {
    const { username, password } = optionsIn(client.options)
    if (client.isCluster !== true) Object.assign(own.options ?? {}, { username, password })
  })
  own.on('ready', () => {
    for (const channel of listeners.keys()) own.subscribe(channel).catch(() => {})
  })
  own.on('message', (channel, message) => listeners.get(String(channel))?.(String(message)))
  return own
}
