import { eventually, redisEngines, startRedisCluster } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { redisStore } from '../src/index.ts'
import { clients } from '../test/clients.ts'

const [engine] = redisEngines
const skipReason = engine?.skipReason

const lines: Readonly<Record<string, string>> = {
  redis: 'createCluster({ rootNodes, defaults: { disableOfflineQueue: true } })',
  ioredis: 'new Cluster(nodes, { enableOfflineQueue: false, retryDelayOnFailover: 0 })',
}

describe.skipIf(skipReason)(
  'a client for one server at a node of a cluster',
  { meta: { skipReason } },
  () => {
    test.each(Object.entries(clients))('%s: the error has the fix', async (name, open) => {
      await using cluster = await startRedisCluster(engine)
      const [node] = cluster.nodes
      const { client, isReady, close } = await open(node?.port ?? 0)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, { logger: { warn: () => {} } })
      const keys = Array.from({ length: 20 }, (_, index) => `key:${index}`)
      const calls = keys.flatMap((key) => [store.get(key), store.increment(key, 60_000)])
      const outcomes = await Promise.allSettled(calls)
      const messages = outcomes.flatMap((one) =>
        one.status === 'rejected' ? [String(one.reason)] : [],
      )
      expect(messages.length).toBeGreaterThan(0)
      expect(new Set(messages)).toEqual(
        new Set([
          `TypeError: redisStore: this client is for one server, and it is connected to a node of a cluster. Create the client with ${lines[name]}.`,
        ]),
      )
      close()
    })

    test('a slot that is on its way to another node (ASK) is told of likewise', async () => {
      await using cluster = await startRedisCluster(engine)
      const [other, , owner] = cluster.nodes
      const { client, isReady, close } = await clients.redis(owner?.port ?? 0)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, { logger: { warn: () => {} } })
      // The slot of {a} is on the third node.
      const id = String(await other?.command('CLUSTER', 'MYID')).trim()
      await owner?.command('CLUSTER', 'SETSLOT', '15495', 'MIGRATING', id)
      await expect(store.get('{a}')).rejects.toThrow('a node of a cluster')
      close()
    })
  },
)
