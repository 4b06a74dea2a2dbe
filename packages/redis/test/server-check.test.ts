import { eventually, redisEngines, startRedis } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { redisStore } from '../src/index.ts'
import { clients } from './clients.ts'

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
