import { describe, expect, test } from 'vitest'
import { readVectors } from '@linkpass/testing'
import { vectorsOrSkip } from '@linkpass/testing/vitest'
import { linkTokenOf } from '../../src/request/link-token.ts'

describe('the one-time token of a callback URL', () => {
  test.each([
    ['/auth/verify?t=abc', 'abc'],
    ['/auth/verify?a=1&t=abc&b=2', 'abc'],
    ['/auth/verify?t=%61bc', 'abc'],
    ['/auth/verify?T=x&t=abc', 'abc'],
    [`/auth/verify?t=${'a'.repeat(4096)}`, 'a'.repeat(4096)],
    ['/auth/verify?t=abc%20', 'abc'],
    ['/auth/verify?t=abc%E2%80%8B', 'abc'],
    ['/auth/verify?t=abc&gt;', 'abc'],
  ])('is read from %s', (url, token) => {
    expect(linkTokenOf(url)).toBe(token)
  })

  test.each([
    '.',
    ',',
    ')',
    ').',
    '%3E',
    '>',
    '%22',
    '%E2%80%9D',
    '%C2%BB',
    '%E3%80%82',
    '...',
    '!',
    ']',
    '`',
    '%60',
    '|',
    '=',
    '%E2%80%9C',
    '%3C',
    '</a>',
    '%3C/a%3E',
    '%09',
    '%0A',
    '%0D%0A',
    '%3E%0D%0A%0D%0A',
    '%F0%9F%91%88',
    '+',
    '%E2%81%A9',
    '%E3%80%8D',
    '?utm_source=mail',
  ])('is read without %s after it', (end) => {
    expect(linkTokenOf(`/auth/verify?t=a.b-c_~${end}`)).toBe('a.b-c_~')
  })

  test.each([
    ['no query', '/auth/verify'],
    ['no t', '/auth/verify?x=1'],
    ['an empty t', '/auth/verify?t='],
    ['a bare t', '/auth/verify?t'],
    ['two of them', '/auth/verify?t=a&t=b'],
    ['a list', '/auth/verify?t[]=a'],
    ['an object', '/auth/verify?t[x]=1'],
    ['a prototype', '/auth/verify?t[__proto__][x]=1'],
    ['a plus sign', '/auth/verify?t=a+b'],
    ['an encoded plus sign', '/auth/verify?t=a%2Bb'],
    ['a second encoding', '/auth/verify?t=%2541'],
    ['a broken encoding', '/auth/verify?t=%E0%A4%A'],
    ['a NUL', '/auth/verify?t=a%00b'],
    ['a line break', '/auth/verify?t=a%0d%0ab'],
    ['a semicolon', '/auth/verify?t=a;t=b'],
    ['an emoji', '/auth/verify?t=%F0%9F%92%A9'],
    ['punctuation alone', '/auth/verify?t=).'],
    ['punctuation in the middle', '/auth/verify?t=a)b'],
    ['a percent sign at its end', '/auth/verify?t=a%25'],
    ['more punctuation than a sentence has', `/auth/verify?t=a${')'.repeat(5000)}`],
    ['dots in the way of a quick decision', `/auth/verify?t=a${'.'.repeat(5000)}%00`],
    ['markup', '/auth/verify?t=%3Cscript%3E'],
    ['4,097 characters', `/auth/verify?t=${'a'.repeat(4097)}`],
  ])('a URL with %s has none', (_, url) => {
    expect(linkTokenOf(url)).toBeUndefined()
  })

  test('no row of the list that asks for 400 has one', (context) => {
    vectorsOrSkip(context)
    const { rows } = JSON.parse(readVectors('own/query_t.json'))
    const refused = rows.filter((row: { required: string }) => row.required.startsWith('400'))
    expect(refused.length).toBeGreaterThan(10)
    for (const { input } of refused) {
      const query = input.startsWith('?') ? input.replace('<4097 chars>', 'a'.repeat(4097)) : ''
      expect(linkTokenOf(`/auth/verify${query}`), input).toBeUndefined()
    }
  })
})
