import { readFileSync } from 'node:fs'
import { Agent, RetryAgent } from 'undici'
import { expect, test } from 'vitest'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import { faultProxy } from '../../tools/soak/fault-proxy.ts'
import { atLeast, type Finding, measuredAtMost, none } from '../../tools/soak/finding.ts'
import { slopeOf } from '../../tools/soak/heap.ts'
import { packageTests, scenarios } from '../../tools/soak/scenarios.ts'

// An outage is printed once.
expectQuietProcess(/get 503/)

const seed = 20_260_115

test.each([
  'fault-proxy',
  'refresh-herd',
  'emulator-memory',
  'waits',
  'slow-service',
  'oracle',
  'flood',
  'day',
])('a short run of %s misses no limit of a count', async (name) => {
  const findings = (await scenarios[name]?.quick(seed)) ?? []
  expect(findings).not.toEqual([])
  expect(missed(findings)).toEqual([])
})

test('a client that repeats a POST after a cut is found to send two messages', async () => {
  const repeating = new RetryAgent(new Agent(), { methods: ['POST'], minTimeout: 1 })
  const findings = await faultProxy({
    signIns: 30,
    seed,
    atOnce: 1,
    client: { dispatcher: repeating },
  })
  await repeating.close()
  expect(missed(findings)).toEqual([expect.stringMatching(/^attempts that sent two messages: \d+/)])
})

test.each([
  [[1, 3, 5, 7], 2],
  [[4, 4, 4], 0],
  [[0, 1, 0, 1, 0], 0],
])('the slope of %j is %d', (values, slope) => {
  expect(slopeOf(values)).toBe(slope)
})

test('a figure that could not be measured misses its limit', () => {
  const findings = [atLeast('a', Number.NaN, 1), none('b', Number.NaN)]
  const slope = measuredAtMost('c', slopeOf([]), 1)
  expect([...findings, slope].map(({ holds }) => holds)).toEqual([false, false, false])
})

/** The counts that miss their limit; measurements count in a full `npm run soak` only. */
function missed(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ holds, measured }) => !holds && !measured)
    .map(({ what, value, bar }) => `${what}: ${value} (${bar})`)
}

test.each(Object.entries(packageTests))('the tests of %s exist', (_name, { file, name }) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toContain(name)
})
