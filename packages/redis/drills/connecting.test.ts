/** Networks that fail while clients connect and subscribe, at any byte of the responses. */
import {
  closedPort,
  eventually,
  redisEngines,
  type RedisServer,
  startRedis,
  startTcpProxy,
  type TcpProxy,
} from '@linkpass/testing'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import type { StateStore } from '@linkpass/core'
import { describe, test } from 'vitest'
import { redisStore } from '../src/index.ts'
import {
  clients,
  clusterClients,
  olderClients,
  type OpenOn,
  sentinelClients,
} from '../test/clients.ts'

const [engine] = redisEngines
const skipReason = engine?.skipReason
const quiet = { logger: { warn: () => {} } }

/** Servers behind a proxy, and the port that a client is opened with. */
interface Behind {
  readonly proxy: TcpProxy
  readonly servers: readonly RedisServer[]
  readonly port: number
}

async function alone(): Promise<Behind> {
  const server = await startRedis()
  const proxy = await startTcpProxy(server.port)
  return { proxy, servers: [server], port: proxy.port }
}

/** A cluster of one, whose node has the proxy's address. */
async function cluster(): Promise<Behind> {
  const proxy = await startTcpProxy(0)
  const args = ['--cluster-enabled', 'yes', '--cluster-port', String(await closedPort())]
  const announced = ['--cluster-announce-ip', '127.0.0.1', '--save', '']
  const port = ['--cluster-announce-port', String(proxy.port)]
  const server = await startRedis({ args: [...args, ...announced, ...port] })
  proxy.leadTo(server.port)
  await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await eventually('the cluster is up', async () =>
    (await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok'),
  )
  return { proxy, servers: [server], port: proxy.port }
}

/** A Sentinel that names the proxy's address. */
async function sentinel(): Promise<Behind> {
  const { proxy, servers } = await alone()
  const config = `sentinel monitor main 127.0.0.1 ${proxy.port} 1\n`
  const named = await startRedis({ config, args: ['--sentinel'] })
  return { proxy, servers: [named, ...servers], port: named.port }
}

type Case = [string, () => Promise<Behind>, OpenOn]
const of = (name: string, start: () => Promise<Behind>, all: Readonly<Record<string, OpenOn>>) =>
  Object.entries(all).map(([client, open]): Case => [`${client}${name}`, start, open])
const own = [...of('', alone, { ...clients, ...olderClients })]
const managed = [
  ...of(', a cluster', cluster, clusterClients),
  ...of(', Sentinel', sentinel, sentinelClients),
]

/** Fails the connections at one byte, and expects operations and hints to work again. */
async function drill(
  { proxy }: Behind,
  store: StateStore,
  heard: string[],
  bytes: number,
  how: 'ends' | 'is silent',
): Promise<void> {
  const limit = { bytes, how, failed: 0 }
  proxy.limit = limit
  proxy.cut()
  proxy.restore()
  const endsAt = performance.now() + 500
  await eventually('connections failed', () => {
    store.get('any').catch(() => {})
    return limit.failed >= 3 || performance.now() > endsAt
  })
  proxy.limit = undefined
  // A command on a connection that fell silent is given up when later ones have waited for long enough.
  const works = new AbortController()
  await eventually(`operations work again, after ${bytes} bytes`, () => {
    store.set('any', 'x', 60_000).then(
      () => works.abort(),
      () => {},
    )
    return works.signal.aborted
  })
  heard.length = 0
  await eventually(`a hint comes, after ${bytes} bytes`, () => {
    store.publish?.('channel', 'x').catch(() => {})
    return heard.length > 0
  })
}

describe.skipIf(skipReason)(
  'connections that fail amid connecting',
  { meta: { skipReason } },
  () => {
    expectQuietProcess()

    async function run(
      start: Case[1],
      open: OpenOn,
      bytes: readonly number[],
      how: 'ends' | 'is silent',
    ): Promise<void> {
      const behind = await start()
      const { client, isReady, close } = await open(behind.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      const heard: string[] = []
      await store.subscribe?.('channel', (message) => heard.push(message))
      for (const each of bytes) await drill(behind, store, heard, each, how)
      await store.close?.()
      close()
      await behind.proxy[Symbol.asyncDispose]()
      for (const server of behind.servers) await server[Symbol.asyncDispose]()
    }

    const every = Array.from({ length: 32 }, (_, index) => 1 + 13 * index)

    test.concurrent.each(own)(
      '%s: after one that ended, it works again',
      async (_name, start, open) => run(start, open, every, 'ends'),
    )

    test.concurrent.each(managed)(
      '%s: after one that ended, it works again',
      async (_name, start, open) => run(start, open, [1, 14, 40, 150, 400], 'ends'),
    )

    // Clusters and Sentinel clients of both packages open their connections themselves.
    test.concurrent.each(own)(
      '%s: after one that fell silent, it works again',
      async (_name, start, open) => run(start, open, [1, 8, 40], 'is silent'),
    )
  },
)
