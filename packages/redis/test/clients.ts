import { Cluster, Redis as IoRedis } from 'ioredis'
import { Redis as IoRedis5 } from 'ioredis5'
import { createClient, createCluster, createSentinel } from 'redis'
import { createClient as createClient5 } from 'redis5'
import type { RedisClient } from '../src/index.ts'

/** A client that is connected, as an app opens it. */
export interface OpenClient {
  readonly client: RedisClient
  readonly isReady: () => boolean
  readonly close: () => void
}

export type OpenOn = (port: number) => Promise<OpenClient>

const ioRedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => 20,
}

function optionsFor(port: number): {
  url: string
  disableOfflineQueue: true
  socket: { reconnectStrategy: () => number }
} {
  const socket = { reconnectStrategy: () => 20 }
  return { url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true, socket }
}

interface NodeRedisLike {
  readonly isReady: boolean
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<unknown>
}

async function connected(
  client: RedisClient & NodeRedisLike,
  close: () => unknown,
): Promise<OpenClient> {
  client.on('error', () => {})
  await client.connect()
  return { client, isReady: () => client.isReady, close: () => void close() }
}

/** The newest version of each client. */
export const clients: Readonly<Record<'redis' | 'ioredis', OpenOn>> = {
  redis: async (port) => {
    const client = createClient(optionsFor(port))
    return connected(client, () => client.destroy())
  },
  ioredis: async (port) => {
    const client = new IoRedis(port, ioRedisOptions)
    return { client, isReady: () => client.status === 'ready', close: () => client.disconnect() }
  },
}

/** Clients of a cluster. */
export const clusterClients: typeof clients = {
  redis: async (port) => {
    const client = createCluster({
      rootNodes: [{ url: `redis://127.0.0.1:${port}` }],
      defaults: { disableOfflineQueue: true, socket: { reconnectStrategy: () => 20 } },
    })
    return connected(client, () => client.destroy())
  },
  ioredis: async (port) => {
    const client = new Cluster([{ host: '127.0.0.1', port }], {
      enableOfflineQueue: false,
      retryDelayOnFailover: 0,
    })
    return { client, isReady: () => client.status === 'ready', close: () => client.disconnect() }
  },
}

/** Clients of the primary that a Sentinel names. */
export const sentinelClients: typeof clients = {
  redis: async (port) => {
    const client = createSentinel({
      name: 'main',
      sentinelRootNodes: [{ host: '127.0.0.1', port }],
      nodeClientOptions: { disableOfflineQueue: true },
      scanInterval: 100,
    })
    return connected(client, () => client.destroy())
  },
  ioredis: async (port) => {
    const client = new IoRedis({
      ...ioRedisOptions,
      name: 'main',
      sentinels: [{ host: '127.0.0.1', port }],
    })
    return { client, isReady: () => client.status === 'ready', close: () => client.disconnect() }
  },
}

/** Older versions that apps have. */
export const olderClients: Readonly<Record<string, OpenOn>> = {
  'redis 5': async (port) => {
    const client = createClient5(optionsFor(port))
    return connected(client, () => client.destroy())
  },
  'ioredis 5': async (port) => {
    const client = new IoRedis5(port, ioRedisOptions)
    return { client, isReady: () => client.status === 'ready', close: () => client.disconnect() }
  },
}
