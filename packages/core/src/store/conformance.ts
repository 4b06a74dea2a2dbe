import { deepStrictEqual, rejects } from 'node:assert/strict'
import type { StateStore } from './state-store.ts'

/** How the suite uses an implementation. */
export interface StateStoreHarness {
  /** The store to check. It may contain other keys; the suite's own are unique. */
  readonly store: StateStore
  /**
   * Lets `ms` milliseconds of the store's time pass: by moving its clock or, where that is not
   * possible, by waiting. Called with at most 400.
   */
  readonly advance: (ms: number) => void | Promise<void>
}

/** One requirement; `run` rejects with an `AssertionError` when the store does not meet it. */
export interface Conformance {
  readonly name: string
  readonly run: (harness: StateStoreHarness) => Promise<void>
}

const checks: readonly Conformance[] = [
  {
    name: 'a key that was never set has no value',
    run: async ({ store }) => {
      deepStrictEqual(await store.get(unique()), undefined)
    },
  },
  {
    name: 'a value is read as it was written, whatever it contains',
    run: async ({ store }) => {
      const values = [
        '',
        'x',
        '0',
        'ünïcödé 💩',
        'a\u0000b\r\nc',
        '{"json":true}',
        'x'.repeat(9000),
      ]
      for (const value of values) {
        const key = unique()
        await store.set(key, value, 10_000)
        deepStrictEqual(await store.get(key), value)
      }
    },
  },
  {
    name: 'names of inherited properties are keys like any other',
    run: async ({ store }) => {
      for (const name of ['__proto__', 'constructor', 'toString']) {
        const key = `${unique()}:${name}`
        deepStrictEqual(await store.get(key), undefined)
        await store.set(key, 'x', 10_000)
        deepStrictEqual(await store.get(key), 'x')
      }
    },
  },
  {
    name: 'set replaces the value and the time to live',
    run: async ({ store, advance }) => {
      const key = unique()
      await store.set(key, 'old', 150)
      await store.set(key, 'new', 10_000)
      await advance(300)
      deepStrictEqual(await store.get(key), 'new')
    },
  },
  {
    name: 'a value is gone when its time to live is over, and not before',
    run: async ({ store, advance }) => {
      const key = unique()
      await store.set(key, 'x', 300)
      deepStrictEqual(await store.get(key), 'x')
      await advance(400)
      deepStrictEqual(await store.get(key), undefined)
    },
  },
  {
    name: 'setIfAbsent stores only if there is no value',
    run: async ({ store }) => {
      const key = unique()
      deepStrictEqual(await store.setIfAbsent(key, 'first', 10_000), undefined)
      deepStrictEqual(await store.setIfAbsent(key, 'second', 10_000), 'first')
      deepStrictEqual(await store.get(key), 'first')
    },
  },
  {
    name: 'setIfAbsent does not change the time to live of a value it found',
    run: async ({ store, advance }) => {
      const key = unique()
      await store.setIfAbsent(key, 'first', 300)
      await store.setIfAbsent(key, 'second', 10_000)
      await advance(400)
      deepStrictEqual(await store.get(key), undefined)
      deepStrictEqual(await store.setIfAbsent(key, 'third', 10_000), undefined)
    },
  },
  {
    name: 'of many concurrent calls of setIfAbsent, one succeeds',
    run: async ({ store }) => {
      const key = unique()
      const won = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.setIfAbsent(key, `${index}`, 10_000)),
      )
      const winner = String(won.indexOf(undefined))
      deepStrictEqual(won.filter((found) => found !== winner).length, 1)
      deepStrictEqual(await store.get(key), winner)
    },
  },
  {
    name: 'delete removes a key, and accepts one that does not exist',
    run: async ({ store }) => {
      const key = unique()
      await store.delete(key)
      await store.set(key, 'x', 10_000)
      await store.delete(key)
      deepStrictEqual(await store.get(key), undefined)
      deepStrictEqual(await store.setIfAbsent(key, 'y', 10_000), undefined)
    },
  },
  {
    name: 'increment counts from one, and a count can be read',
    run: async ({ store }) => {
      const key = unique()
      deepStrictEqual(await store.increment(key, 10_000), 1)
      deepStrictEqual(await store.increment(key, 10_000), 2)
      deepStrictEqual(await store.get(key), '2')
    },
  },
  {
    name: 'of many concurrent increments, none is lost',
    run: async ({ store }) => {
      const key = unique()
      const counts = await Promise.all(
        Array.from({ length: 20 }, () => store.increment(key, 10_000)),
      )
      counts.sort((a, b) => a - b)
      deepStrictEqual(
        counts,
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    },
  },
  {
    name: 'a count ends with the time to live of its first increment, however often it grew',
    run: async ({ store, advance }) => {
      const key = unique()
      await store.increment(key, 300)
      await advance(200)
      await store.increment(key, 10_000)
      await advance(200)
      deepStrictEqual(await store.get(key), undefined)
      deepStrictEqual(await store.increment(key, 10_000), 1)
    },
  },
  {
    name: 'keys are independent of each other',
    run: async ({ store }) => {
      const key = unique()
      await store.set(`${key}:a`, '1', 10_000)
      await store.set(`${key}:a:b`, '2', 10_000)
      await store.delete(`${key}:a:b`)
      deepStrictEqual(await store.get(`${key}:a`), '1')
      deepStrictEqual(await store.get(key), undefined)
    },
  },
  {
    name: 'a time to live that is not a whole number of at least one is rejected',
    run: async ({ store }) => {
      for (const ttlMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await rejects(async () => store.set(unique(), 'x', ttlMs))
        await rejects(async () => store.setIfAbsent(unique(), 'x', ttlMs))
        await rejects(async () => store.increment(unique(), ttlMs))
      }
    },
  },
]

/**
 * The requirements of every {@link StateStore}, as named checks for any test runner:
 *
 * ```ts
 * for (const { name, run } of stateStoreConformance) {
 *   test(name, () => run({ store, advance: (ms) => setTimeout(ms) }))
 * }
 * ```
 */
export const stateStoreConformance: readonly Conformance[] = Object.freeze(checks)

let counter = 0

/** A key that was never used, of a kind of its own. */
function unique(): string {
  counter += 1
  return `conformance:${process.pid}.${Date.now()}.${counter}`
}
