import { closedPort } from '../servers/broken-server.ts'
import { eventually, type RedisEngine, type RedisServer, startRedis } from './redis-server.ts'

/** A primary and a replica that has its data. */
export interface RedisPair extends AsyncDisposable {
  readonly primary: RedisServer
  readonly replica: RedisServer
  /** Swaps them, so that the primary before answers READONLY. Resolves to the primary from now on. */
  failOver(): Promise<RedisServer>
}

/** Starts a primary and its replica. */
export async function startRedisPair(engine?: RedisEngine): Promise<RedisPair> {
  const primary = await startRedis({ engine })
  const replica = await startRedis({ engine })
  await replicate(replica, primary)
  let [first, second] = [primary, replica]
  return {
    primary,
    replica,
    failOver: async () => {
      await second.command('REPLICAOF', 'NO', 'ONE')
      await replicate(first, second)
      ;[first, second] = [second, first]
      return first
    },
    [Symbol.asyncDispose]: () => disposeAll([replica, primary]),
  }
}

async function replicate(replica: RedisServer, primary: RedisServer): Promise<void> {
  await replica.command('REPLICAOF', '127.0.0.1', String(primary.port))
  await eventually('the replica follows', async () =>
    (await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  )
}

/** A pair that a Sentinel watches, under the name `main`. */
export interface RedisSentinel extends RedisPair {
  readonly sentinel: RedisServer
}

/** Starts a pair and a Sentinel, which fails over when the primary was away for half a second. */
export async function startRedisSentinel(engine?: RedisEngine): Promise<RedisSentinel> {
  const pair = await startRedisPair(engine)
  const config = `
sentinel monitor main 127.0.0.1 ${pair.primary.port} 1
sentinel down-after-milliseconds main 500
sentinel failover-timeout main 2000
`
  const sentinel = await startRedis({ engine, config, args: ['--sentinel'] })
  await eventually('the Sentinel knows the replica', async () =>
    (await sentinel.command('SENTINEL', 'replicas', 'main')).includes(String(pair.replica.port)),
  )
  return {
    ...pair,
    sentinel,
    [Symbol.asyncDispose]: () => disposeAll([sentinel, pair]),
  }
}

/** A cluster of three primaries. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[]
}

/** Starts one, with a third of the slots on each node. */
export async function startRedisCluster(engine?: RedisEngine): Promise<RedisCluster> {
  const nodes: RedisServer[] = []
  const [first, second, third] = [await closedPort(), await closedPort(), await closedPort()]
  const slots = [
    ...[
      { bus: first, range: ['0', '5460'] },
      { bus: second, range: ['5461', '10922'] },
    ],
    { bus: third, range: ['10923', '16383'] },
  ]
  for (const { bus, range } of slots) {
    const args = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--save', '']
    const node = await startRedis({ engine, args })
    // Different ones, or the nodes would disagree about the slots at first.
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(nodes.length + 1))
    await node.command('CLUSTER', 'ADDSLOTSRANGE', ...range)
    await nodes[0]?.command('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(bus))
    nodes.push(node)
  }
  for (const node of nodes) {
    await eventually('the cluster is up', async () => {
      const info = await node.command('CLUSTER', 'INFO')
      return info.includes('cluster_state:ok') && info.includes('cluster_size:3')
    })
  }
  return { nodes, [Symbol.asyncDispose]: () => disposeAll(nodes) }
}

async function disposeAll(parts: readonly AsyncDisposable[]): Promise<void> {
  for (const part of parts) await part[Symbol.asyncDispose]()
}
