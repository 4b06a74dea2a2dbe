import { deepStrictEqual } from 'node:assert/strict'
import { check, type Conformance, unique } from './check.ts'

/** Values, conditional writes and counts, as one handle sees them. */
export const valueChecks: readonly Conformance[] = [
  check('a key that was never set has no value', async ({ store }) => {
    deepStrictEqual(await store.get(unique()), undefined)
  }),
  check('a value is read as it was written, whatever it contains', async ({ store }) => {
    const texts = ['', ' x ', '0', 'ünïcödé 💩', 'a\u0000b\r\nc', '{"json":true}', 'null']
    for (const value of [...texts, 'x'.repeat(100_000)]) {
      const key = unique()
      await store.set(key, value, 10_000)
      const read = await store.get(key)
      deepStrictEqual([read?.length, read?.slice(0, 99)], [value.length, value.slice(0, 99)])
      deepStrictEqual(read === value, true)
    }
  }),
  check('names of inherited properties are keys like any other', async ({ store }) => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const key = `${unique()}:${name}`
      deepStrictEqual(await store.get(key), undefined)
      await store.set(key, 'x', 10_000)
      deepStrictEqual(await store.get(key), 'x')
    }
  }),
  check('keys differ by case', async ({ store }, key) => {
    await store.set(`${key}:aB`, 'x', 10_000)
    deepStrictEqual(await store.get(`${key}:Ab`), undefined)
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
    await store.delete(`${key}:a:b`)
    deepStrictEqual(await store.get(`${key}:a`), '1')
    deepStrictEqual(await store.get(key), undefined)
  }),
  check('getMany reads one value per key, in the order of the keys', async ({ store }) => {
    const [one, none, two] = [unique(), unique(), unique()]
    await store.set(one, '1', 10_000)
    await store.set(two, '2', 10_000)
    const read = await store.getMany([two, none, one, two])
    deepStrictEqual([...read], ['2', undefined, '1', '2'])
    deepStrictEqual([...(await store.getMany([]))], [])
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
    deepStrictEqual(await store.replaceIf(key, 'x', 'b', 10_000), false)
    deepStrictEqual(await store.get(key), 'a')
    deepStrictEqual(await store.replaceIf(key, 'a', 'b', 10_000), true)
    deepStrictEqual(await store.get(key), 'b')
  }),
  check('deleteIf deletes only the value that was expected', async ({ store }, key) => {
    deepStrictEqual(await store.deleteIf(key, 'a'), false)
    await store.set(key, 'a', 10_000)
    deepStrictEqual(await store.deleteIf(key, 'x'), false)
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
    deepStrictEqual([...(await store.readFrom(key, 0))], [])
    for (const entry of ['a', 'b', 'a', '']) await store.append(key, entry, 10_000)
    deepStrictEqual([...(await store.readFrom(key, 0))], ['a', 'b', 'a', ''])
    deepStrictEqual([...(await store.readFrom(key, 2))], ['a', ''])
    deepStrictEqual([...(await store.readFrom(key, 4))], [])
    deepStrictEqual([...(await store.readFrom(key, 9))], [])
  }),
]
