import type { Clock } from '@linkpass/core'
import { describe, expect, it } from 'vitest'
import { createWorldClock } from '../src/world/clock.ts'

describe('the clock of a world', () => {
  it('has the shape of the clock that a client takes', () => {
    const clock: Clock = createWorldClock()
    expect(clock.now()).toBeGreaterThan(0)
  })

  it('runs with the machine, ahead by what it was advanced', () => {
    const clock = createWorldClock()
    const before = Date.now()
    clock.advance(60_000)
    expect(clock.now()).toBeGreaterThanOrEqual(before + 60_000)
    expect(clock.now()).toBeLessThan(before + 61_000)
    expect(clock.offsetMs).toBe(60_000)
  })

  it('wakes sleepers in the order of their time, and leaves the others asleep', async () => {
    const clock = createWorldClock()
    const awake: string[] = []
    const stop = new AbortController()
    const sleepers = [
      clock.sleep(2000).then(() => awake.push('second')),
      clock.sleep(1000).then(() => awake.push('first')),
    ]
    const late = clock.sleep(10_000, stop.signal)
    clock.advance(2000)
    await Promise.all(sleepers)
    expect(awake).toEqual(['first', 'second'])
    stop.abort(new Error('over'))
    await expect(late).rejects.toThrow('over')
  })

  it('wakes sleepers in real time too', async () => {
    await createWorldClock().sleep(1)
  })

  it('does not sleep at all with a signal that has aborted', async () => {
    const signal = AbortSignal.abort(new Error('over'))
    await expect(createWorldClock().sleep(60_000, signal)).rejects.toThrow('over')
  })

  it('sleeps longer than a timer can', async () => {
    const clock = createWorldClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(2 ** 31 + 1000, stop.signal)
    // A timer that overflows fires at once; one macrotask is enough to see it.
    const first = await Promise.race([
      sleeping,
      new Promise((done) => setTimeout(done, 5, 'asleep')),
    ])
    expect(first).toBe('asleep')
    clock.advance(2 ** 31 + 1000)
    await sleeping
  })

  it('goes back by reset, but never in what measures ages', () => {
    const clock = createWorldClock()
    clock.advance(60_000)
    const before = clock.monotonic()
    clock.reset()
    expect(clock.offsetMs).toBe(0)
    expect(clock.monotonic()).toBeGreaterThanOrEqual(before)
  })

  it.each([-1, Number.NaN, Infinity])('is not advanced by %d', (ms) => {
    expect(() => createWorldClock().advance(ms)).toThrow(RangeError)
  })
})
