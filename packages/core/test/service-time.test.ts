import { expect, test } from 'vitest'
import { createTestClock, startTime } from '@linkpass/testing'
import { createServiceTime } from '../src/clock.ts'

const minute = 60_000

test('the time of the service is ours until a response tells it, and the last one counts', () => {
  const clock = createTestClock()
  const time = createServiceTime(clock)
  expect(time.now()).toBe(startTime)
  time.observe(startTime + 3000)
  clock.advance(500)
  expect(time.now()).toBe(startTime + 3500)
  time.observe(startTime - 2000)
  expect(time.now()).toBe(startTime - 2000)
})

test('a difference of more than five minutes is not believed', () => {
  const clock = createTestClock()
  const time = createServiceTime(clock)
  for (const error of [5 * minute + 1, -5 * minute - 1, Number.NaN]) {
    time.observe(startTime + error)
    expect(time.now()).toBe(startTime)
  }
  time.observe(startTime + 5 * minute)
  expect(time.now()).toBe(startTime + 5 * minute)
})

test('a record that must cover every token takes the latest time that it can be', () => {
  const clock = createTestClock()
  const time = createServiceTime(clock)
  // Nothing was measured, and no clock is exact.
  expect(time.latest()).toBe(startTime + 5000)
  time.observe(startTime + 3000)
  expect(time.latest()).toBe(startTime + 3000)
  clock.advance(999)
  expect(time.latest()).toBe(startTime + 3999)
  // `Date` has whole seconds, so what was measured may be a second behind.
  clock.advance(1)
  expect(time.latest()).toBe(startTime + 5000)
})

test('the difference follows a clock that is set, by the monotonic clock', () => {
  const clock = createTestClock()
  const time = createServiceTime(clock)
  expect(time.ahead()).toBeUndefined()
  time.observe(startTime + 3000)
  clock.advance(500)
  expect(time.ahead()).toBe(3000)
  clock.jump(30 * minute)
  expect(time.ahead()).toBe(3000 - 30 * minute)
  clock.jump(-30 * minute)
  expect(time.ahead()).toBe(3000)
})

test('the latest time is not taken from a measurement before the clock was set back', () => {
  const clock = createTestClock()
  const time = createServiceTime(clock)
  time.observe(startTime)
  clock.advance(minute)
  clock.jump(-minute)
  expect(time.latest()).toBe(startTime + minute + 1000)
})
