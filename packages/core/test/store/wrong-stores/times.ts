import type { StateStore } from '../../../src/store/state-store.ts'
import { wholeMs } from '../model-server.ts'
import { wrong, type WrongStore } from './wrong.ts'

/** Each time to live of a store, changed. */
function withTtl(right: StateStore, change: (ttlMs: number) => number): Partial<StateStore> {
  const ms = (ttlMs: number): number => Math.max(1, change(wholeMs(ttlMs)))
  return {
    set: async (key, value, ttlMs) => right.set(key, value, ms(ttlMs)),
    setIfAbsent: async (key, value, ttlMs) => right.setIfAbsent(key, value, ms(ttlMs)),
    replaceIf: async (key, expected, value, ttlMs) =>
      right.replaceIf(key, expected, value, ms(ttlMs)),
    increment: async (key, ttlMs) => right.increment(key, ms(ttlMs)),
    append: async (key, entry, ttlMs) => right.append(key, entry, ms(ttlMs)),
  }
}

/** Faults of times to live. */
export const times: readonly WrongStore[] = [
  wrong(
    'get renews the time to live',
    'get does not change the time',
    (connection, _right, at) => ({
      get: (key) =>
        connection.send((server) => {
          server.expire(at(key), 10_000)
          return server.text(at(key))
        }),
    }),
  ),
  wrong('getMany renews it', 'getMany does not change the time', (connection, right, at) => ({
    getMany: async (keys) => {
      for (const key of keys) await connection.send((server) => server.expire(at(key), 10_000))
      return right.getMany(keys)
    },
  })),
  wrong('readFrom renews it', 'readFrom does not change the time', (connection, right, at) => ({
    readFrom: async (key, index) => {
      await connection.send((server) => server.expire(at(key), 10_000))
      return right.readFrom(key, index)
    },
  })),
  wrong(
    'setIfAbsent renews that of a value it found',
    'setIfAbsent does not change the time',
    (connection, right, at) => ({
      setIfAbsent: async (key, value, ttlMs) => {
        const found = await right.setIfAbsent(key, value, ttlMs)
        await connection.send((server) => server.expire(at(key), ttlMs))
        return found
      },
    }),
  ),
  wrong('each increment renews it', 'a count ends with the time', (connection, right, at) => ({
    increment: async (key, ttlMs) => {
      const count = await right.increment(key, ttlMs)
      await connection.send((server) => server.expire(at(key), ttlMs))
      return count
    },
  })),
  wrong('replaceIf keeps the old one', 'replaceIf replaces the time', (connection, _right, at) => ({
    replaceIf: async (key, expected, value, ttlMs) => {
      wholeMs(ttlMs)
      return connection.run('replace', (server) => {
        if (server.text(at(key)) !== expected) return false
        server.write(at(key), value, server.read(at(key))?.endsAt)
        return true
      })
    },
  })),
  wrong('append shortens it', 'a log lives on with each entry', (connection, _right, at) => ({
    append: async (key, entry, ttlMs) => {
      const ms = wholeMs(ttlMs)
      await connection.run('append', (server) => {
        server.push(at(key), entry)
        server.expire(at(key), ms)
      })
    },
  })),
  wrong('times to live overflow 32 bits', 'of two days and of sixty', (_connection, right) =>
    withTtl(right, (ms) => ms | 0),
  ),
  wrong('times to live are capped at a day', 'of two days and of sixty', (_connection, right) =>
    withTtl(right, (ms) => Math.min(ms, 86_400_000)),
  ),
  wrong('times to live are whole seconds', 'is gone when its time', (_connection, right) =>
    withTtl(right, (ms) => Math.ceil(ms / 1000) * 1000),
  ),
  wrong('any time to live is taken', 'not a whole number', (_connection, right) => ({
    set: async (key, value, ttlMs) => right.set(key, value, Math.max(1, Math.floor(ttlMs || 1))),
  })),
  // As in a database that removes what has ended later, and leaves it to each query to pass over it.
  wrong('replaceIf finds what has ended', 'what has ended is not', (_connection, right) => {
    const last = new Map<string, string>()
    return {
      set: async (key, value, ttlMs) => {
        await right.set(key, value, ttlMs)
        last.set(key, value)
      },
      replaceIf: async (key, expected, value, ttlMs) => {
        if (last.get(key) !== expected) return right.replaceIf(key, expected, value, ttlMs)
        await right.set(key, value, ttlMs)
        return true
      },
    }
  }),
  wrong('append finds what has ended', 'what has ended is not', (connection, right, at) => {
    const last = new Map<string, string[]>()
    return {
      append: async (key, entry, ttlMs) => {
        await right.append(key, entry, ttlMs)
        const log = [...(last.get(key) ?? []), entry]
        last.set(key, log)
        await connection.send((server) => server.write(at(key), log, server.read(at(key))?.endsAt))
      },
    }
  }),
  wrong('getMany finds what has ended', 'what has ended is not', (_connection, right) => {
    const last = new Map<string, string>()
    return {
      set: async (key, value, ttlMs) => {
        await right.set(key, value, ttlMs)
        last.set(key, value)
      },
      getMany: async (keys) =>
        (await right.getMany(keys)).map((value, index) => value ?? last.get(keys[index] ?? '')),
    }
  }),
  // INSERT … ON CONFLICT DO NOTHING, then a SELECT that passes over what has ended.
  wrong(
    'setIfAbsent stores nothing over what has ended',
    'what has ended is not',
    (_connection, right) => {
      const rows = new Set<string>()
      return {
        setIfAbsent: async (key, value, ttlMs) => {
          wholeMs(ttlMs)
          if (rows.has(key)) return right.get(key)
          rows.add(key)
          return right.setIfAbsent(key, value, ttlMs)
        },
        delete: async (key) => {
          rows.delete(key)
          await right.delete(key)
        },
        deleteIf: async (key, expected) => {
          const isDeleted = await right.deleteIf(key, expected)
          if (isDeleted) rows.delete(key)
          return isDeleted
        },
      }
    },
  ),
]
