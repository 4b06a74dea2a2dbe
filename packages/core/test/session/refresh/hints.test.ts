import { createTestClock, flush } from '@linkpass/testing'
import { expect, test } from 'vitest'
import { createRefreshHints } from '../../../src/session/refresh/hints.ts'
import { memoryStore } from '../../../src/store/memory-store.ts'
import type { StateStore } from '../../../src/store/state-store.ts'

function create(change: (store: StateStore) => void = () => {}) {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  change(store)
  const closing = new AbortController()
  return { clock, closing, hints: createRefreshHints(store, clock, closing.signal) }
}

/** Whether a pause of a second has ended, and how. */
function pauseOf(watch: ReturnType<ReturnType<typeof createRefreshHints>['watch']>): {
  ended: 'no' | 'in time' | 'by closing'
} {
  const seen: ReturnType<typeof pauseOf> = { ended: 'no' }
  watch.pause(1000).then(
    () => (seen.ended = 'in time'),
    () => (seen.ended = 'by closing'),
  )
  return seen
}

test('a hint ends the waits for its refresh, and no other', async () => {
  const { hints } = create()
  const [mine, other] = [pauseOf(hints.watch('a')), pauseOf(hints.watch('b'))]
  await hints.send('a')
  await flush()
  expect([mine.ended, other.ended]).toEqual(['in time', 'no'])
})

test('a hint reaches one of two who wait when the other has left', async () => {
  const { hints } = create()
  const [first, second] = [hints.watch('a'), hints.watch('a')]
  const left = pauseOf(first)
  const waiting = pauseOf(second)
  first.end()
  await hints.send('a')
  await flush()
  expect([left.ended, waiting.ended]).toEqual(['no', 'in time'])
})

test('a store without hints leaves a wait its full time', async () => {
  const { clock, hints } = create((store) => {
    delete store.publish
    delete store.subscribe
  })
  const pause = pauseOf(hints.watch('a'))
  await hints.send('a')
  clock.advance(999)
  await flush()
  expect(pause.ended).toBe('no')
  clock.advance(1)
  await flush()
  expect(pause.ended).toBe('in time')
})

test('a subscription that failed is tried again by the next wait, and not after it worked', async () => {
  let tries = 0
  const { hints } = create((store) => {
    const inner = { ...store }
    store.subscribe = async (channel, listener) => {
      tries += 1
      if (tries === 1) throw new Error('down')
      return (await inner.subscribe?.(channel, listener)) ?? (() => {})
    }
  })
  const first = pauseOf(hints.watch('a'))
  await hints.send('a')
  await flush()
  expect(first.ended).toBe('no')
  const next = pauseOf(hints.watch('b'))
  await flush()
  await hints.send('a')
  await hints.send('b')
  await flush()
  expect([first.ended, next.ended]).toEqual(['in time', 'in time'])
  hints.watch('c')
  expect(tries).toBe(2)
})

test('closing ends waits and the subscription, and there is no other after it', async () => {
  const subscribed: string[] = []
  const { closing, hints } = create((store) => {
    store.subscribe = async (channel) => {
      subscribed.push(`on ${channel}`)
      return () => subscribed.push(`off ${channel}`)
    }
  })
  const pause = pauseOf(hints.watch('a'))
  await flush()
  closing.abort()
  await flush()
  expect(pause.ended).toBe('by closing')
  const late = pauseOf(hints.watch('b'))
  await flush()
  expect(late.ended).toBe('by closing')
  expect(subscribed).toEqual(['on refreshed', 'off refreshed'])
})
