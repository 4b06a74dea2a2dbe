import type { StateStoreHarness } from '@linkpass/core/conformance'
import { eventually, type RedisServer, startRedis, startTcpProxy } from '@linkpass/testing'
import type { RedisEngine } from '@linkpass/testing'
import { redisStore } from '../src/index.ts'
import type { OpenOn } from './clients.ts'

/** A server's time cannot be moved, so every time to live is shortened. */
export const passTime = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left > tonumber(ARGV[1]) then redis.call('PEXPIRE', key, left - ARGV[1])
  elseif left >= 0 then redis.call('DEL', key) end
end`

/** A harness of the conformance suite on a server of its own. */
export interface RedisHarness extends AsyncDisposable {
  readonly harness: StateStoreHarness
  readonly server: RedisServer
}

/** Starts a server, and opens it as two instances and a neighbour do. */
export async function startHarness(open: OpenOn, engine?: RedisEngine): Promise<RedisHarness> {
  const server = await startRedis({ engine })
  const proxy = await startTcpProxy(server.port)
  const own = await open(proxy.port)
  const other = await open(server.port)
  const neighbour = await open(server.port)
  const logger = { warn: () => {} }
  const storeOf = ({ client }: typeof own, prefix: string) => redisStore(client, { prefix, logger })
  const stores = [
    storeOf(own, 'app:'),
    storeOf(other, 'app:'),
    storeOf(neighbour, 'next:'),
  ] as const
  const ready = (): Promise<void> =>
    eventually('the clients are connected', () =>
      [own, other, neighbour].every((client) => client.isReady()),
    )
  await ready()
  const [store, another, next] = stores
  return {
    server,
    harness: {
      store,
      other: another,
      neighbour: next,
      advance: async (ms) => {
        await server.command('EVAL', passTime, '0', String(ms))
      },
      timeToLive: async (key) => Number(await server.command('PTTL', `app:${key}`)),
      stop: () => server.stop(),
      start: async () => {
        await server.start()
        await ready()
      },
      restart: async () => {
        await server.stop()
        await server.start()
        await ready()
      },
      onCommand: (listener) => {
        proxy.onResponse = listener
      },
      cut: () => proxy.cut(),
      reconnect: async () => {
        proxy.restore()
        await ready()
      },
    },
    [Symbol.asyncDispose]: async () => {
      for (const opened of stores) await opened.close?.()
      for (const { close } of [own, other, neighbour]) close()
      await proxy[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
