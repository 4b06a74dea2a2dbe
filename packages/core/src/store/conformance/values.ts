import { deepStrictEqual, ok } from 'node:assert/strict'
import type { StateStore } from '../state-store.ts'
import { check, type Conformance, unique } from './check.ts'

type Keep = (store: StateStore, key: string, value: string) => Promise<string | undefined>

/** Every operation that stores a text, and how it is read. */
const keeps: Readonly<Record<string, Keep>> = {
  set: async (store, key, value) => {
    await store.set(key, value, 10_000)
    return store.get(key)
  },
  setIfAbsent: async (store, key, value) => {
    await store.setIfAbsent(key, value, 10_000)
    return store.setIfAbsent(key, 'x', 10_000)
  },
  replaceIf: async (store, key, value) => {
    await store.set(key, value.slice(1), 10_000)
    ok(
      await store.replaceIf(key, value.slice(1), value, 10_000),
      'it did not replace its own value',
    )
    return (await store.getMany([key]))[0]
  },
  append: async (store, key, value) => {
    await store.append(key, value, 10_000)
    return (await store.readFrom(key, 0))[0]
  },
}

/** What is not the value `a`, though a database may compare otherwise. */
const others = ['x', 'A', 'a ', 'á', '', 'aa']

/** More than what stores return in one response. */
const many = 1200

/** Values, conditional writes and counts, as one handle sees them. */
export const valueChecks: readonly Conformance[] = [
  check('a key that was never set has no value', async ({ store }) => {
    deepStrictEqual(await store.get(unique()), undefined)
  }),
  ...Object.entries(keeps).map(([what, keep]) =>
    check(
      `what ${what} stored is read as it was written, whatever it contains`,
      async (harness) => {
        const texts = [
          '',
          ' x ',
          '0',
          'ünïcödé 💩',
          'a\u0000b\r\nc\n',
          'x\u0000',
          '{"json":true}',
          'null',
        ]
        for (const value of [...texts, 'x'.repeat(100_000)]) {
          const read = await keep(harness.store, unique(), value)
          deepStrictEqual([typeof read, read?.length], ['string', value.length])
          deepStrictEqual(read?.slice(0, 99), value.slice(0, 99))
          ok(read === value, 'a later part of it differs')
        }
      },
    ),
  ),
  check('names of inherited properties are keys like any other', async ({ store }) => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const key = `${unique()}:${name}`
      deepStrictEqual(await store.get(key), undefined)
      await store.set(key, 'x', 10_000)
      deepStrictEqual(await store.get(key), 'x')
    }
  }),
  check('keys differ by case, and by each sign', async ({ store }, key) => {
    for (const [one, two] of ['aA', '-_', '.:']) {
      await store.set(`${key}:a${one}b`, 'x', 10_000)
      deepStrictEqual(await store.get(`${key}:a${two}b`), undefined)
    }
  }),
  check('keys differ in every one of 200 characters', async ({ store }) => {
    const key = unique().padEnd(199, 'x')
    await store.set(`${key}1`, 'one', 10_000)
    await store.set(`${key}2`, 'two', 10_000)
    deepStrictEqual(await store.get(`${key}1`), 'one')
  }),
  check('keys are independent of each other', async ({ store }, key) => {
    await store.set(`${key}:a`, '1', 10_000)
    await store.set(`${key}:a:b`, '2', 10_000)
    deepStrictEqual(await store.get(key), undefined)
    for (const gone of [key, `${key}:a:b:c`, `${key}:a`]) await store.delete(gone)
    deepStrictEqual(await store.getMany([`${key}:a`, `${key}:a:b`]), [undefined, '2'])
  }),
  check('getMany reads one value per key, in the order of the keys', async ({ store }) => {
    const [one, none, two] = [unique(), unique(), unique()]
    await store.set(one, '1', 10_000)
    await store.set(two, '2', 10_000)
    deepStrictEqual(await store.getMany([two, none, one, two]), ['2', undefined, '1', '2'])
    deepStrictEqual(await store.getMany([]), [])
  }),
  check(`getMany reads ${many} keys`, async ({ store }, key) => {
    const keys = Array.from({ length: many }, (_, index) => `${key}:${index}`)
    await store.set(`${key}:${many - 1}`, 'x', 10_000)
    const read = await store.getMany(keys)
    deepStrictEqual([read.length, read.at(-1)], [many, 'x'])
  }),
  check(
    'setIfAbsent stores only if there is no value, and tells the value',
    async ({ store }, key) => {
      deepStrictEqual(await store.setIfAbsent(key, 'first', 10_000), undefined)
      deepStrictEqual(await store.setIfAbsent(key, 'second', 10_000), 'first')
      deepStrictEqual(await store.get(key), 'first')
    },
  ),
  check('replaceIf replaces only the value that was expected', async ({ store }, key) => {
    deepStrictEqual(await store.replaceIf(key, 'a', 'b', 10_000), false)
    deepStrictEqual(await store.get(key), undefined)
    await store.set(key, 'a', 10_000)
    for (const other of others) {
      deepStrictEqual(await store.replaceIf(key, other, 'b', 10_000), false)
    }
    deepStrictEqual(await store.get(key), 'a')
    deepStrictEqual(await store.replaceIf(key, 'a', 'b', 10_000), true)
    deepStrictEqual(await store.get(key), 'b')
  }),
  check('deleteIf deletes only the value that was expected', async ({ store }, key) => {
    deepStrictEqual(await store.deleteIf(key, 'a'), false)
    await store.set(key, 'a', 10_000)
    for (const other of others) deepStrictEqual(await store.deleteIf(key, other), false)
    deepStrictEqual(await store.get(key), 'a')
    deepStrictEqual(await store.deleteIf(key, 'a'), true)
    deepStrictEqual(await store.get(key), undefined)
  }),
  check('delete removes a key, and accepts one that does not exist', async ({ store }, key) => {
    await store.delete(key)
    await store.set(key, 'x', 10_000)
    await store.delete(key)
    deepStrictEqual(await store.get(key), undefined)
    deepStrictEqual(await store.setIfAbsent(key, 'y', 10_000), undefined)
  }),
  check('increment counts from one, and a count can be read', async ({ store }, key) => {
    deepStrictEqual(await store.increment(key, 10_000), 1)
    deepStrictEqual(await store.increment(key, 10_000), 2)
    deepStrictEqual(await store.get(key), '2')
  }),
  check('a log keeps every entry, in order, and is read from any index', async ({ store }, key) => {
    deepStrictEqual(await store.readFrom(key, 0), [])
    const entries = ['a', 'a', 'b', 'a', '']
    for (const entry of entries) await store.append(key, entry, 10_000)
    for (const index of [0, 3, 5, 9]) {
      deepStrictEqual(await store.readFrom(key, index), entries.slice(index))
    }
  }),
  check(`a log of ${many} entries is read whole`, async ({ store }, key) => {
    const entries = Array.from({ length: many }, (_, index) => String(index))
    await Promise.all(entries.map((entry) => store.append(key, entry, 10_000)))
    const read = await store.readFrom(key, 0)
    deepStrictEqual([read.length, new Set(read)], [many, new Set(entries)])
    deepStrictEqual((await store.readFrom(key, 10)).length, many - 10)
  }),
]
