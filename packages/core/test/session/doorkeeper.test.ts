import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createDoorkeeper } from '../../src/session/verified-tokens.ts'

/** A token whose end is as random as that of any signature, and the same in every run. */
function token(name: string): string {
  return `h.${name}.${createHash('sha512').update(name).digest('base64url')}`
}

const tokens = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => token(`${prefix}${index}`))

test('has met a token once it was recorded', () => {
  const doorkeeper = createDoorkeeper(10)
  expect(doorkeeper.hasMet(token('a'))).toBe(false)
  doorkeeper.meet(token('a'))
  expect(doorkeeper.hasMet(token('a'))).toBe(true)
  expect(doorkeeper.hasMet(token('b'))).toBe(false)
})

test.each([1, 3, 10, 1000, 10_000])('remembers as many tokens as its capacity, %i', (capacity) => {
  const doorkeeper = createDoorkeeper(capacity)
  const met = tokens('met', capacity)
  for (const jwt of met) doorkeeper.meet(jwt)
  expect(met.every((jwt) => doorkeeper.hasMet(jwt))).toBe(true)
})

test('starts again with the token after that', () => {
  const doorkeeper = createDoorkeeper(4)
  const [first, ...others] = tokens('t', 5)
  for (const jwt of [first!, ...others]) doorkeeper.meet(jwt)
  expect(doorkeeper.hasMet(others.at(-1)!)).toBe(true)
  expect(doorkeeper.hasMet(first!)).toBe(false)
})

test('mistakes at most one new token in eight for a known one, when full', () => {
  const doorkeeper = createDoorkeeper(10_000)
  for (const jwt of tokens('met', 10_000)) doorkeeper.meet(jwt)
  const newTokens = tokens('new', 10_000)
  const mistaken = newTokens.filter((jwt) => doorkeeper.hasMet(jwt)).length
  expect(mistaken).toBeGreaterThan(0)
  expect(mistaken).toBeLessThan(10_000 / 8)
})

test('reads only the end, and accepts a shorter text', () => {
  const doorkeeper = createDoorkeeper(10)
  doorkeeper.meet('first.12345678')
  expect(doorkeeper.hasMet('other.12345678')).toBe(true)
  expect(doorkeeper.hasMet('first.02345678')).toBe(false)
  for (const short of ['', 'a', '1234567']) {
    expect(doorkeeper.hasMet(short)).toBe(false)
    doorkeeper.meet(short)
    expect(doorkeeper.hasMet(short)).toBe(true)
  }
})
