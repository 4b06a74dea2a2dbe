import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster, createSentinel } from 'redis'
import { createClient as createClient4, createCluster as createCluster4 } from 'redis4'
import { describe, expect, test } from 'vitest'
import { redisStore, type RedisClient } from '../src/index.ts'

const nothing = { port: 1, lazyConnect: true } as const
const fits = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
}
const node = [{ host: '127.0.0.1', port: 1 }]
const inCluster = { lazyConnect: true, enableOfflineQueue: false, retryDelayOnFailover: 0 }

const redisLine =
  'new Redis(url, { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 })'
const clusterLine = 'new Cluster(nodes, { enableOfflineQueue: false, retryDelayOnFailover: 0 })'

describe('a client that keeps commands, sends them again, or reads from replicas, is refused with the line to write', () => {
  test.each<[string, RedisClient, string]>([
    ['ioredis as it is', new Redis(nothing), redisLine],
    ...Object.keys(fits).map((name): [string, RedisClient, string] => [
      `ioredis without ${name}`,
      new Redis({ ...nothing, ...fits, [name]: undefined }),
      redisLine,
    ]),
    ['a cluster of ioredis as it is', new Cluster(node, { lazyConnect: true }), clusterLine],
    [
      'a cluster of ioredis that repeats commands',
      new Cluster(node, { ...inCluster, retryDelayOnFailover: 100 }),
      clusterLine,
    ],
    [
      'a cluster of ioredis that reads from replicas',
      new Cluster(node, { ...inCluster, scaleReads: 'slave' }),
      "reads from replicas, which may not know of a logout yet. Create the client with scaleReads: 'master'",
    ],
    [
      'ioredis that Sentinel leads to a replica',
      new Redis({ ...nothing, ...fits, role: 'slave' }),
      "or with Sentinel role: 'master'",
    ],
    ['redis as it is', createClient(), 'createClient({ url, disableOfflineQueue: true })'],
    [
      'a cluster of redis as it is',
      createCluster({ rootNodes: [{}] }),
      'createCluster({ rootNodes, defaults: { disableOfflineQueue: true } })',
    ],
  ])('%s', (_which, client, line) => {
    expect(() => redisStore(client)).toThrow(line)
  })
})

test.each([createClient4({ disableOfflineQueue: true }), createCluster4({ rootNodes: [{}] })])(
  'redis 4 is refused: once cut within a response, it gives later ones to the wrong commands',
  (client) => {
    // @ts-expect-error too old
    expect(() => redisStore(client)).toThrow('Use redis 5 or newer, or ioredis')
  },
)

test.each<[string, RedisClient]>([
  ['ioredis', new Redis({ ...nothing, ...fits, retryStrategy: () => null })],
  ['a cluster of ioredis', new Cluster(node, inCluster)],
  ['redis', createClient({ disableOfflineQueue: true })],
  [
    'a cluster of redis',
    createCluster({ rootNodes: [{}], defaults: { disableOfflineQueue: true } }),
  ],
  ['a Sentinel client of redis', createSentinel({ name: 'main', sentinelRootNodes: node })],
])('%s with fitting options is accepted, before it is connected', async (_which, client) => {
  const store = redisStore(client)
  await store.close?.()
})

test.each([undefined, null, {}, 'redis://localhost', { get: () => {}, set: () => {} }])(
  'what is no client of these packages is refused: %j',
  (client) => {
    // @ts-expect-error no client
    expect(() => redisStore(client)).toThrow('needs a client of the package redis or ioredis')
  },
)

test.each([null, {}, 'x'])('the logger %j is refused', (logger) => {
  expect(() =>
    redisStore(createClient({ disableOfflineQueue: true }), { logger: logger as never }),
  ).toThrow('redisStore: logger must be an object with the method warn.')
})

test('a prefix that is no text, and an unknown option, are refused', () => {
  const client = createClient({ disableOfflineQueue: true })
  expect(() => redisStore(client, { prefix: '' })).toThrow('prefix must be a text')
  // @ts-expect-error misspelt
  expect(() => redisStore(client, { Prefix: 'x:' })).toThrow('there is no option "Prefix"')
  expect(() => redisStore(client, 'x:' as never)).toThrow('such as { prefix: "shop:" }')
})

test.each([
  ['redis', createClient({ disableOfflineQueue: true })],
  ['ioredis', new Redis({ ...nothing, ...fits, retryStrategy: () => null })],
])('C9: forty stores on one client of %s leave few listeners on it', (_which, client) => {
  for (let count = 0; count < 40; count += 1) redisStore(client, { prefix: `${count}:` })
  for (const event of client.eventNames()) {
    expect(client.listenerCount(String(event))).toBeLessThanOrEqual(3)
  }
})
