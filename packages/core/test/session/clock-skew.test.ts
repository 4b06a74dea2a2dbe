import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createTestClock, startTime } from '@linkpass/testing'
import { expect, test } from 'vitest'
import { createServiceTime } from '../../src/clock.ts'
import { createClockCheck, createSkewReport } from '../../src/session/clock-skew.ts'

test('clock skew is reported once: on the channel, and to the logger', () => {
  const events: unknown[] = []
  const lines: string[] = []
  const listen = (event: unknown): unknown => events.push(event)
  subscribe('linkpass:clock-skew', listen)
  const report = createSkewReport({ debug: () => {}, warn: (line) => void lines.push(line) })
  report(7)
  report(9)
  unsubscribe('linkpass:clock-skew', listen)
  expect(events).toEqual([{ secondsBehind: 7 }])
  expect(lines).toEqual([
    expect.stringMatching(
      /^linkpass: The clock of this machine is 7 s behind that of the service\. Synchronise it/,
    ),
  ])
})

test('without a logger, clock skew is a process warning', async () => {
  const warned = once(process, 'warning')
  createSkewReport(undefined)(7)
  const [warning] = await warned
  expect(warning).toMatchObject({ code: 'LINKPASS_CLOCK_SKEW' })
})

test('a logger that throws is ignored', () => {
  const broken = () => {
    throw new Error('broken')
  }
  expect(() => createSkewReport({ debug: broken, warn: broken })(7)).not.toThrow()
})

test('a clock that was set since the last response is compared again', async () => {
  const clock = createTestClock()
  const serviceTime = createServiceTime(clock)
  let asked = 0
  const measure = async (): Promise<void> => {
    asked += 1
    serviceTime.observe(startTime)
  }
  const isClockRight = createClockCheck(serviceTime, measure, {
    debug: () => {},
    warn: () => {},
  })
  expect([await isClockRight(), await isClockRight(), asked]).toEqual([true, true, 1])
  clock.jump(30 * 60_000)
  expect([await isClockRight(), asked]).toEqual([false, 2])
})

test('while the service does not tell its time, the clock counts as right, and it is asked each time', async () => {
  let asked = 0
  const serviceTime = createServiceTime(createTestClock())
  const isClockRight = createClockCheck(serviceTime, async () => void (asked += 1), undefined)
  expect([await isClockRight(), await isClockRight(), asked]).toEqual([true, true, 2])
})
