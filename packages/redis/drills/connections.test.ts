import { Redis } from 'ioredis'
import { createClient } from 'redis'
import {
  eventually,
  redisEngines,
  startRedis,
  startRedisPair,
  startTcpProxy,
} from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import type { StateStore } from '@linkpass/core'
import { type RedisClient, redisStore } from '../src/index.ts'
import { clients } from '../test/clients.ts'

const [engine] = redisEngines
const skipReason = engine?.skipReason
const quiet = { logger: { warn: () => {} } }

const works = (store: StateStore): Promise<boolean> =>
  store.set('any', 'x', 60_000).then(
    () => true,
    () => false,
  )

// They wait for servers, so they run side by side.
describe.skipIf(skipReason).each(Object.entries(clients))(
  'redisStore by %s',
  { concurrent: true, meta: { skipReason } },
  (_name, open) => {
    test('every key has the prefix and a time to live', async () => {
      await using server = await startRedis()
      const { client, isReady, close } = await open(server.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, { prefix: 'shop:', ...quiet })
      await store.set('a', 'x', 60_000)
      await store.setIfAbsent('b', 'x', 60_000)
      await store.replaceIf('b', 'x', 'y', 60_000)
      await store.increment('c', 60_000)
      await store.append('d', 'x', 60_000)
      const keys = (await server.command('KEYS', '*')).split('\n')
      expect(keys.toSorted()).toEqual(['shop:a', 'shop:b', 'shop:c', 'shop:d'])
      for (const key of keys) expect(Number(await server.command('PTTL', key))).toBeGreaterThan(0)
      close()
    })

    test('when a demoted primary answers READONLY, it connects to whichever server has the address', async () => {
      await using pair = await startRedisPair()
      await using proxy = await startTcpProxy(pair.primary.port)
      const { client, isReady, close } = await open(proxy.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      expect(await works(store)).toBe(true)
      await pair.failOver()
      proxy.leadTo(pair.replica.port)
      // The open connection still leads to the old primary.
      await expect(store.set('any', 'x', 60_000)).rejects.toThrow('READONLY')
      await eventually('it works again', () => works(store))
      expect(await pair.replica.command('GET', 'linkpass:any')).toBe('x')
      close()
    })

    test('a server that stays a replica is read from between two attempts to leave it', async () => {
      await using pair = await startRedisPair()
      const { client, isReady, close } = await open(pair.replica.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      const outcomeOf = (operation: Promise<unknown>): Promise<string> =>
        operation.then(
          () => 'done',
          (error: Error) => error.message,
        )
      await eventually('it is read from right after it refused a write', async () => {
        const write = await outcomeOf(store.set('any', 'x', 60_000))
        return write.startsWith('READONLY') && (await outcomeOf(store.get('any'))) === 'done'
      })
      close()
    })

    test('a server that stops responding is left after two seconds', async () => {
      await using server = await startRedis()
      await using other = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      const { client, isReady, close } = await open(proxy.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      expect(await works(store)).toBe(true)
      server.pause()
      proxy.leadTo(other.port)
      const first = works(store)
      await eventually('a later command reaches the other server', async () => {
        void works(store)
        return (await other.command('EXISTS', 'linkpass:any')) === '1'
      })
      expect(await first).toBe(false)
      server.resume()
      close()
    })

    test('a command that was cut off rejects, and is not sent again', async () => {
      await using server = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      const { client, isReady, close } = await open(proxy.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      await store.increment('warm', 60_000)
      proxy.onResponse = () => {
        proxy.onResponse = undefined
        proxy.cut()
      }
      await expect(store.increment('count', 60_000)).rejects.toThrow()
      await expect(store.increment('count', 60_000)).rejects.toThrow()
      proxy.restore()
      await eventually('it is connected again', isReady)
      expect(await store.get('count')).toBe('1')
      close()
    })

    test('hints come again after the server restarted', async () => {
      await using server = await startRedis()
      const { client, isReady, close } = await open(server.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      const heard: string[] = []
      await store.subscribe?.('channel', (message) => heard.push(message))
      await server.stop()
      await server.start()
      await eventually('a hint comes', async () => {
        await store.publish?.('channel', 'x').catch(() => {})
        return heard.length > 0
      })
      await store.close?.()
      await eventually('the second connection is closed', async () => {
        const clients = await server.command('CLIENT', 'LIST')
        return !clients.includes('sub=1')
      })
      close()
    })

    test('hints come again after the connection ended while it subscribed again', async () => {
      await using server = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      const { client, isReady, close } = await open(proxy.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      const heard: string[] = []
      await store.subscribe?.('channel', (message) => heard.push(message))
      let subscriptions = 0
      proxy.onRequest = (part) => {
        if (!part.toString().toLowerCase().includes('\nsubscribe\r')) return
        subscriptions += 1
        if (subscriptions > 3) return
        proxy.cut()
        proxy.restore()
      }
      proxy.cut()
      proxy.restore()
      await eventually('a hint comes', async () => {
        await store.publish?.('channel', 'x').catch(() => {})
        return heard.length > 0
      })
      expect(subscriptions).toBeGreaterThan(3)
      await store.close?.()
      close()
    })

    test('past ten thousand commands that wait, operations fail at once', async () => {
      await using server = await startRedis()
      const { client, isReady, close } = await open(server.port)
      await eventually('the client is connected', isReady)
      const store = redisStore(client, quiet)
      await store.get('any')
      server.pause()
      const outcomes = Array.from({ length: 10_100 }, () => store.get('any'))
      const settled = Promise.allSettled(outcomes)
      await expect(outcomes.at(-1)).rejects.toThrow('10000 commands wait for Redis')
      server.resume()
      const failed = (await settled).filter(({ status }) => status === 'rejected')
      expect(failed.length).toBeGreaterThanOrEqual(100)
      close()
    })
  },
)

test.skipIf(skipReason)(
  'ioredis that already waits for a server that says nothing connects again',
  { meta: { skipReason } },
  async () => {
    await using server = await startRedis()
    await using proxy = await startTcpProxy(server.port)
    proxy.limit = { bytes: 1, how: 'is silent', failed: 0 }
    const options = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false }
    const client = new Redis(proxy.port, { ...options, maxRetriesPerRequest: 0 })
    await eventually('it waits', () => proxy.limit?.failed === 1)
    proxy.limit = undefined
    expect(client.status).toBe('connect')
    const store = redisStore(client, quiet)
    await eventually('it works', () => works(store))
    client.disconnect()
  },
)

test.skipIf(skipReason)(
  'what no one waits for any more is not sent, once ioredis is connected',
  { meta: { skipReason } },
  async () => {
    await using server = await startRedis()
    server.pause()
    const options = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false }
    const client = new Redis(server.port, { ...options, maxRetriesPerRequest: 0 })
    const store = redisStore(client, quiet)
    const caller = new AbortController()
    const late = expect(store.increment('late', 60_000, caller)).rejects.toThrow('No one waits')
    caller.abort()
    server.resume()
    await eventually('it works', () => works(store))
    await late
    expect(await server.command('EXISTS', 'linkpass:late')).toBe('0')
    client.disconnect()
  },
)

describe.skipIf(skipReason)('a password', { meta: { skipReason } }, () => {
  const password = 'a-secret-of-redis'
  const next = 'the-next-secret'

  test.each<[string, (port: number) => Promise<[RedisClient, (password: string) => void]>]>([
    [
      'ioredis',
      async (port) => {
        const fits = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false }
        const options = { ...fits, maxRetriesPerRequest: 0, password, retryStrategy: () => 20 }
        const client = new Redis(port, options)
        return [client, (other) => void (client.options.password = other)]
      },
    ],
    [
      'redis',
      async (port) => {
        const now = { password }
        const client = createClient({
          url: `redis://127.0.0.1:${port}`,
          disableOfflineQueue: true,
          socket: { reconnectStrategy: () => 20 },
          credentialsProvider: {
            type: 'async-credentials-provider',
            credentials: async () => ({ ...now }),
          },
        })
        client.on('error', () => {})
        await client.connect()
        return [client, (other) => void (now.password = other)]
      },
    ],
  ])('that changes while %s is connected: operations and hints work on', async (_name, connect) => {
    await using server = await startRedis()
    await using proxy = await startTcpProxy(server.port)
    await server.command('CONFIG', 'SET', 'requirepass', password)
    const [client, setPassword] = await connect(proxy.port)
    const store = redisStore(client, quiet)
    const heard: string[] = []
    await store.subscribe?.('channel', (message) => heard.push(message))
    // What open connections do not need, and new ones do.
    await server.command('CONFIG', 'SET', 'requirepass', next)
    expect(await works(store)).toBe(true)
    proxy.cut()
    proxy.restore()
    await eventually('the old one is refused', async () => !(await works(store)))
    setPassword(next)
    await eventually('it works again', () => works(store))
    await eventually('a hint comes', async () => {
      await store.publish?.('channel', 'x').catch(() => {})
      return heard.length > 0
    })
    await store.close?.()
    if (client instanceof Redis) client.disconnect()
    else if ('destroy' in client) client.destroy()
  })

  test('that is wrong appears in no error of ioredis, however it is printed', async () => {
    await using server = await startRedis()
    await server.command('CONFIG', 'SET', 'requirepass', 'another')
    const options = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false }
    const client = new Redis(server.port, { ...options, maxRetriesPerRequest: 0, password })
    const error: unknown = await redisStore(client, quiet)
      .get('any')
      .catch((thrown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(password)
    client.disconnect()
  })
})
