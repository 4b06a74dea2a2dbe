import type { Clock } from '@linkpass/core'
import { describe, expect, it } from 'vitest'
import { createWorldClock } from '../src/world/clock.ts'

describe('the clock of a world', () => {
  it('has the shape of the clock option of a client', () => {
    const clock: Clock = createWorldClock()
    expect(clock.now()).toBeGreaterThan(0)
  })

  it('is ahead of the machine’s time by the time it was advanced', () => {
    const clock = createWorldClock()
    const before = Date.now()
    clock.advance(60_000)
    const now = clock.now()
    expect(now).toBeGreaterThanOrEqual(before + 60_000)
    expect(now).toBeLessThanOrEqual(Date.now() + 60_000)
    expect(clock.offsetMs).toBe(60_000)
  })

  it('resolves due sleeps in the order of their time, and no others', async () => {
    const clock = createWorldClock()
    const resolved: string[] = []
    const stop = new AbortController()
    const sleepers = [
      clock.sleep(2000).then(() => resolved.push('second')),
      clock.sleep(1000).then(() => resolved.push('first')),
    ]
    const late = clock.sleep(10_000, stop.signal)
    clock.advance(2000)
    await Promise.all(sleepers)
    expect(resolved).toEqual(['first', 'second'])
    stop.abort(new Error('stopped'))
    await expect(late).rejects.toThrow('stopped')
  })

  it('resolves sleeps in real time too', async () => {
    await createWorldClock().sleep(1)
  })

  it('rejects a sleep at once if its signal is aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(createWorldClock().sleep(60_000, signal)).rejects.toThrow('stopped')
  })

  it('supports sleeps longer than the longest timer', async () => {
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

  it('sets now() back on reset, but never monotonic()', () => {
    const clock = createWorldClock()
    clock.advance(60_000)
    const before = clock.monotonic()
    clock.reset()
    expect(clock.offsetMs).toBe(0)
    expect(clock.monotonic()).toBeGreaterThanOrEqual(before)
  })

  it.each([-1, Number.NaN, Infinity])('cannot be advanced by %d', (ms) => {
    expect(() => createWorldClock().advance(ms)).toThrow(RangeError)
  })
})
