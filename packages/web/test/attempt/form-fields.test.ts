import { describe, expect, test } from 'vitest'
import { extraFieldsOf } from '../../src/attempt/form-fields.ts'

describe('the option extraFields', () => {
  test.each([
    [undefined, []],
    [[], []],
    [
      ['h-captcha-response', 'website'],
      ['h-captcha-response', 'website'],
    ],
  ])('%j is %j', (given, names) => {
    expect(extraFieldsOf(given)).toEqual(names)
  })

  test.each([
    [null, 'must be a list of names'],
    ['check', 'must be a list of names'],
    [['check', ''], 'must be a list of names'],
    [[7], 'must be a list of names'],
    [['loginId'], '"loginId" is a field of the sign-in form already'],
    [['check', 'name'], '"name" is a field of the sign-in form already'],
  ])('%j is refused', (given, message) => {
    expect(() => extraFieldsOf(given)).toThrow(message)
  })
})
