import { describe, expect, test } from 'vitest'
import { createErrorKinds, kindOf, textOf } from '../src/error-kinds.ts'

const error = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code !== undefined && { code })

describe('errors of the app', () => {
  test.each<[string, unknown, unknown, boolean]>([
    ['the same message', error('no seat left'), error('no seat left'), true],
    ['another message', error('no seat left'), error('the database is down'), false],
    ['another code', error('x', 'E_ONE'), error('x', 'E_TWO'), false],
    ['another class', new TypeError('x'), new RangeError('x'), false],
    ['another number', error('row 17 is locked'), error('row 18 is locked'), true],
    ['another person', error('no seat for ada@a.test'), error('no seat for bob@b.test'), true],
    ['another id', error('U2x7 is banned'), error('U2y9 is banned'), true],
    ['the same string', 'no', 'no', true],
    ['another string', 'no', 'never', false],
    ['a string and an error', 'no', error('no'), false],
    ['nothing and nothing', undefined, undefined, true],
    ['an object without a prototype', Object.create(null), undefined, false],
  ])('with %s', (_, one, other, same) => {
    expect(kindOf(one) === kindOf(other)).toBe(same)
  })

  test('a long message of nothing but one word takes no time, and little room', () => {
    expect(kindOf(error('a'.repeat(100_000))).length).toBeLessThan(600)
  })

  test('are printed once a kind, and a bounded number of kinds', () => {
    const admit = createErrorKinds(3)
    expect(['a', 'a', 'b', 'a', 'c', 'd', 'c', 'e'].map(admit)).toEqual([
      ...['print', 'silent', 'print', 'silent', 'print-last', 'silent', 'silent', 'silent'],
    ])
  })

  test.each<[unknown, RegExp]>([
    [new Error('no seat'), /^Error: no seat\n\s+at .*error-kinds\.test\.ts/],
    [Object.assign(new Error('no seat'), { stack: undefined }), /^Error: no seat$/],
    ['no', /^no$/],
    [{ status: 403, deep: { er: {} } }, /^\{ status: 403, deep: \[Object\] \}$/],
    [Object.create(null), /^\[Object: null prototype\] \{\}$/],
    [undefined, /^undefined$/],
  ])('%o is told as a developer wants to see it', (cause, text) => {
    expect(textOf(cause)).toMatch(text)
  })
})
