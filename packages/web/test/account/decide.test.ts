import { expect, test } from 'vitest'
import { type BeginFacts, decideBegin } from '../../src/account/decide.ts'

const stepUp: BeginFacts = {
  kind: 'step-up',
  missingOption: undefined,
  failure: undefined,
  stepUpAgeSeconds: undefined,
  maxAgeSeconds: 600,
}
const change: BeginFacts = { ...stepUp, kind: 'change-email', stepUpAgeSeconds: 600 }
const signedOut = {
  kind: 'signed-out',
  reason: 'expired',
  source: 'cookie',
  clearSession: true,
} as const

test.each<[string, BeginFacts, string | undefined]>([
  ['a step-up of a signed-in user', stepUp, undefined],
  ['a step-up of no user', { ...stepUp, failure: signedOut }, 'signed-out'],
  ['a change with a step-up of the greatest age', change, undefined],
  ['a change of number', { ...change, kind: 'change-phone' }, undefined],
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
  expect(decideBegin(facts)?.kind).toBe(kind)
})
