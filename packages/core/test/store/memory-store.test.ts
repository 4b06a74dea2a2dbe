import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { collectGarbage } from '@linkpass/testing'
import { memoryStore } from '../../src/store/memory-store.ts'

function create(options: { maxEntries?: number; maxBytes?: number } = {}) {
  let time = 1_000_000
  const store = memoryStore({ clock: { now: () => time }, ...options })
  return {
    store,
    advance: (ms: number) => {
      time += ms
    },
  }
}

test.each<[unknown, string]>([
  ['x', 'memoryStore: options must be an object; it has clock, maxEntries, maxBytes.'],
  [null, 'memoryStore: options must be an object'],
  [[], 'memoryStore: options must be an object'],
  [{ maxEntry: 5 }, 'memoryStore: options has no option "maxEntry"'],
  [{ clock: null }, 'memoryStore: clock must be an object with the method now.'],
  [{ clock: {} }, 'memoryStore: clock must be an object with the method now.'],
  [{ maxEntries: null }, 'memoryStore: maxEntries must be a whole number'],
  [{ maxEntries: 0 }, 'memoryStore: maxEntries must be a whole number'],
  [{ maxBytes: null }, 'memoryStore: maxBytes must be a whole number'],
])('memoryStore(%j) is refused', (options, message) => {
  expect(() => memoryStore(options as never)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) }),
  )
})

describe('memoryStore is bounded', () => {
  test('past its entries the oldest is dropped, and a renewed key counts as young', async () => {
    const { store } = create({ maxEntries: 3 })
    for (const name of ['a', 'b', 'c']) await store.set(`k:${name}`, name, 1000)
    await store.set('k:a', 'A', 1000)
    await store.set('k:d', 'd', 1000)
    expect(await store.get('k:b')).toBeUndefined()
    expect(await store.get('k:a')).toBe('A')
    expect(await store.get('k:d')).toBe('d')
  })

  test('expired entries are dropped before others', async () => {
    const { store, advance } = create({ maxEntries: 3 })
    await store.set('k:long', 'x', 100_000)
    await store.set('k:short', 'x', 1000)
    await store.set('k:shorter', 'x', 500)
    advance(2000)
    await store.set('k:new', 'x', 1000)
    expect(await store.get('k:long')).toBe('x')
    expect(await store.get('k:new')).toBe('x')
  })

  test('past its bytes the oldest is dropped', async () => {
    const { store } = create({ maxBytes: 3000 })
    for (const name of ['a', 'b', 'c']) await store.set(`k:${name}`, 'x'.repeat(1000), 1000)
    expect(await store.get('k:a')).toBeUndefined()
    expect(await store.get('k:c')).toHaveLength(1000)
    await store.set('k:huge', 'x'.repeat(4000), 1000)
    expect(await store.get('k:huge')).toBeUndefined()
    await store.set('k:small', 'x', 1000)
    expect(await store.get('k:small')).toBe('x')
  })

  test('bytes are freed by delete, by expiry and by increments', async () => {
    const { store, advance } = create({ maxBytes: 2500 })
    for (let round = 0; round < 50; round += 1) {
      await store.set('k:a', 'x'.repeat(1000), 1000)
      await store.delete('k:a')
      await store.set('k:b', 'x'.repeat(1000), 1000)
      advance(1000)
      expect(await store.get('k:b')).toBeUndefined()
      await store.increment('k:n', 100)
    }
    await store.set('k:c', 'x'.repeat(1000), 1000)
    await store.set('k:d', 'x'.repeat(1000), 1000)
    expect(await store.get('k:c')).toHaveLength(1000)
  })

  test('expired entries take no memory while there is room for more', async () => {
    const { store, advance } = create()
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (let index = 0; index < 3000; index += 1) {
      advance(1000)
      await store.set(`k:${index}`, randomBytes(5000).toString('hex'), 1000)
    }
    collectGarbage()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
    expect(await store.get('k:2999')).toHaveLength(10_000)
  })

  test('a flood of one kind of key displaces no other kind', async () => {
    const { store } = create({ maxEntries: 10 })
    await store.set('revoked:x', '1', 100_000)
    await store.set('no-kind', '1', 100_000)
    for (let index = 0; index < 1000; index += 1) {
      await store.increment(`sends:${index}`, 1000)
      await store.set(`flood-${index % 200}:x`, '1', 1000)
    }
    expect(await store.get('revoked:x')).toBe('1')
  })

  test.each([0, -1, 1.5, Number.NaN, '3'])('%j is not a valid bound', (bound) => {
    expect(() => memoryStore({ maxEntries: bound as number })).toThrow(/maxEntries/)
    expect(() => memoryStore({ maxBytes: bound as number })).toThrow(/maxBytes/)
  })
})

describe('memoryStore sends hints within its process', () => {
  test('to every listener of the channel, until it stops', async () => {
    const { store } = create()
    const heard: string[] = []
    const stop = await store.subscribe?.('a', (message) => heard.push(`1 ${message}`))
    await store.subscribe?.('a', (message) => heard.push(`2 ${message}`))
    await store.subscribe?.('b', () => heard.push('another channel'))
    await store.publish?.('a', 'x')
    stop?.()
    await store.publish?.('a', 'y')
    expect(heard).toEqual(['1 x', '2 x', '2 y'])
  })

  test('and a channel without listeners keeps nothing', async () => {
    const { store } = create()
    const stop = await store.subscribe?.('a', () => {})
    stop?.()
    await expect(store.publish?.('a', 'x')).resolves.toBeUndefined()
  })
})

describe('a log of memoryStore', () => {
  test('counts toward the bytes of its kind', async () => {
    const { store } = create({ maxBytes: 3000 })
    for (let entry = 0; entry < 3; entry += 1) await store.append('k:log', 'x'.repeat(1000), 1000)
    expect(await store.readFrom('k:log', 0)).toEqual([])
    await store.append('k:log', 'x', 1000)
    expect(await store.readFrom('k:log', 0)).toEqual(['x'])
  })

  test('is no value, and a value is no log', async () => {
    const { store } = create()
    await store.append('k:log', 'x', 1000)
    await store.set('k:value', 'x', 1000)
    await expect(store.get('k:log')).rejects.toThrow(/readFrom/)
    await expect(store.readFrom('k:value', 0)).rejects.toThrow(/with get/)
    await expect(store.append('k:value', 'x', 1000)).rejects.toThrow(/with get/)
  })
})
