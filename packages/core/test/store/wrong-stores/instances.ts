import type { StateStore } from '../../../src/store/state-store.ts'
import { ModelConnection, ModelServer, modelStore, wholeMs } from '../model-server.ts'
import { wrong, type WrongStore } from './wrong.ts'

/** Lets one task at a time run, in this process. */
function mutex(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    const before = last
    const { promise, release } = gate()
    last = promise
    await before
    try {
      return await task()
    } finally {
      release()
    }
  }
}

function gate(): { promise: Promise<void>; release: () => void } {
  let release = (): void => {}
  const promise = new Promise<void>((resolve) => {
    release = resolve
  })
  return { promise, release: () => release() }
}

/** Faults that show with two instances. */
export const instances: readonly WrongStore[] = [
  {
    fault: 'a store of one process alone',
    message: 'what one instance wrote',
    make: (_connection, app) => modelStore(new ModelConnection(new ModelServer()), `${app}:`),
  },
  wrong('a mutex around increment', 'concurrent increments', (_connection, right) => {
    const alone = mutex()
    return {
      increment: (key, ttlMs) =>
        alone(async () => {
          const count = Number((await right.get(key)) ?? 0) + 1
          await right.set(key, String(count), ttlMs)
          return count
        }),
    }
  }),
  wrong('a mutex around setIfAbsent', 'calls of setIfAbsent', (_connection, right) => {
    const alone = mutex()
    return {
      setIfAbsent: (key, value, ttlMs) =>
        alone(async () => {
          const found = await right.get(key)
          if (found === undefined) await right.set(key, value, ttlMs)
          return found
        }),
    }
  }),
  wrong('a mutex around replaceIf', 'calls of replaceIf', (_connection, right) => {
    const alone = mutex()
    return {
      replaceIf: (key, expected, value, ttlMs) =>
        alone(async () => {
          if ((await right.get(key)) !== expected) return false
          await right.set(key, value, ttlMs)
          return true
        }),
    }
  }),
  wrong('a mutex around deleteIf', 'calls of deleteIf', (_connection, right) => {
    const alone = mutex()
    return {
      deleteIf: (key, expected) =>
        alone(async () => {
          if ((await right.get(key)) !== expected) return false
          await right.delete(key)
          return true
        }),
    }
  }),
  wrong('a mutex around append', 'calls of append', (connection, right, at) => {
    const alone = mutex()
    return {
      append: (key, entry, ttlMs) =>
        alone(async () => {
          const log = [...(await right.readFrom(key, 0)), entry]
          const ms = wholeMs(ttlMs)
          await connection.send((server) => server.write(at(key), log, server.now + ms))
        }),
    }
  }),
  wrong('past fifty calls at once, some are dropped', 'calls of append', (_connection, right) => {
    let running = 0
    return {
      append: async (key, entry, ttlMs) => {
        wholeMs(ttlMs)
        if (running >= 50) return
        running += 1
        await right.append(key, entry, ttlMs).finally(() => (running -= 1))
      },
    }
  }),
  wrong('what get found is cached', 'what one instance wrote', (_connection, right) => {
    const cache = new Map<string, string>()
    return {
      get: async (key) => {
        const value = cache.get(key) ?? (await right.get(key))
        if (value !== undefined) cache.set(key, value)
        return value
      },
      ...forgetting(right, (key) => cache.delete(key)),
    }
  }),
]

/** The writes of a store, which forget first what they change. */
function forgetting(right: StateStore, forget: (key: string) => void): Partial<StateStore> {
  return {
    set: async (key, value, ttlMs) => {
      forget(key)
      await right.set(key, value, ttlMs)
    },
    replaceIf: async (key, expected, value, ttlMs) => {
      forget(key)
      return right.replaceIf(key, expected, value, ttlMs)
    },
    delete: async (key) => {
      forget(key)
      await right.delete(key)
    },
  }
}
