/** The official client, `redis`: its clients, clusters and Sentinel clients. */
import {
  type Connection,
  type Emitter,
  limitHandshake,
  listen,
  optionsIn,
  tolerateErrors,
  unfit,
} from './connection.ts'

/** What is used of a client of `redis` from 5 on. */
interface NodeRedis extends Emitter {
  readonly isOpen: boolean
  readonly isReady?: boolean
  readonly options?: unknown
  sendCommand(...args: unknown[]): Promise<unknown>
  duplicate(): NodeRedis
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
  destroy(): void
  unref?(): void
}

/** Whether it is a client of `redis`. */
export function isNodeRedis(client: object): client is NodeRedis {
  return 'isOpen' in client && 'sendCommand' in client && 'duplicate' in client
}

/**
 * Uses a client of `redis`.
 *
 * @throws {TypeError} it is too old, or its options queue commands
 */
export function connectNodeRedis(client: NodeRedis): Connection {
  if (!('destroy' in client)) {
    throw new TypeError(
      'redisStore: once a connection was cut within a response, redis 4 reads later ones wrongly. Use redis 5 or newer, or ioredis.',
    )
  }
  tolerateErrors(client)
  if ('getMasterNode' in client) return sentinel(client)
  return 'masters' in client ? cluster(client) : single(client)
}

// In place of the client's own: callers have a deadline, and a timer costs more than a command.
const commandOptions = Object.freeze({ timeout: undefined, typeMapping: undefined })

function single(client: NodeRedis): Connection {
  requireNoQueue(client.options, 'createClient({ url, disableOfflineQueue: true }).')
  const { close, ...subscriptions } = ownSubscriber(client)
  let isReconnecting = false
  /** Used while the app's client waits for a server that does not respond. */
  let second: SecondClient | undefined
  const endSecond = (): void => {
    second?.close()
    second = undefined
  }
  let isClosed = false
  listen(client, 'ready', endSecond)
  listen(client, 'end', endSecond)
  limitHandshake(client, () => {
    if (!isClosed && client.isOpen) second ??= new SecondClient(client)
  })
  return {
    clusterLine,
    send: (_key, command) => (second?.client ?? client).sendCommand(command, commandOptions),
    ...subscriptions,
    reconnect() {
      if (second !== undefined) return second.reconnect()
      if (isReconnecting || client.isReady !== true) return
      isReconnecting = true
      client.destroy()
      const connecting = client.connect().catch(() => {})
      void connecting.then(() => (isReconnecting = false))
    },
    close() {
      isClosed = true
      close()
      endSecond()
    },
  }
}

/**
 * A second client like the app's, and the next in its place where a server accepts a connection and does
 * not respond: amid that, none can connect again. Its connection does not keep the process alive.
 */
class SecondClient {
  /** Resolves when it is connected for the first time; rejects if it ends before. */
  readonly ready: Promise<void>
  readonly #first: NodeRedis
  #onReady: (client: NodeRedis) => void = () => {}
  #onEnd: (reason: unknown) => void = () => {}
  #isClosed = false
  #client: NodeRedis

  constructor(first: NodeRedis, onReady: (client: NodeRedis) => void = () => {}) {
    this.#first = first
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = (client) => {
        onReady(client)
        resolve()
      }
      this.#onEnd = reject
    })
    this.ready.catch(() => {})
    this.#client = this.#open()
  }

  get client(): NodeRedis {
    return this.#client
  }

  reconnect(): void {
    if (this.#client.isReady === true) this.#replace()
  }

  close(): void {
    this.#isClosed = true
    this.#onEnd(new Error('The store was closed.'))
    // Destroyed amid connecting, it would connect all the same: else it ends with its next event.
    if (this.#client.isReady === true) this.#client.destroy()
  }

  #replace(): void {
    if (this.#client.isOpen) this.#client.destroy()
    if (!this.#isClosed) this.#client = this.#open()
  }

  #open(): NodeRedis {
    const client = this.#first.duplicate()
    client.unref?.()
    tolerateErrors(client)
    limitHandshake(client, () => this.#replace())
    for (const event of ['connect', 'ready', 'reconnecting']) {
      client.on(event, () => {
        if (this.#isClosed) this.#replace()
        else if (event === 'ready') this.#onReady(client)
      })
    }
    client.connect().catch((error: unknown) => {
      if (client === this.#client) this.#onEnd(error)
    })
    return client
  }
}

const clusterLine = 'createCluster({ rootNodes, defaults: { disableOfflineQueue: true } }).'

function cluster(client: NodeRedis): Connection {
  const { defaults } = optionsIn('_options' in client ? client._options : undefined)
  requireNoQueue(defaults, clusterLine)
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

/** A second client, connected with the first subscription. */
function ownSubscriber(client: NodeRedis): Subscriptions {
  const listeners = new Map<string, (message: string) => void>()
  let second: SecondClient | undefined
  const subscribeAll = (own: NodeRedis): void => {
    for (const each of listeners) own.subscribe(...each).catch(() => {})
  }
  listen(client, 'ready', () => {
    if (listeners.size > 0 && second?.client.isOpen !== true)
      second = new SecondClient(client, subscribeAll)
  })
  // While it connects again, it would keep the process alive.
  const end = (): void => {
    second?.close()
    second = undefined
  }
  listen(client, 'end', end)
  return {
    async subscribe(channel, listener) {
      if (!client.isOpen) throw new Error('The client is closed.')
      listeners.set(channel, listener)
      // It is closed where the app's options end the attempts to connect.
      if (second?.client.isOpen !== true) second = new SecondClient(client, subscribeAll)
      const own = second
      await own.ready
      await own.client.subscribe(channel, listener)
    },
    close() {
      end()
      listeners.clear()
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
