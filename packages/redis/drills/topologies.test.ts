import { stateStoreConformance } from '@linkpass/core/conformance'
import { eventually, redisEngines, startRedisCluster, startRedisSentinel } from '@linkpass/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index.ts'
import { clusterClients, type OpenOn, sentinelClients } from '../test/clients.ts'
import { passTime } from '../test/harness.ts'

const quiet = { logger: { warn: () => {} } }
const checks = stateStoreConformance.filter(({ needs }) =>
  needs.every((part) => part === 'neighbour'),
)

for (const engine of redisEngines) {
  const { skipReason } = engine
  for (const topology of ['a cluster of three', 'a Sentinel'] as const) {
    const clients = topology === 'a Sentinel' ? sentinelClients : clusterClients
    for (const [name, open] of Object.entries(clients)) {
      const title = `redisStore on ${topology} of ${engine.name} by ${name} conforms`
      describe.skipIf(skipReason)(title, { meta: { skipReason } }, () => {
        let started: Awaited<ReturnType<typeof start>>
        beforeAll(async () => {
          started = await start(topology, open, engine)
        })
        afterAll(() => started.end())

        test.each(checks)('$name', ({ run }) => run(started.harness))

        // The cluster's primaries have no replica.
        if (topology === 'a Sentinel') {
          test('after a failover every operation works again, without a restart', async () => {
            const { store } = started.harness
            await store.set('before', 'x', 60_000)
            await started.stopPrimary()
            await eventually('writes work again', () =>
              store.set('after', 'y', 60_000).then(
                () => true,
                () => false,
              ),
            )
            expect(await store.get('before')).toBe('x')
            expect(await store.increment('count', 60_000)).toBe(1)
          })
        }
      })
    }
  }
}

async function start(topology: string, open: OpenOn, engine: (typeof redisEngines)[number]) {
  const sentinel = topology === 'a Sentinel' ? await startRedisSentinel(engine) : undefined
  const cluster = sentinel === undefined ? await startRedisCluster(engine) : undefined
  const nodes = cluster?.nodes ?? (sentinel ? [sentinel.primary] : [])
  const port = sentinel?.sentinel.port ?? nodes[0]?.port ?? 0
  const clients = [await open(port), await open(port), await open(port)] as const
  const stores = clients.map(({ client }, index) =>
    redisStore(client, { prefix: index === 2 ? 'next:' : 'app:', ...quiet }),
  )
  const [store, other, neighbour] = stores
  if (store === undefined || other === undefined || neighbour === undefined) throw new Error()
  await eventually('the clients are connected', () => clients.every((one) => one.isReady()))
  return {
    stopPrimary: async () => sentinel?.primary.stop(),
    harness: {
      store,
      other,
      neighbour,
      advance: async (ms: number) => {
        for (const node of nodes) await node.command('EVAL', passTime, '0', String(ms))
      },
      timeToLive: async (key: string) => {
        const left = await Promise.all(
          nodes.map(async (node) => node.command('PTTL', `app:${key}`).catch(() => '-2')),
        )
        return Math.max(...left.map(Number))
      },
    },
    end: async () => {
      for (const opened of stores) await opened.close?.()
      for (const client of clients) client.close()
      await sentinel?.[Symbol.asyncDispose]()
      await cluster?.[Symbol.asyncDispose]()
    },
  }
}
