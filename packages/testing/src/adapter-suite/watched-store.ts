import type { StateStore } from '@linkpass/core'

/** The same store; `before` runs before each operation, and can delay it, fail it or count it. */
export function watchedStore(
  store: StateStore,
  before: (operation: string, key: string) => unknown,
): StateStore {
  return new Proxy(store, {
    get: (target, name, receiver) => {
      const operation: unknown = Reflect.get(target, name, receiver)
      if (typeof operation !== 'function') return operation
      return async (...args: readonly unknown[]) => {
        await before(String(name), String(args[0]))
        return operation.apply(target, args)
      }
    },
  })
}
