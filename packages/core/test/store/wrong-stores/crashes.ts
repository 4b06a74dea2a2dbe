import { wholeMs } from '../model-server.ts'
import { wrong, type WrongStore } from './wrong.ts'

/** Faults that show when an instance dies between two commands. */
export const crashes: readonly WrongStore[] = [
  wrong('SET, then PEXPIRE', 'a crash amid set leaves', (connection, _right, at) => ({
    set: async (key, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      await connection.send((server) => server.write(at(key), value))
      await connection.send((server) => server.expire(at(key), ms))
    },
  })),
  wrong('SETNX, then PEXPIRE', 'a crash amid setIfAbsent leaves', (connection, right, at) => ({
    setIfAbsent: async (key, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      const isSet = await connection.send((server) => {
        if (server.text(at(key)) !== undefined) return false
        server.write(at(key), value)
        return true
      })
      if (!isSet) return right.get(key)
      await connection.send((server) => server.expire(at(key), ms))
      return undefined
    },
  })),
  wrong('INCR, then PEXPIRE', 'a crash amid increment leaves', (connection, _right, at) => ({
    increment: async (key, ttlMs) => {
      const ms = wholeMs(ttlMs)
      const count = await connection.send((server) => server.count(at(key)))
      if (count === 1) await connection.send((server) => server.expire(at(key), ms))
      return count
    },
  })),
  wrong('RPUSH, then PEXPIRE', 'a crash amid append leaves', (connection, _right, at) => ({
    append: async (key, entry, ttlMs) => {
      const ms = wholeMs(ttlMs)
      await connection.send((server) => server.push(at(key), entry))
      await connection.send((server) => {
        const endsAt = server.read(at(key))?.endsAt ?? 0
        server.expire(at(key), Number.isFinite(endsAt) ? Math.max(ms, endsAt - server.now) : ms)
      })
    },
  })),
  wrong(
    'replaceIf: SET, then PEXPIRE',
    'a crash amid replaceIf leaves',
    (connection, _right, at) => ({
      replaceIf: async (key, expected, value, ttlMs) => {
        const ms = wholeMs(ttlMs)
        const isReplaced = await connection.run('replace', (server) => {
          if (server.text(at(key)) !== expected) return false
          server.write(at(key), value)
          return true
        })
        if (isReplaced) await connection.send((server) => server.expire(at(key), ms))
        return isReplaced
      },
    }),
  ),
  wrong('SET NX, then INCR', 'a count that ends amid an increment', (connection, right, at) => ({
    increment: async (key, ttlMs) => {
      await right.setIfAbsent(key, '0', ttlMs)
      return connection.send((server) => server.count(at(key)))
    },
  })),
  wrong('SET NX, then GET', 'a value that ends amid setIfAbsent', (connection, right, at) => ({
    setIfAbsent: async (key, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      const isSet = await connection.send((server) => {
        if (server.text(at(key)) !== undefined) return false
        server.write(at(key), value, server.now + ms)
        return true
      })
      return isSet ? undefined : right.get(key)
    },
  })),
]
