import { describe, expect, test } from 'vitest'
import {
  backOff,
  type KeySetFacts,
  type LookupDecision,
  decideAfterRefresh,
  decideLookup,
} from '../../src/jwks/refresh-policy.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const all: KeySetFacts = {
  hasKey: true,
  age: 0,
  failedAgo: undefined,
  canRefresh: true,
  mayRefresh: true,
  isUnknown: false,
}

describe('decideLookup', () => {
  test.each<[string, Partial<KeySetFacts>, LookupDecision]>([
    ['nothing known yet', { hasKey: false, age: undefined }, 'refresh'],
    [
      'nothing known, back-off',
      { hasKey: false, age: undefined, canRefresh: false },
      'unavailable',
    ],
    [
      'nothing known yet, an id that may not cause a refresh',
      { hasKey: false, age: undefined, mayRefresh: false },
      'refresh',
    ],
    ['a fresh key', { age: 5 * minute - 1 }, 'use'],
    ['a key of five minutes', { age: 5 * minute }, 'use-and-refresh'],
    ['a key of five minutes, back-off', { age: 5 * minute, canRefresh: false }, 'use'],
    ['a key just under ten minutes', { age: 10 * minute - 1 }, 'use-and-refresh'],
    ['a key of ten minutes', { age: 10 * minute }, 'refresh'],
    ['the same, back-off', { age: 10 * minute, canRefresh: false }, 'use'],
    ['the same, an attempt just failed', { age: hour, failedAgo: minute }, 'use-and-refresh'],
    ['the same, one failed long ago', { age: hour, failedAgo: 2 * minute }, 'refresh'],
    ['a key of almost a day', { age: 24 * hour - 1, canRefresh: false }, 'use'],
    ['a key of a day, back-off', { age: 24 * hour, canRefresh: false }, 'unavailable'],
    ['a key of a day in an outage', { age: 24 * hour, failedAgo: minute }, 'refresh'],
    ['an unknown id', { hasKey: false, age: second }, 'refresh'],
    [
      'one that was just looked for',
      { hasKey: false, age: second, mayRefresh: false, isUnknown: true },
      'reject',
    ],
    [
      'one that may not cause a refresh because of others',
      { hasKey: false, age: second, mayRefresh: false },
      'unavailable',
    ],
    ['the same, back-off', { hasKey: false, age: second, canRefresh: false }, 'unavailable'],
    ['the same, in an outage', { hasKey: false, age: hour, canRefresh: false }, 'unavailable'],
  ])('%s', (_what, facts, decision) => {
    expect(decideLookup({ ...all, ...facts })).toBe(decision)
  })
})

describe('decideAfterRefresh', () => {
  test.each<[string, boolean, number | undefined, LookupDecision]>([
    ['not known', false, undefined, 'unavailable'],
    ['known', false, 0, 'use'],
    ['known', false, 24 * hour - 1, 'use'],
    ['known', false, 24 * hour, 'unavailable'],
    ['not known, and looked for', true, 0, 'reject'],
    ['not known, and looked for', true, 24 * hour, 'reject'],
    ['not known, and not looked for', false, 0, 'unavailable'],
  ])('a key is %s: %s, requested %d ms ago: %s', (what, isUnknown, age, decision) => {
    expect(decideAfterRefresh({ hasKey: what === 'known', age, isUnknown })).toBe(decision)
  })
})

describe('backOff', () => {
  test('doubles from a second to a minute while there are keys, else to five seconds', () => {
    const failures = [1, 2, 3, 4, 5, 6, 7, 8, 100]
    const seconds = (hasKeys: boolean) => failures.map((n) => backOff(n, hasKeys, 0) / 1000)
    expect(seconds(true)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
    expect(seconds(false)).toEqual([1, 2, 4, 5, 5, 5, 5, 5, 5])
  })

  test('at most a quarter is subtracted at random', () => {
    expect(backOff(1, true, 0.5)).toBe(875)
    expect(backOff(1, true, 1)).toBe(750)
  })
})

test('an app may say how long keys are fresh; they are used as long again during a refresh', () => {
  const at = (age: number): LookupDecision => decideLookup({ ...all, age }, 30 * second)
  expect([29, 30, 59, 60].map((age) => at(age * second))).toEqual([
    ...['use', 'use-and-refresh', 'use-and-refresh', 'refresh'],
  ])
})
