import type { StateStore } from '../../../src/store/state-store.ts'
import { modelStore, wholeMs } from '../model-server.ts'
import { type At, wrong, type WrongStore } from './wrong.ts'

/** Each key of a store, changed. */
function withKey(right: StateStore, change: At): StateStore {
  return {
    get: (key) => right.get(change(key)),
    getMany: (keys) => right.getMany(keys.map(change)),
    set: (key, value, ttlMs) => right.set(change(key), value, ttlMs),
    setIfAbsent: (key, value, ttlMs) => right.setIfAbsent(change(key), value, ttlMs),
    replaceIf: (key, expected, value, ttlMs) =>
      right.replaceIf(change(key), expected, value, ttlMs),
    deleteIf: (key, expected) => right.deleteIf(change(key), expected),
    delete: (key) => right.delete(change(key)),
    increment: (key, ttlMs) => right.increment(change(key), ttlMs),
    append: (key, entry, ttlMs) => right.append(change(key), entry, ttlMs),
    readFrom: (key, index) => right.readFrom(change(key), index),
  }
}

/** Faults of keys and values. */
export const names: readonly WrongStore[] = [
  wrong('keys are lowercased', 'keys differ by case', (_connection, right) =>
    withKey(right, (key) => key.toLowerCase()),
  ),
  wrong('signs in keys are replaced', 'and by each sign', (_connection, right) =>
    withKey(right, (key) => key.replaceAll('-', '_')),
  ),
  wrong('keys are cut at 64 characters', 'one of 200 characters', (_connection, right) =>
    withKey(right, (key) => key.slice(0, 64)),
  ),
  {
    fault: 'no prefix',
    message: 'another app on the same server',
    make: (connection) => modelStore(connection, ''),
  },
  wrong('values are cut at 16 KiB', 'what set stored is read as it was', (_connection, right) => ({
    set: async (key, value, ttlMs) => right.set(key, value.slice(0, 16_384), ttlMs),
  })),
  wrong('values are trimmed', 'what set stored is read as it was', (_connection, right) => ({
    set: async (key, value, ttlMs) => right.set(key, value.trim(), ttlMs),
  })),
  wrong('replaceIf cuts at 255', 'what replaceIf stored is read as', (_connection, right) => ({
    replaceIf: async (key, expected, value, ttlMs) =>
      right.replaceIf(key, expected, value.slice(0, 255), ttlMs),
  })),
  wrong('setIfAbsent cuts at 255', 'what setIfAbsent stored is read', (_connection, right) => ({
    setIfAbsent: async (key, value, ttlMs) => right.setIfAbsent(key, value.slice(0, 255), ttlMs),
  })),
  wrong('append cuts at 255', 'what append stored is read as', (_connection, right) => ({
    append: async (key, entry, ttlMs) => right.append(key, entry.slice(0, 255), ttlMs),
  })),
  wrong('null for no value', 'a key that was never set', (_connection, right) => ({
    get: async (key) => (await right.get(key)) ?? (null as never),
  })),
  wrong('getMany leaves out what is absent', 'getMany reads one value', (_connection, right) => ({
    getMany: async (keys) => (await right.getMany(keys)).filter((value) => value !== undefined),
  })),
  wrong('setIfAbsent tells only whether', 'and tells the value', (_connection, right) => ({
    setIfAbsent: async (key, value, ttlMs) =>
      ((await right.setIfAbsent(key, value, ttlMs)) === undefined) as never,
  })),
  wrong('a log is a set', 'a log keeps every entry', (_connection, right) => ({
    readFrom: async (key, index) => [...new Set(await right.readFrom(key, 0))].slice(index),
  })),
  wrong('replaceIf does not compare', 'replaceIf replaces only', (_connection, right) => ({
    replaceIf: async (key, _expected, value, ttlMs) => {
      await right.set(key, value, ttlMs)
      return true
    },
  })),
  wrong('deleteIf does not compare', 'deleteIf deletes only', (_connection, right) => ({
    deleteIf: async (key) => {
      await right.delete(key)
      return true
    },
  })),
  wrong('replaceIf ignores case', 'replaceIf replaces only', (connection, _right, at) => ({
    replaceIf: async (key, expected, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      return connection.run('replace', (server) => {
        if (server.text(at(key))?.toLowerCase() !== expected.toLowerCase()) return false
        server.write(at(key), value, server.now + ms)
        return true
      })
    },
  })),
  wrong('deleteIf ignores trailing spaces', 'deleteIf deletes only', (connection, _right, at) => ({
    deleteIf: async (key, expected) =>
      connection.run('delete', (server) => {
        if (server.text(at(key))?.trimEnd() !== expected.trimEnd()) return false
        server.remove(at(key))
        return true
      }),
  })),
  wrong('a log has no equal neighbours', 'a log keeps every entry', (_connection, right) => ({
    append: async (key, entry, ttlMs) => {
      if ((await right.readFrom(key, 0)).at(-1) !== entry) await right.append(key, entry, ttlMs)
    },
  })),
  wrong('readFrom reads a page of 1,000', 'entries is read whole', (_connection, right) => ({
    readFrom: async (key, index) => (await right.readFrom(key, index)).slice(0, 1000),
  })),
  wrong('a log keeps the last 1,000', 'entries is read whole', (connection, right, at) => ({
    append: async (key, entry, ttlMs) => {
      await right.append(key, entry, ttlMs)
      await connection.send((server) =>
        server.write(at(key), server.log(at(key)).slice(-1000), server.read(at(key))?.endsAt),
      )
    },
  })),
  wrong('getMany reads 100 keys', 'getMany reads 1200', (_connection, right) => ({
    getMany: async (keys) => {
      const read = await right.getMany(keys.slice(0, 100))
      return keys.map((_key, index) => read[index])
    },
  })),
  wrong(
    'delete deletes what begins with the key',
    'keys are independent',
    (_connection, right) => ({
      delete: async (key) => {
        for (const each of [key, `${key}:b`]) await right.delete(each)
      },
    }),
  ),
]
