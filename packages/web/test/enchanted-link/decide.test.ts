import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type AttemptFacts,
  type AttemptState,
  type EnchantedEvent,
  attemptState,
  decide,
  decideCode,
} from '../../src/enchanted-link/decide.ts'

const events = ['open', 'approve', 'refuse', 'ask', 'complete'] as const

/** What the table says, row by row. */
const expected: Readonly<Record<AttemptState, readonly string[]>> = {
  unknown: ['link-unknown', 'link-unknown', 'link-unknown', 'expired', 'expired'],
  bare: ['show', 'approve', 'link-unknown', 'expired', 'expired'],
  pending: ['show', 'approve', 'refuse', 'pending', 'not-yet'],
  opened: ['show', 'approve', 'refuse', 'show-code', 'not-yet'],
  approved: ['show', 'approve', 'refuse', 'approved', 'complete'],
  expired: ['link-expired', 'link-expired', 'link-expired', 'expired', 'expired'],
  refused: ['attempt-refused', 'attempt-refused', 'refused', 'refused', 'attempt-refused'],
  'code-refused': ['code-refused', 'code-refused', 'refused', 'code-refused', 'code-refused'],
  completed: ['already-completed', 'already-completed', 'too-late', 'approved', 'complete'],
  closed: ['already-completed', 'already-completed', 'too-late', 'expired', 'expired'],
}
const states = Object.keys(expected) as AttemptState[]

const cells = states.flatMap((state) =>
  events.map((event, index) => [state, event, expected[state][index] ?? ''] as const),
)

test.each(cells)('an attempt that is %s, event %s: %s', (state, event, action) => {
  expect(decide(state, event satisfies EnchantedEvent)).toBe(action)
})

test('the table in the documentation is the one that decides', () => {
  const source = readFileSync(
    new URL('../../src/enchanted-link/decide.ts', import.meta.url),
    'utf8',
  )
  const rows = [...source.matchAll(/^ \* \| (\w[\w-]*) +\|(.*)\|$/gm)].map(
    ([, state, rest = '']) => [state, rest.split('|').map((cell) => cell.trim())],
  )
  expect(Object.fromEntries(rows.filter(([state]) => state !== 'attempt'))).toEqual(expected)
})

const facts: AttemptFacts = { outcome: undefined, isApproved: false, endsAt: 2000, now: 1000 }

test.each<[string, Partial<AttemptFacts>, AttemptState]>([
  ['nothing has happened', {}, 'pending'],
  ['the service has its session', { isApproved: true }, 'approved'],
  ['a link was opened', { isOpened: true }, 'opened'],
  ['a link was opened, and it is approved', { isOpened: true, isApproved: true }, 'approved'],
  ['two wrong codes were typed', { outcome: { kind: 'code-refused' } }, 'code-refused'],
  ['its time is over', { now: 2000 }, 'expired'],
  ['it was approved, and its time is over', { isApproved: true, now: 2000 }, 'expired'],
  ['it was refused', { outcome: { kind: 'refused' }, isApproved: true }, 'refused'],
  ['it was refused, and its time is over', { outcome: { kind: 'refused' }, now: 9000 }, 'refused'],
  ['it has completed', { outcome: { kind: 'completed', at: 900 } }, 'completed'],
  [
    'it has completed just now, by a real clock',
    { outcome: { kind: 'completed', at: 1.7e12 }, endsAt: 2e12, now: 1.7e12 + 59_999 },
    'completed',
  ],
  [
    'it completed a minute ago',
    { outcome: { kind: 'completed', at: 900 }, now: 60_900, isApproved: true },
    'closed',
  ],
  [
    'it has completed on an instance whose clock is ahead',
    { outcome: { kind: 'completed', at: 60_900 }, now: 901 },
    'completed',
  ],
  [
    'P28: it has completed, and a clock that was set back gives a copy of its cookie more time',
    { outcome: { kind: 'completed', at: 60_900 }, now: 900, isApproved: true },
    'closed',
  ],
])('%s', (_, known, state) => {
  expect(attemptState({ ...facts, ...known })).toBe(state)
})

test.each([
  [true, 1, 'approve'],
  [true, 2, 'approve'],
  [true, undefined, 'end-attempt'],
  [false, 1, 'ask-again'],
  [false, 2, 'end-attempt'],
  [false, undefined, 'end-attempt'],
] as const)('a code that is right: %s, as try %s: %s', (isRight, tryNumber, action) => {
  expect(decideCode(isRight, tryNumber)).toBe(action)
})
