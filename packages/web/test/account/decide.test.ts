import { expect, test } from 'vitest'
import { type ChangeFacts, decideChange } from '../../src/account/decide.ts'

const change: ChangeFacts = {
  missingOption: undefined,
  failure: undefined,
  stepUpAgeSeconds: 600,
  maxAgeSeconds: 600,
}
const signedOut = {
  kind: 'signed-out',
  reason: 'expired',
  source: 'cookie',
  clearSession: true,
} as const

test.each<[string, ChangeFacts, string | undefined]>([
  ['a change with a step-up of the greatest age', change, undefined],
  ['a change just after the step-up', { ...change, stepUpAgeSeconds: 0 }, undefined],
  ['a change with an older step-up', { ...change, stepUpAgeSeconds: 600.001 }, 'step-up-needed'],
  ['a change without one', { ...change, stepUpAgeSeconds: undefined }, 'step-up-needed'],
  ['a change of no user', { ...change, failure: signedOut }, 'signed-out'],
  ['a change that is off', { ...change, missingOption: 'x' }, 'not-enabled'],
  [
    'a change that is off, of no user',
    { ...change, missingOption: 'x', failure: signedOut },
    'not-enabled',
  ],
])('%s', (_, facts, kind) => {
  expect(decideChange(facts)?.kind).toBe(kind)
})
