import { deepStrictEqual, ok } from 'node:assert/strict'
import type { StateStore } from '../state-store.ts'
import { check, checkWith, type Conformance, unique } from './check.ts'

/** How many calls run at once. */
const calls = 200

/** Two instances, and two apps. */
export const instanceChecks: readonly Conformance[] = [
  check('what one instance wrote, the other reads', async ({ store, other }) => {
    const [value, count, log] = [unique(), unique(), unique()]
    await store.set(value, 'a', 10_000)
    deepStrictEqual(await other.get(value), 'a')
    deepStrictEqual(await other.getMany([value]), ['a'])
    deepStrictEqual(await other.setIfAbsent(value, 'b', 10_000), 'a')
    deepStrictEqual(await other.replaceIf(value, 'a', 'b', 10_000), true)
    deepStrictEqual(await store.get(value), 'b')
    await other.set(value, 'c', 10_000)
    deepStrictEqual(await store.get(value), 'c')
    await store.delete(value)
    deepStrictEqual(await other.get(value), undefined)
    await store.increment(count, 10_000)
    deepStrictEqual(await other.increment(count, 10_000), 2)
    await store.append(log, 'a', 10_000)
    deepStrictEqual(await other.readFrom(log, 0), ['a'])
  }),
  check('of many concurrent calls of setIfAbsent, one succeeds', async ({ store, other }, key) => {
    const found = await concurrently(store, other, (handle, index) =>
      handle.setIfAbsent(key, index, 10_000),
    )
    const winner = String(found.indexOf(undefined))
    deepStrictEqual(found.filter((value) => value === undefined).length, 1)
    ok(found.every((value) => value === undefined || value === winner))
    deepStrictEqual(await store.get(key), winner)
  }),
  check('of many concurrent calls of replaceIf, one succeeds', async ({ store, other }, key) => {
    await store.set(key, 'free', 10_000)
    const won = await concurrently(store, other, (handle, index) =>
      handle.replaceIf(key, 'free', index, 10_000),
    )
    deepStrictEqual(won.filter(Boolean).length, 1)
    deepStrictEqual(await store.get(key), String(won.indexOf(true)))
  }),
  check('of many concurrent calls of deleteIf, one succeeds', async ({ store, other }, key) => {
    await store.set(key, 'a', 10_000)
    const won = await concurrently(store, other, (handle) => handle.deleteIf(key, 'a'))
    deepStrictEqual(won.filter(Boolean).length, 1)
  }),
  check('a concurrent deleteIf deletes no newer value', async ({ store, other }) => {
    for (let round = 0; round < 5; round += 1) {
      const key = unique()
      await store.set(key, 'a', 10_000)
      const [isDeleted] = await Promise.all([store.deleteIf(key, 'a'), other.set(key, 'b', 10_000)])
      if (isDeleted) deepStrictEqual(await store.get(key), 'b')
    }
  }),
  check('of many concurrent increments, none is lost', async ({ store, other }, key) => {
    const counts = await concurrently(store, other, (handle) => handle.increment(key, 10_000))
    counts.sort((a, b) => a - b)
    deepStrictEqual(
      counts,
      Array.from({ length: calls }, (_, index) => index + 1),
    )
  }),
  check('of many concurrent calls of append, none is lost', async ({ store, other }, key) => {
    await concurrently(store, other, (handle, index) => handle.append(key, index, 10_000))
    deepStrictEqual((await store.readFrom(key, 0)).length, calls)
  }),
  checkWith(
    ['neighbour'],
    'another app on the same server has keys of its own',
    async (harness, key) => {
      const { store, neighbour } = harness
      await store.set(key, 'a', 10_000)
      deepStrictEqual(await neighbour.get(key), undefined)
      await neighbour.delete(key)
      deepStrictEqual(await store.get(key), 'a')
    },
  ),
  check('a hint reaches every listener of its channel, where the store has hints', async (h) => {
    const { store, other, advance } = h
    if (store.publish === undefined || other.subscribe === undefined) return
    const [channel, elsewhere] = [unique(), unique()]
    const [first, second, others]: [string[], string[], string[]] = [[], [], []]
    const stopFirst = await other.subscribe(channel, (message) => first.push(message))
    const stopSecond = await other.subscribe(channel, (message) => second.push(message))
    const stopElsewhere = await other.subscribe(elsewhere, (message) => others.push(message))
    const publish = async (message: string): Promise<void> => {
      // It may be lost, but not each time.
      for (let tries = 0; !second.includes(message) && tries < 10; tries += 1) {
        await store.publish?.(channel, message)
        await advance(20)
      }
    }
    await publish('ü')
    stopFirst()
    await publish('x')
    stopSecond()
    stopElsewhere()
    deepStrictEqual([first[0], second[0]], ['ü', 'ü'])
    ok(second.includes('x'), 'that one listener stopped has stopped another')
    ok(!first.includes('x'), 'a listener that stopped hears a message')
    deepStrictEqual(others, [])
  }),
]

/** Many calls at once, by turns on each handle. */
async function concurrently<T>(
  store: StateStore,
  other: StateStore,
  call: (handle: StateStore, index: string) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: calls }, (_, index) => call(index % 2 === 0 ? store : other, `${index}`)),
  )
}
