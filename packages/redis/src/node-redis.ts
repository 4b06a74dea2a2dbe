/** The official client, `redis`: its clients, clusters and Sentinel clients. */
import { type Connection, type Emitter, optionsIn, tolerateErrors, unfit } from './connection.ts'

/** What is used of a client of `redis` from 4.6 on. */
interface NodeRedis extends Emitter {
  readonly isOpen: boolean
  readonly options?: unknown
  sendCommand(...args: unknown[]): Promise<unknown>
  duplicate(): NodeRedis
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
  /** Since 5; `disconnect` before. */
  destroy?(): void
  disconnect?(): Promise<void>
  unref?(): void
}

/** Whether it is a client of `redis`. */
export function isNodeRedis(client: object): client is NodeRedis {
  return 'isOpen' in client && 'sendCommand' in client && 'duplicate' in client
}

/**
 * Uses a client of `redis`.
 *
 * @throws {TypeError} its options queue commands
 */
export function connectNodeRedis(client: NodeRedis): Connection {
  tolerateErrors(client)
  if ('getMasterNode' in client) return sentinel(client)
  return 'masters' in client || 'getMasters' in client ? cluster(client) : single(client)
}

// In place of the client's own: callers have a deadline, and a timer costs more than a command.
const commandOptions = Object.freeze({ timeout: undefined, typeMapping: undefined })

function single(client: NodeRedis): Connection {
  requireNoQueue(client.options, 'createClient({ url, disableOfflineQueue: true }).')
  let isReconnecting = false
  return {
    send: (_key, command) => client.sendCommand(command, commandOptions),
    ...ownSubscriber(client),
    reconnect() {
      if (isReconnecting || !client.isOpen) return
      isReconnecting = true
      end(client)
      const connecting = client.connect().catch(() => {})
      void connecting.then(() => (isReconnecting = false))
    },
  }
}

function cluster(client: NodeRedis): Connection {
  if (!('_options' in client)) {
    throw new TypeError('redisStore: a cluster needs redis 5 or newer, or ioredis.')
  }
  const line = 'createCluster({ rootNodes, defaults: { disableOfflineQueue: true } }).'
  requireNoQueue(optionsIn(client._options)['defaults'], line)
  return {
    send: (key, command) => client.sendCommand(key, false, command, commandOptions),
    ...ownSubscriptions(client),
    reconnect() {},
  }
}

/**
 * It repeats a command after a failover, and waits for a new primary without end; its options cannot be
 * read. So each command has a signal that lets it be sent once, while it is wanted.
 */
function sentinel(client: NodeRedis): Connection {
  return {
    send: (_key, command, isWanted) => {
      let wasSent = false
      const abortSignal = {
        get aborted() {
          const isRefused = wasSent || !isWanted()
          wasSent = true
          return isRefused
        },
        addEventListener() {},
        removeEventListener() {},
      }
      return client.sendCommand(false, command, { ...commandOptions, abortSignal })
    },
    ...ownSubscriptions(client),
    reconnect() {},
  }
}

function requireNoQueue(options: unknown, line: string): void {
  if (optionsIn(options)['disableOfflineQueue'] === true) return
  throw unfit('while Redis is away, this client queues commands and runs them later.', line)
}

type Subscriptions = Pick<Connection, 'subscribe' | 'close'>

/** A second client, connected with the first subscription. It does not keep the process alive. */
function ownSubscriber(client: NodeRedis): Subscriptions {
  let subscriber: NodeRedis | undefined
  let connected: Promise<unknown> | undefined
  return {
    async subscribe(channel, listener) {
      const own = (subscriber ??= client.duplicate())
      tolerateErrors(own)
      connected ??= own.connect()
      await connected.catch((error: unknown) => {
        connected = undefined
        throw error
      })
      own.unref?.()
      await own.subscribe(channel, listener)
    },
    close() {
      if (subscriber?.isOpen) end(subscriber)
      subscriber = undefined
      connected = undefined
    },
  }
}

/** Clusters and Sentinel clients have a connection for subscriptions themselves. */
function ownSubscriptions(client: NodeRedis): Subscriptions {
  const channels = new Set<string>()
  return {
    async subscribe(channel, listener) {
      await client.subscribe(channel, listener)
      channels.add(channel)
    },
    close() {
      for (const channel of channels) client.unsubscribe(channel).catch(() => {})
      channels.clear()
    },
  }
}

function end(client: NodeRedis): void {
  if (client.destroy === undefined) client.disconnect?.().catch(() => {})
  else client.destroy()
}
