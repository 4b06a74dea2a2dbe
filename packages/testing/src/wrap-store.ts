import type { StateStore } from '@linkpass/core'

/** The name of an operation on a key. */
export type StoreOperation = Exclude<keyof StateStore, 'publish' | 'subscribe' | 'close'>

/** Runs instead of an operation, which it may call, delay, record or fail. */
export type AroundOperation = <T>(
  operation: () => Promise<T>,
  name: StoreOperation,
  key: string,
) => Promise<T>

/** The same store with `around` at each operation on a key; hints pass unchanged. */
export function wrapStore(inner: StateStore, around: AroundOperation): StateStore {
  return {
    ...inner,
    get: (key, call) => around(() => inner.get(key, call), 'get', key),
    getMany: (keys, call) => around(() => inner.getMany(keys, call), 'getMany', keys.join(' ')),
    set: (key, ...rest) => around(() => inner.set(key, ...rest), 'set', key),
    setIfAbsent: (key, ...rest) =>
      around(() => inner.setIfAbsent(key, ...rest), 'setIfAbsent', key),
    replaceIf: (key, ...rest) => around(() => inner.replaceIf(key, ...rest), 'replaceIf', key),
    deleteIf: (key, ...rest) => around(() => inner.deleteIf(key, ...rest), 'deleteIf', key),
    delete: (key, call) => around(() => inner.delete(key, call), 'delete', key),
    increment: (key, ...rest) => around(() => inner.increment(key, ...rest), 'increment', key),
    append: (key, ...rest) => around(() => inner.append(key, ...rest), 'append', key),
    readFrom: (key, ...rest) => around(() => inner.readFrom(key, ...rest), 'readFrom', key),
  }
}
