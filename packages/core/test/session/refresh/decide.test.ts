import { expect, test } from 'vitest'
import {
  decideFound,
  decideRefresh,
  decideWaiting,
  type EntryAction,
  type FoundEntry,
  type RecordFact,
  type RefreshAction,
  type ServiceFact,
} from '../../../src/session/refresh/decide.ts'

const done = { state: 'done', ageMs: 9_999, isRotation: true } as const

test.each<[string, FoundEntry, EntryAction]>([
  ['running', { state: 'running' }, 'wait'],
  ['none', { state: 'none' }, 'take-over'],
  ['failed', { state: 'failed' }, 'take-over'],
  ['unreadable', { state: 'unreadable' }, 'take-over'],
  ['a young rotation', done, 'hand-out'],
  ['a young result without a new token', { ...done, isRotation: false }, 'hand-out'],
  ['an old rotation', { ...done, ageMs: 10_000 }, 'hand-out-unless-seen'],
  ['an old result', { ...done, ageMs: 10_000, isRotation: false }, 'take-over'],
])('an entry in place of the lock (%s)', (_, entry, action) => {
  expect(decideFound(entry)).toBe(action)
})

test.each<[FoundEntry['state'], number, number | undefined, EntryAction]>([
  ['running', 60_000, undefined, 'wait'],
  ['done', 60_000, undefined, 'hand-out'],
  ['failed', 0, 10_000, 'fail'],
  ['unreadable', 0, 10_000, 'fail'],
  ['none', 9_999, 10_000, 'take-over'],
  ['none', 10_000, 10_000, 'fail'],
  ['none', 0, undefined, 'fail'],
])(
  'an entry (%s) after a wait of %i ms, with a grace of %s ms: %s',
  (state, waited, grace, does) => {
    expect(decideWaiting(state, waited, grace)).toBe(does)
  },
)

test.each<[ServiceFact, Record<RecordFact, RefreshAction>]>([
  ['unasked', { nothing: 'go-on', logout: 'revoked', replaced: 'rotated', unknown: 'unavailable' }],
  ['tokens', { nothing: 'go-on', logout: 'revoked', replaced: 'rotated', unknown: 'go-on' }],
  [
    'stored-tokens',
    { nothing: 'go-on', logout: 'revoked', replaced: 'rotated', unknown: 'unavailable' },
  ],
  [
    'stored-tokens',
    { nothing: 'go-on', logout: 'revoked', replaced: 'rotated', unknown: 'unavailable' },
  ],
  ['failed', { nothing: 'refused', logout: 'revoked', replaced: 'rotated', unknown: 'refused' }],
  [
    'rejected',
    { nothing: 'refused', logout: 'refused', replaced: 'rotated', unknown: 'unavailable' },
  ],
])('a refresh (%s)', (service, row) => {
  const records = ['nothing', 'logout', 'replaced', 'unknown'] as const
  const found = records.map((record) => [record, decideRefresh(service, record)])
  expect(Object.fromEntries(found)).toEqual(row)
})
