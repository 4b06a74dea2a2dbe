import type { StateStore } from '@linkpass/core'
import { Commands } from './commands.ts'
import type { Connection } from './connection.ts'
import { connectIoRedis, isIoRedis } from './ioredis.ts'
import { connectNodeRedis, isNodeRedis } from './node-redis.ts'
import { append, deleteIf, increment, replaceIf } from './scripts.ts'
import { readSettings, type ServerWarning, warningsOf } from './server-check.ts'

/**
 * A client of `redis` 5 or newer (`createClient`, `createCluster`, `createSentinel`), or of `ioredis` 5.3 or
 * newer (`Redis`, also with Sentinel, and `Cluster`).
 */
export type RedisClient =
  | {
      readonly isOpen: boolean
      sendCommand(...args: never[]): Promise<unknown>
      duplicate(...args: never[]): object
      destroy(): void
    }
  | {
      readonly status: string
      call(...args: never[]): Promise<unknown>
      duplicate(...args: never[]): object
    }

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** In front of every key and channel; apps on one server differ in it. @default 'linkpass:' */
  prefix?: string | undefined
  /** Gets the warnings about the server's settings. @default process warnings */
  logger?: Pick<Console, 'warn'> | undefined
}

/**
 * A `StateStore` on Redis 7 or newer, or Valkey. Each operation is one command with one key, which is
 * never sent twice; every key has the prefix and a time to live. It is atomic also against a crash.
 *
 * Once connected, it warns where the server's settings lose logouts: keys that are evicted, or nothing
 * kept across a restart. A server that turned into a replica (`READONLY`), or that has not answered for two
 * seconds, makes it connect again.
 *
 * `close()` closes the connections that the store opened itself: that for subscriptions, and that for
 * commands while the client waits for a server that says nothing. The client stays open.
 *
 * @param client its options must neither queue commands while Redis is away nor repeat them: they would
 *   run when nobody waits for them any more. Nor may they lead reads to replicas
 * @throws {TypeError} an option is invalid, the client is too old, or its options do not fit; the message has
 *   the line
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): StateStore {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('redisStore: options must be an object, such as { prefix: "shop:" }.')
  }
  const { prefix = 'linkpass:', logger } = options
  const unknown = Object.keys(options).find((name) => name !== 'prefix' && name !== 'logger')
  if (unknown !== undefined) throw new TypeError(`redisStore: there is no option "${unknown}".`)
  if (typeof prefix !== 'string' || prefix === '') {
    throw new TypeError('redisStore: prefix must be a text, such as "shop:".')
  }
  if (logger !== undefined && typeof logger?.warn !== 'function') {
    throw new TypeError('redisStore: logger must be an object with the method warn.')
  }
  const connection = connectionOf(client)
  const commands: Commands = new Commands(connection, prefix, () => {
    void readSettings(commands).then((settings) => warn(warningsOf(settings), logger))
  })
  return {
    ...valuesOn(commands),
    ...logsOn(commands),
    ...channelsOn(commands, connection, prefix),
    close: async () => connection.close(),
  }
}

function connectionOf(client: unknown): Connection {
  if (typeof client === 'object' && client !== null) {
    if (isIoRedis(client)) return connectIoRedis(client)
    if (isNodeRedis(client)) return connectNodeRedis(client)
  }
  throw new TypeError(
    'redisStore needs a client of the package redis or ioredis, such as createClient({ url, disableOfflineQueue: true }).',
  )
}

type Logs = Pick<StateStore, 'append' | 'readFrom'>
type Channels = Required<Pick<StateStore, 'publish' | 'subscribe'>>
type Values = Omit<StateStore, keyof Logs | keyof Channels | 'close'>

function valuesOn(redis: Commands): Values {
  const read: StateStore['get'] = async (key, call) => textOf(await redis.run('GET', key, [], call))
  return {
    get: read,
    getMany: (keys, call) => Promise.all(keys.map((key) => read(key, call))),
    async set(key, value, ttlMs, call) {
      await redis.run('SET', key, [value, 'PX', wholeMs(ttlMs)], call)
    },
    setIfAbsent: async (key, value, ttlMs, call) =>
      textOf(await redis.run('SET', key, [value, 'NX', 'GET', 'PX', wholeMs(ttlMs)], call)),
    replaceIf: async (key, expected, value, ttlMs, call) =>
      isOne(await redis.script(replaceIf, key, [expected, value, wholeMs(ttlMs)], call)),
    deleteIf: async (key, expected, call) =>
      isOne(await redis.script(deleteIf, key, [expected], call)),
    async delete(key, call) {
      await redis.run('DEL', key, [], call)
    },
    increment: async (key, ttlMs, call) =>
      Number(await redis.script(increment, key, [wholeMs(ttlMs)], call)),
  }
}

function logsOn(redis: Commands): Logs {
  return {
    async append(key, entry, ttlMs, call) {
      await redis.script(append, key, [entry, wholeMs(ttlMs)], call)
    },
    readFrom: async (key, index, call) => {
      const entries = await redis.run('LRANGE', key, [String(index), '-1'], call)
      if (Array.isArray(entries)) return entries.map(String)
      throw new TypeError('Redis did not respond to LRANGE with a list.')
    },
  }
}

/** Hints: every listener hears every message of its channel, until it stops. */
function channelsOn(redis: Commands, connection: Connection, prefix: string): Channels {
  const channels = new Map<string, Channel>()

  function open(name: string): Channel {
    const listeners = new Set<(message: string) => void>()
    const subscribed = connection.subscribe(prefix + name, (message) => {
      for (const hear of listeners) hear(message)
    })
    channels.set(name, { listeners, subscribed })
    return { listeners, subscribed }
  }

  return {
    async publish(channel, message, call) {
      await redis.run('PUBLISH', channel, [message], call)
    },
    async subscribe(channel, listener, call) {
      const signal = call?.signal
      const { listeners, subscribed } = channels.get(channel) ?? open(channel)
      await subscribed.catch((error: unknown) => {
        // The next caller tries again.
        channels.delete(channel)
        throw error
      })
      signal?.throwIfAborted()
      const own = (message: string): void => listener(message)
      listeners.add(own)
      return () => listeners.delete(own)
    },
  }
}

interface Channel {
  readonly listeners: Set<(message: string) => void>
  readonly subscribed: Promise<void>
}

function textOf(reply: unknown): string | undefined {
  if (reply === null || reply === undefined) return undefined
  if (typeof reply === 'string') return reply
  throw new TypeError(`Redis responded with a ${typeof reply} in place of a text.`)
}

function isOne(reply: unknown): boolean {
  return Number(reply) === 1
}

function wholeMs(ttlMs: number): string {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1) return String(ttlMs)
  throw new RangeError('redisStore: ttlMs must be a whole number of milliseconds, at least 1.')
}

function warn(warnings: readonly ServerWarning[], logger: RedisStoreOptions['logger']): void {
  for (const { code, message, fix } of warnings) {
    if (logger === undefined) process.emitWarning(message, { code, detail: fix })
    else logger.warn(`linkpass: ${message} ${fix}`)
  }
}
