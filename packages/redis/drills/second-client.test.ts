import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type RedisServer,
  eventually,
  redisEngines,
  startRedis,
  startRedisPair,
  startTcpProxy,
  type TcpProxy,
} from '@linkpass/testing'
import { createClient } from 'redis'
import { createClient as createClient5 } from 'redis5'
import { describe, expect, test } from 'vitest'
import { redisStore } from '../src/index.ts'

const [engine] = redisEngines
const skipReason = engine?.skipReason
const quiet = { logger: { warn: () => {} } }

/** The connections of a server, but for the one that asks. */
async function connections(server: RedisServer): Promise<number> {
  const list = await server.command('CLIENT', 'LIST')
  return list.split('\n').filter((line) => line.startsWith('id=')).length - 1
}

/** Cuts the client's connection, and says nothing on its next one. */
async function silence(proxy: TcpProxy): Promise<void> {
  const limit = { bytes: 1, how: 'is silent' as const, failed: 0 }
  proxy.limit = limit
  proxy.cut()
  proxy.restore()
  await eventually('the client connected', () => limit.failed > 0)
  proxy.limit = undefined
}

// They wait for servers, so they run side by side.
describe.skipIf(skipReason).each([
  ['redis', createClient],
  ['redis 5', createClient5],
] as const)(
  'the second client of %s',
  { concurrent: true, meta: { skipReason } },
  (name, create) => {
    async function connect(port: number, reconnectStrategy: false | (() => number) = () => 20) {
      const url = `redis://127.0.0.1:${port}`
      const client = (create as typeof createClient)({
        url,
        disableOfflineQueue: true,
        socket: { reconnectStrategy },
      })
      client.on('error', () => {})
      await client.connect()
      return { client, store: redisStore(client, quiet) }
    }

    const worksBy = (store: ReturnType<typeof redisStore>) => (): Promise<boolean> =>
      store.set('any', 'x', 60_000).then(
        () => true,
        () => false,
      )

    test('hints come once the app connects again, where its options end the attempts', async () => {
      await using server = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      const { client, store } = await connect(proxy.port, false)
      const heard: string[] = []
      const subscribe = async () => store.subscribe?.('channel', (message) => heard.push(message))
      const hintComes = (): Promise<void> =>
        eventually('a hint comes', async () => {
          await store.publish?.('channel', 'x').catch(() => {})
          return heard.length > 0
        })
      proxy.cut()
      await expect(subscribe()).rejects.toThrow()
      proxy.restore()
      await client.connect()
      await subscribe()
      await hintComes()
      proxy.cut()
      await eventually('the client gave up', () => !client.isOpen)
      proxy.restore()
      heard.length = 0
      await client.connect()
      await hintComes()
      await store.close?.()
      client.destroy()
    })

    test('connects again after READONLY, while it serves commands', async () => {
      await using pair = await startRedisPair()
      await using proxy = await startTcpProxy(pair.primary.port)
      const { client, store } = await connect(proxy.port)
      await silence(proxy)
      await eventually('it works', worksBy(store))
      await pair.failOver()
      proxy.leadTo(pair.replica.port)
      await expect(store.set('any', 'x', 60_000)).rejects.toThrow('READONLY')
      await eventually('it works again', worksBy(store))
      expect(client.isReady).toBe(false)
      await store.close?.()
      client.destroy()
    })

    test('is not opened for commands after the store was closed', async () => {
      await using server = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      const { client, store } = await connect(proxy.port)
      const other = redisStore(client, quiet)
      await silence(proxy)
      await store.close?.()
      // Both wait for the same time; the first in line is that of the closed store.
      await eventually('the other store works', worksBy(other))
      expect(await connections(server)).toBe(2)
      await other.close?.()
      client.destroy()
    })

    test('is closed also while it connects', async () => {
      await using server = await startRedis()
      const { client, store } = await connect(server.port)
      const subscribed = expect(store.subscribe?.('channel', () => {})).rejects.toThrow('closed')
      await store.close?.()
      await subscribed
      await eventually('one connection is left', async () => (await connections(server)) === 1)
      client.destroy()
    })

    test('ends with the client of the app', async () => {
      await using server = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      const { client, store } = await connect(proxy.port)
      await silence(proxy)
      await eventually('it works', worksBy(store))
      client.destroy()
      await eventually('no connection is left', async () => (await connections(server)) === 0)
    })

    test('keeps no process alive, also while it connects', async () => {
      await using server = await startRedis()
      await using proxy = await startTcpProxy(server.port)
      // The first connection works, and the server says nothing on the next one.
      proxy.onRequest = () => {
        proxy.limit = { bytes: 1, how: 'is silent', failed: 0 }
      }
      const script = `
      const { createClient } = await import(${JSON.stringify(name.replace(' ', ''))})
      const { redisStore } = await import('./src/index.ts')
      const url = 'redis://127.0.0.1:${proxy.port}'
      const client = createClient({ url, disableOfflineQueue: true })
      await client.connect()
      const store = redisStore(client)
      store.subscribe('channel', () => {}).catch(() => {})
      client.destroy()
      console.log('done')`
      const flags = ['--conditions=@linkpass/source', '--import', 'tsx', '--input-type=module']
      const cwd = fileURLToPath(new URL('../', import.meta.url))
      const run = promisify(execFile)(process.execPath, [...flags, '--eval', script], {
        cwd,
        timeout: 30_000,
      })
      expect((await run).stdout).toBe('done\n')
    })
  },
)
