import { describe, expect, test } from 'vitest'
import { createTestClock, type StoreOperation, wrapStore } from '@linkpass/testing'
import { StoreError } from '../../src/errors.ts'
import { guardStore } from '../../src/store/deadline.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { StateStore } from '../../src/store/state-store.ts'

const operations: Record<StoreOperation, (store: StateStore) => Promise<unknown>> = {
  get: (store) => store.get('k'),
  set: (store) => store.set('k', 'v', 1000),
  setIfAbsent: (store) => store.setIfAbsent('k', 'v', 1000),
  getMany: (store) => store.getMany(['k', 'l']),
  replaceIf: (store) => store.replaceIf('k', 'v', 'w', 1000),
  deleteIf: (store) => store.deleteIf('k', 'v'),
  append: (store) => store.append('log', 'entry', 1000),
  readFrom: (store) => store.readFrom('log', 0),
  delete: (store) => store.delete('k'),
  increment: (store) => store.increment('n', 1000),
}

/** A store that does the same for every operation. */
function storeThat(does: () => Promise<never>): StateStore {
  return wrapStore(memoryStore(), does)
}

describe.each(Object.entries(operations))('%s of a guarded store', (_name, operation) => {
  test('returns the store’s result, and leaves no timer', async () => {
    const clock = createTestClock()
    const [plain, guarded] = [memoryStore({ clock }), guardStore(memoryStore({ clock }), clock)]
    expect(await operation(guarded)).toEqual(await operation(plain))
    expect(clock.sleepers).toBe(0)
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
  ])('fails with a StoreError when the store %s', async (_how, does) => {
    const clock = createTestClock()
    const failed = operation(guardStore(storeThat(does), clock))
    await expect(failed).rejects.toBeInstanceOf(StoreError)
    await expect(failed).rejects.toMatchObject({ cause: { message: 'down' } })
    expect(clock.sleepers).toBe(0)
  })

  test('fails with a StoreError when the store takes longer than two seconds', async () => {
    const clock = createTestClock()
    const hanging = storeThat(() => new Promise(() => {}))
    const failed = operation(guardStore(hanging, clock)).catch((error: unknown) => error)
    clock.advance(1999)
    expect(clock.sleepers).toBe(1)
    clock.advance(1)
    expect(await failed).toBeInstanceOf(StoreError)
  })
})
