import { readFile } from 'node:fs/promises'
import { eventually, redisEngines, startRedis, startRedisCluster } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { redisStore } from '../src/index.ts'
import { type OpenClient, clients, clusterClients } from './clients.ts'

const [engine] = redisEngines
const skipReason = engine?.skipReason

const evicts = (policy: string): string =>
  `linkpass: Redis evicts keys when its memory is full (maxmemory-policy ${policy}): a logout that is evicted is undone. Set maxmemory-policy to noeviction, or use a server of its own for Linkpass.`
const forgets =
  'linkpass: Redis keeps nothing on disk: a restart undoes every logout and revocation. Set appendonly to yes.'
const kept = ['--appendonly', 'yes']

describe.skipIf(skipReason)(
  'settings of the server that lose logouts',
  { meta: { skipReason } },
  () => {
    describe.each(Object.entries(clients))('%s', (_name, open) => {
      test.each([
        [['--maxmemory-policy', 'allkeys-lru', ...kept], [evicts('allkeys-lru')]],
        [['--maxmemory-policy', 'volatile-ttl', ...kept], [evicts('volatile-ttl')]],
        [['--maxmemory-policy', 'noeviction', ...kept], []],
        [['--save', '', '--appendonly', 'no'], [forgets]],
        [['--save', '60 1', '--appendonly', 'no'], []],
      ])('%j: warned of once, after the first response', async (args, expected) => {
        await using server = await startRedis({ args })
        const { client, isReady, close } = await open(server.port)
        await eventually('the client is connected', isReady)
        const warnings: string[] = []
        const store = redisStore(client, {
          logger: { warn: (line: string) => warnings.push(line) },
        })
        expect(warnings).toEqual([])
        await store.get('any')
        await eventually('the settings were read', async () =>
          (await server.command('INFO', 'commandstats')).includes('cmdstat_config|get:calls=1'),
        )
        // One more round trip after the one that read them.
        await store.get('any')
        await store.get('any')
        expect(warnings).toEqual(expected)
        close()
      })
    })

    test('without a logger they are process warnings', async () => {
      await using server = await startRedis()
      const { client, close } = await clients.redis(server.port)
      const warned = new Promise<Error & { code?: string; detail?: string }>((resolve) => {
        process.once('warning', resolve)
      })
      await redisStore(client).get('any')
      expect(await warned).toMatchObject({ code: 'LINKPASS_REDIS_PERSISTENCE', name: 'Warning' })
      close()
    })

    test('what a user may not give a time to live is not stored', async () => {
      await using server = await startRedis()
      await server.command('ACL', 'SETUSER', 'default', '-pexpire')
      const { client, close } = await clients.redis(server.port)
      const store = redisStore(client, { logger: { warn: () => {} } })
      expect(await store.increment('count', 60_000)).toBe(1)
      expect(await store.increment('count', 60_000)).toBe(2)
      await expect(store.append('log', 'x', 60_000)).rejects.toThrow("can't run this command")
      expect(await server.command('PTTL', 'linkpass:count')).not.toBe('-1')
      expect(await server.command('KEYS', '*')).toBe('linkpass:count')
      close()
    })

    describe.each(['redis', 'ioredis'] as const)('the permissions of the README', (name) => {
      test(`are enough for ${name}`, async () => {
        await using server = await startRedis()
        await allow(server, ['the store', ...(name === 'ioredis' ? ['`ioredis`'] : [])])
        await worksOn(await clients[name](server.port))
      })

      test(`are enough for ${name} on a cluster`, async () => {
        await using cluster = await startRedisCluster()
        const rows = ['the store', 'a cluster', ...(name === 'ioredis' ? ['`ioredis`'] : [])]
        await Promise.all(cluster.nodes.map((node) => allow(node, rows)))
        await worksOn(await clusterClients[name](cluster.nodes[0]?.port ?? 0))
      })
    })

    test('a user that may not read the settings has a store that works', async () => {
      await using server = await startRedis()
      await server.command('ACL', 'SETUSER', 'default', '-info', '-config')
      const { client, close } = await clients.redis(server.port)
      const store = redisStore(client)
      await store.set('any', 'x', 60_000)
      expect(await store.get('any')).toBe('x')
      close()
    })
  },
)

/** Gives the default user the permissions of these rows of the README alone. */
async function allow(
  server: { command(name: string, ...args: readonly string[]): Promise<string> },
  rows: readonly string[],
): Promise<void> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const permissions = rows.flatMap((row) => {
    const line = readme.split('\n').find((each) => each.startsWith('|') && each.includes(row + ' '))
    return line?.replaceAll('\\|', '|').match(/\+[@\w|]+/g) ?? []
  })
  expect(permissions.length).toBeGreaterThanOrEqual(rows.length)
  const limits = ['reset', 'on', 'nopass', '~linkpass:*', '&linkpass:*', ...permissions]
  expect(await server.command('ACL', 'SETUSER', 'default', ...limits)).toBe('OK')
}

async function worksOn({ client, isReady, close }: OpenClient): Promise<void> {
  await eventually('the client is connected', isReady)
  const store = redisStore(client)
  await store.set('value', 'x', 60_000)
  expect(await store.getMany(['value', 'none'])).toEqual(['x', undefined])
  expect(await store.setIfAbsent('value', 'y', 60_000)).toBe('x')
  expect(await store.replaceIf('value', 'x', 'y', 60_000)).toBe(true)
  expect(await store.deleteIf('value', 'y')).toBe(true)
  expect(await store.increment('count', 60_000)).toBe(1)
  await store.append('log', 'entry', 60_000)
  expect(await store.readFrom('log', 0)).toEqual(['entry'])
  const heard = new Promise((resolve) => void store.subscribe?.('hints', resolve))
  await eventually('the hint arrived', async () => {
    await store.publish?.('hints', 'now')
    return (await Promise.race([heard, store.get('any')])) === 'now'
  })
  await store.close?.()
  close()
}
