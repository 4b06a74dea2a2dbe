import { expect, test } from 'vitest'
import { randomInteger, randomToken } from '../../src/crypto/random.ts'

test('a random token is 22 characters of base64url, and no two are alike', () => {
  const tokens = Array.from({ length: 100 }, randomToken)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{22}$/)
  expect(new Set(tokens).size).toBe(100)
})

test('a random integer is at least the first bound and below the second', () => {
  const drawn = new Set(Array.from({ length: 500 }, () => randomInteger(10, 13)))
  expect(drawn).toEqual(new Set([10, 11, 12]))
})
