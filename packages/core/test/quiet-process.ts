import { afterAll, beforeAll, expect } from 'vitest'

const events = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const

/** Fails the file in which it is called if the process reports anything while its tests run. */
export function expectQuietProcess(): void {
  const noise: unknown[] = []
  const note = (what: unknown) => noise.push(what)
  beforeAll(() => {
    for (const event of events) process.on(event, note)
  })
  afterAll(() => {
    for (const event of events) process.off(event, note)
    expect(noise).toEqual([])
  })
}
