import { describe, expect, test } from 'vitest'
import { splitCompact as split, type CompactToken } from '../../src/jwt/compact.ts'

const splitCompact = (jwt: unknown): CompactToken => split(jwt, 16_384)

describe('splitCompact', () => {
  test('splits a token', () => {
    expect(splitCompact('e30.e30.AAAA')).toEqual({
      jwt: 'e30.e30.AAAA',
      header: 'e30',
      payload: 'e30',
      signature: 'AAAA',
      signed: 'e30.e30',
    })
  })

  test('accepts every character of base64url, in every part', () => {
    const all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    expect(splitCompact(`${all}.${all}.${all}`)).toMatchObject({ header: all, signature: all })
  })

  test.each([[undefined], [null], ['']])('%j is a missing token', (jwt) => {
    expect(() => splitCompact(jwt)).toThrow(expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }))
  })

  test.each([
    ['a number', 7],
    ['a list with a token in it', ['e30.e30.AAAA']],
    ['an object that prints as a token', { toString: () => 'e30.e30.AAAA' }],
    ['one part', 'e30'],
    ['two parts', 'e30.e30'],
    ['four parts', 'e30.e30.AAAA.AAAA'],
    ['five parts, a JWE', 'e30.AAAA.AAAA.AAAA.AAAA'],
    ['an empty header', '.e30.AAAA'],
    ['an empty payload', 'e30..AAAA'],
    ['an empty signature', 'e30.e30.'],
    ['a newline at the end', 'e30.e30.AAAA\n'],
    ['a space at the start', ' e30.e30.AAAA'],
    ['padding', 'e30.e30.AAA='],
    ['plain base64', 'e30.e30.AA+/'],
    ['a full-width dot', 'e30．e30.AAAA'],
    ['a NUL', 'e30.e30.AAAA\u0000'],
    ['a part of a length that no bytes have', 'e30.e30.AAAAA'],
    ['spare bits in a part of 4n+2 characters', 'e30.e30.AB'],
    ['spare bits in a part of 4n+3 characters', 'e30.e30.AAB'],
    ['spare bits in the header', 'e31.e30.AAAA'],
    ['spare bits in the payload', 'e30.e31.AAAA'],
  ])('rejects %s', (_what, jwt) => {
    expect(() => splitCompact(jwt)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED' }),
    )
  })

  test('every ending is accepted in exactly one spelling', () => {
    for (let length = 1; length <= 3; length += 1) {
      for (let byte = 0; byte < 256; byte += 1) {
        const bytes = Buffer.alloc(length, byte)
        const spellings = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
          .split('')
          .map((last) => bytes.toString('base64url').slice(0, -1) + last)
          .filter((text) => Buffer.from(text, 'base64url').equals(bytes))
        const accepted = spellings.filter((text) => {
          try {
            return splitCompact(`e30.e30.${text}`).signature === text
          } catch {
            return false
          }
        })
        expect(accepted).toEqual([bytes.toString('base64url')])
      }
    }
  })

  test('16,384 characters are accepted and one more is not', () => {
    const start = 'e30.e30.'
    const longest = start + 'A'.repeat(16_384 - start.length)
    expect(splitCompact(longest).jwt).toBe(longest)
    expect(() => splitCompact(`${longest}A`)).toThrow(/16384/)
  })
})
