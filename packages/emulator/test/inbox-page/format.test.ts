import { expect, test } from 'vitest'
import { addressOf, readView } from '../../src/inbox-page/view.ts'
import { ago, dateAndTime, duration, messageState, timeOfDay } from '../../src/inbox-page/format.ts'
import type { Message } from '../../src/world/messages/message.ts'

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [999, '1 s'],
  [61_000, '1 min 1 s'],
  [600_000, '10 min'],
  [3_900_000, '1 h 5 min'],
  [90_000_000, '1 d 1 h'],
  [86_460_000, '1 d'],
])('%d ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 min ago'],
  [7_260_000, '2 h 1 min ago'],
])('%d ms ago is %s', (ms, words) => {
  expect(ago(1_000_000_000, 1_000_000_000 + ms)).toBe(words)
})

test('times are in UTC', () => {
  const at = Date.UTC(2030, 0, 2, 3, 4, 5)
  expect(timeOfDay(at)).toBe('03:04:05')
  expect(dateAndTime(at)).toBe('2030-01-02 03:04:05 UTC')
})

test.each([
  [['unused'], 'unused'],
  [['expired'], 'expired'],
  [['void', 'used', 'void'], 'used'],
  [['unused', 'used', 'unused'], 'used'],
  [['void', 'void', 'void'], 'void'],
] as const)('a message whose links are %j is %s', (states, expected) => {
  const links = states.map((state) => ({ state }))
  expect(messageState({ links } as unknown as Message)).toBe(expected)
})

const home = 'P2LocalLinkpassEmulator00000'

test.each([
  ['', { projectId: home, tab: 'messages', messageId: undefined, search: '' }],
  ['tab=requests', { projectId: home, tab: 'requests', messageId: undefined, search: '' }],
  ['tab=else&message=M1', { projectId: home, tab: 'messages', messageId: 'M1', search: '' }],
  ['q=+ada+', { projectId: home, tab: 'messages', messageId: undefined, search: 'ada' }],
  ['project=P3', { projectId: 'P3', tab: 'messages', messageId: undefined, search: '' }],
])('the query "?%s" is the view %j', (query, view) => {
  expect(readView(new URLSearchParams(query), home)).toEqual(view)
})

test('the URL of a view is read as the same view', () => {
  const view = { projectId: home, tab: 'messages', messageId: 'M&1', search: 'a & b' } as const
  expect(readView(new URL(addressOf(view), 'http://x').searchParams, 'other')).toEqual(view)
  expect(addressOf(view, { tab: 'requests' })).toBe(`/?project=${home}&tab=requests`)
  expect(addressOf(view, { messageId: undefined, search: '' })).toBe(`/?project=${home}`)
})
