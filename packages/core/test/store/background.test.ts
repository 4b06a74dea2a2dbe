import { createTestClock, flush } from '@linkpass/testing'
import { expect, test } from 'vitest'
import { Unsaved, keepTrying } from '../../src/store/background.ts'

/** A write that fails; how often it was tried. */
function failing() {
  const tries = { count: 0 }
  const write = (): Promise<never> => {
    tries.count += 1
    return Promise.reject(new Error('down'))
  }
  return { write, tries }
}

test('a write that fails is tried seven times in all, and leaves no timer', async () => {
  const clock = createTestClock()
  const { write, tries } = failing()
  await keepTrying(write, clock, new AbortController().signal)
  for (const ms of [100, 200, 400, 800, 1600, 3200]) {
    await flush()
    clock.advance(ms)
  }
  await flush()
  expect(tries.count).toBe(7)
  expect(clock.sleepers).toBe(0)
})

test('a write that fails is not tried again once the client is closed', async () => {
  const clock = createTestClock()
  const { write, tries } = failing()
  const closing = new AbortController()
  await keepTrying(write, clock, closing.signal)
  closing.abort()
  await flush()
  expect(clock.sleepers).toBe(0)
  clock.advance(10_000)
  await flush()
  expect(tries.count).toBe(1)
})

test('a value that the store does not take is held until it does', async () => {
  const clock = createTestClock()
  const unsaved = new Unsaved<string>(clock, new AbortController().signal)
  const saved: string[] = []
  let isUp = false
  const write = async (): Promise<void> => {
    if (!isUp) throw new Error('down')
    saved.push('a value')
  }
  expect(await unsaved.save('name', 'a value', clock.now() + 60_000, write)).toBe(false)
  expect(unsaved.get('name')).toBe('a value')
  isUp = true
  clock.advance(1000)
  await flush()
  expect([unsaved.get('name'), saved]).toEqual([undefined, ['a value']])
  expect(await unsaved.save('name', 'a value', clock.now() + 60_000, write)).toBe(true)
})

test('a value that the store did not take in time is forgotten, and not written any more', async () => {
  const clock = createTestClock()
  const unsaved = new Unsaved<string>(clock, new AbortController().signal)
  const { write, tries } = failing()
  await unsaved.save('name', 'a value', clock.now() + 1500, write)
  for (let second = 0; second < 3; second += 1) {
    clock.advance(1000)
    await flush()
  }
  expect([unsaved.get('name'), tries.count, clock.sleepers]).toEqual([undefined, 2, 0])
})
