import { expect, test } from 'vitest'
import { systemClock } from '../src/clock.ts'

test('a sleep that is aborted rejects with the reason that was given', async () => {
  const reason = new Error('the test is over')
  const controller = new AbortController()
  const sleep = systemClock.sleep(60_000, controller.signal)
  controller.abort(reason)
  await expect(sleep).rejects.toBe(reason)
})

test('a sleep that was aborted before it began rejects with the reason as well', async () => {
  const reason = new Error('too late')
  await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
})
