import { afterAll, beforeAll, expect } from 'vitest'

const events = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const

/**
 * Fails the test file if the process reports a warning or an unhandled error while its tests run.
 *
 * @param expected messages that its tests cause on purpose @default none
 */
export function expectQuietProcess(expected: RegExp = /^\b$/): void {
  const reported: unknown[] = []
  const note = (what: unknown): void => {
    if (!(what instanceof Error) || !expected.test(what.message)) reported.push(what)
  }
  beforeAll(() => {
    for (const event of events) process.on(event, note)
  })
  afterAll(() => {
    for (const event of events) process.off(event, note)
    expect(reported).toEqual([])
  })
}
