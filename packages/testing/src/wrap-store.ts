import type { StateStore, StoreCall } from '@linkpass/core'

/** The name of an operation on a key. */
export type StoreOperation = Exclude<keyof StateStore, 'publish' | 'subscribe' | 'close'>

/** Runs instead of an operation, which it may call, delay, record or fail. */
export type AroundOperation = <T>(
  operation: () => Promise<T>,
  name: StoreOperation,
  key: string,
  call: StoreCall | undefined,
) => Promise<T>

/** The same store with `around` at each operation on a key; hints pass unchanged. */
export function wrapStore(inner: StateStore, around: AroundOperation): StateStore {
  return {
    ...inner,
    get: (key, call) => around(() => inner.get(key, call), 'get', key, call),
    getMany: (keys, call) =>
      around(() => inner.getMany(keys, call), 'getMany', keys.join(' '), call),
    set: (key, value, ttlMs, call) =>
      around(() => inner.set(key, value, ttlMs, call), 'set', key, call),
    setIfAbsent: (key, value, ttlMs, call) =>
      around(() => inner.setIfAbsent(key, value, ttlMs, call), 'setIfAbsent', key, call),
    replaceIf: (key, expected, value, ttlMs, call) =>
      around(() => inner.replaceIf(key, expected, value, ttlMs, call), 'replaceIf', key, call),
    deleteIf: (key, expected, call) =>
      around(() => inner.deleteIf(key, expected, call), 'deleteIf', key, call),
    delete: (key, call) => around(() => inner.delete(key, call), 'delete', key, call),
    increment: (key, ttlMs, call) =>
      around(() => inner.increment(key, ttlMs, call), 'increment', key, call),
    append: (key, entry, ttlMs, call) =>
      around(() => inner.append(key, entry, ttlMs, call), 'append', key, call),
    readFrom: (key, index, call) =>
      around(() => inner.readFrom(key, index, call), 'readFrom', key, call),
  }
}
