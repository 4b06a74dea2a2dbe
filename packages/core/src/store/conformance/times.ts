import { deepStrictEqual, ok, rejects } from 'node:assert/strict'
import type { StateStore } from '../state-store.ts'
import { check, type Conformance, type StateStoreHarness, unique } from './check.ts'

type Write = (store: StateStore, key: string, ttlMs?: number) => Promise<unknown>

/** Every operation that starts a time to live. */
export const writes: Readonly<Record<string, Write>> = {
  set: (store, key, ttlMs = 10_000) => store.set(key, 'x', ttlMs),
  setIfAbsent: (store, key, ttlMs = 10_000) => store.setIfAbsent(key, 'x', ttlMs),
  replaceIf: async (store, key, ttlMs = 10_000) => {
    await store.setIfAbsent(key, 'old', Math.min(ttlMs, 300))
    await store.replaceIf(key, 'old', 'x', ttlMs)
  },
  increment: (store, key, ttlMs = 10_000) => store.increment(key, ttlMs),
  append: (store, key, ttlMs = 10_000) => store.append(key, 'x', ttlMs),
}

/** Whether a key holds anything. */
export async function exists(store: StateStore, what: string, key: string): Promise<boolean> {
  if (what === 'append') return (await store.readFrom(key, 0)).length > 0
  return (await store.get(key)) !== undefined
}

const day = 86_400_000

/** Times to live. */
export const timeChecks: readonly Conformance[] = [
  ...Object.entries(writes).map(([what, write]) =>
    check(
      `what ${what} stored is gone when its time to live is over, and not before`,
      async (h, key) => {
        await write(h.store, key, 380)
        await h.advance(100)
        deepStrictEqual(await exists(h.store, what, key), true)
        await h.advance(400)
        deepStrictEqual(await exists(h.store, what, key), false)
      },
    ),
  ),
  // 2^31 milliseconds are 24.8 days.
  ...Object.entries(writes).map(([what, write]) =>
    check(`${what} takes a time to live of an hour, of two days and of sixty`, async (harness) => {
      for (const ttlMs of [3_600_000, 2 * day, 60 * day]) {
        const key = unique()
        await write(harness.store, key, ttlMs)
        await expectLife(harness, what, key, ttlMs)
      }
    }),
  ),
  check('set replaces a value and its time to live', async ({ store, advance }, key) => {
    await store.set(key, 'old', 150)
    await store.set(key, 'new', 10_000)
    await advance(300)
    deepStrictEqual(await store.get(key), 'new')
  }),
  check(
    'replaceIf replaces the time to live, and only if it replaces the value',
    async (harness) => {
      const { store, advance } = harness
      const [longer, same] = [unique(), unique()]
      for (const key of [longer, same]) await store.set(key, 'a', 300)
      await store.replaceIf(longer, 'a', 'a', 10_000)
      await store.replaceIf(same, 'x', 'a', 10_000)
      await advance(400)
      deepStrictEqual([await store.get(longer), await store.get(same)], ['a', undefined])
    },
  ),
  ...(['get', 'getMany'] as const).map((what) =>
    check(`${what} does not change the time to live`, async ({ store, advance }, key) => {
      await store.set(key, 'x', 380)
      await advance(200)
      await (what === 'get' ? store.get(key) : store.getMany([key]))
      await advance(300)
      deepStrictEqual(await store.get(key), undefined)
    }),
  ),
  check('readFrom does not change the time to live', async ({ store, advance }, key) => {
    await store.append(key, 'x', 380)
    await advance(200)
    await store.readFrom(key, 0)
    await advance(300)
    deepStrictEqual(await store.readFrom(key, 0), [])
  }),
  check(
    'setIfAbsent does not change the time to live of a value it found',
    async (harness, key) => {
      const { store, advance } = harness
      await store.setIfAbsent(key, 'first', 300)
      await store.setIfAbsent(key, 'second', 10_000)
      await advance(400)
      deepStrictEqual(await store.get(key), undefined)
      deepStrictEqual(await store.setIfAbsent(key, 'third', 10_000), undefined)
    },
  ),
  check(
    'a count ends with the time to live of its first increment',
    async ({ store, advance }, key) => {
      await store.increment(key, 300)
      await advance(200)
      await store.increment(key, 10_000)
      await advance(200)
      deepStrictEqual(await store.get(key), undefined)
      deepStrictEqual(await store.increment(key, 10_000), 1)
    },
  ),
  check('what has ended is not found, replaced, deleted by its value, or added to', async (h) => {
    const { store, advance } = h
    const [value, other, count, log] = [unique(), unique(), unique(), unique()]
    await store.set(value, 'a', 300)
    await store.setIfAbsent(other, 'a', 300)
    await store.increment(count, 300)
    await store.append(log, 'a', 300)
    await advance(400)
    deepStrictEqual(await store.getMany([value]), [undefined])
    deepStrictEqual(await store.deleteIf(value, 'a'), false)
    deepStrictEqual(await store.replaceIf(value, 'a', 'b', 10_000), false)
    deepStrictEqual(await store.setIfAbsent(other, 'b', 10_000), undefined)
    deepStrictEqual(await store.get(other), 'b')
    deepStrictEqual(await store.increment(count, 10_000), 1)
    await store.append(log, 'b', 10_000)
    deepStrictEqual(await store.readFrom(log, 0), ['b'])
  }),
  check('a log lives on with each entry, and no entry shortens it', async ({ store, advance }) => {
    const [longer, same] = [unique(), unique()]
    await store.append(longer, 'a', 300)
    await store.append(longer, 'b', 10_000)
    await store.append(same, 'a', 10_000)
    await store.append(same, 'b', 300)
    await advance(400)
    deepStrictEqual(await store.readFrom(longer, 0), ['a', 'b'])
    deepStrictEqual(await store.readFrom(same, 0), ['a', 'b'])
  }),
  check(
    'a time to live that is not a whole number of at least one is rejected',
    async (harness) => {
      for (const write of Object.values(writes)) {
        for (const ttlMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
          await rejects(async () => write(harness.store, unique(), ttlMs), `${ttlMs} was accepted`)
        }
      }
    },
  ),
]

async function expectLife(
  { store, advance, timeToLive }: StateStoreHarness,
  what: string,
  key: string,
  ttlMs: number,
): Promise<void> {
  if (timeToLive === undefined) {
    await advance(ttlMs - 1000)
    ok(await exists(store, what, key), `gone before ${ttlMs} ms`)
    await advance(1000)
    ok(!(await exists(store, what, key)), `not gone after ${ttlMs} ms`)
    return
  }
  const left = await timeToLive(key)
  ok(left > ttlMs - 10_000 && left <= ttlMs, `lives for ${left} ms instead of ${ttlMs}`)
}
