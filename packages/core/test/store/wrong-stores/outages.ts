import type { StateStore } from '../../../src/store/state-store.ts'
import { wholeMs } from '../model-server.ts'
import { wrong, type WrongStore } from './wrong.ts'

/** Faults that show in an outage of the server. */
export const outages: readonly WrongStore[] = [
  wrong('get fails open', 'get rejects while', (_connection, right) => ({
    get: (key) => right.get(key).catch(() => undefined),
  })),
  wrong('getMany fails open', 'getMany rejects while', (_connection, right) => ({
    getMany: (keys) => right.getMany(keys).catch(() => keys.map(() => undefined)),
  })),
  wrong('readFrom fails open', 'readFrom rejects while', (_connection, right) => ({
    readFrom: (key, index) => right.readFrom(key, index).catch(() => []),
  })),
  wrong('setIfAbsent fails open', 'setIfAbsent rejects while', (_connection, right) => ({
    setIfAbsent: async (key, value, ttlMs) => {
      wholeMs(ttlMs)
      return right.setIfAbsent(key, value, ttlMs).catch(() => undefined)
    },
  })),
  wrong('a count of 0 while away', 'increment rejects while', (_connection, right) => ({
    increment: async (key, ttlMs) => {
      wholeMs(ttlMs)
      return right.increment(key, ttlMs).catch(() => 0)
    },
  })),
  wrong('set is not awaited', 'set rejects while', (_connection, right) => ({
    set: async (key, value, ttlMs) => {
      wholeMs(ttlMs)
      right.set(key, value, ttlMs).catch(() => {})
    },
  })),
  wrong('delete is not awaited', 'delete rejects while', (_connection, right) => ({
    delete: async (key) => {
      right.delete(key).catch(() => {})
    },
  })),
  wrong('append is not awaited', 'append rejects while', (_connection, right) => ({
    append: async (key, entry, ttlMs) => {
      wholeMs(ttlMs)
      right.append(key, entry, ttlMs).catch(() => {})
    },
  })),
  wrong('EVALSHA without EVAL', 'increment works after a restart', (connection, right, at) => {
    let isLoaded = false
    return {
      increment: async (key, ttlMs) => {
        const ms = wholeMs(ttlMs)
        if (!isLoaded) await connection.run('increment', () => {})
        isLoaded = true
        return connection.runLoaded('increment', (server) => {
          const count = server.count(at(key))
          if (count === 1) server.expire(at(key), ms)
          return count
        })
      },
    }
  }),
  ...['append', 'increment', 'set'].map((what) =>
    wrong(`${what} is run later`, 'while the server was away was done', (connection, right) => {
      const { server } = connection
      /** Sends once the server is back, as clients with a queue do. */
      const queued = async <T>(ttlMs: number, send: () => Promise<T>): Promise<T> => {
        wholeMs(ttlMs)
        if (server.isUp) return send()
        server.onStart.push(send)
        throw new Error('The command is queued.')
      }
      return Object.fromEntries(
        Object.entries({
          append: (key, entry, ttlMs) => queued(ttlMs, () => right.append(key, entry, ttlMs)),
          increment: (key, ttlMs) => queued(ttlMs, () => right.increment(key, ttlMs)),
          set: (key, value, ttlMs) => queued(ttlMs, () => right.set(key, value, ttlMs)),
        } satisfies Partial<StateStore>).filter(([name]) => name === what),
      )
    }),
  ),
  wrong('get waits for the server', 'get rejects while', (connection, right) => ({
    get: (key) => {
      const { server } = connection
      if (server.isUp) return right.get(key)
      return new Promise((resolve) =>
        server.onStart.push(async () => resolve(await right.get(key))),
      )
    },
  })),
]
