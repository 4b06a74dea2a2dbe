import { describe, expect, test } from 'vitest'
import { encode } from '@linkpass/testing'
import { readSignedJson } from '../../src/jwt/json.ts'

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('readSignedJson', () => {
  test('reads an object and freezes it deeply', () => {
    const value = readSignedJson(encode({ a: { b: [{ c: 1 }] } }))
    expect(value).toEqual({ a: { b: [{ c: 1 }] } })
    const a = value['a'] as { b: object[] }
    for (const part of [value, a, a.b, a.b[0]]) expect(Object.isFrozen(part)).toBe(true)
  })

  test('checks every member of a list', () => {
    const { list } = readSignedJson(encode({ list: [{}, {}, {}] })) as { list: object[] }
    for (const member of list) expect(Object.isFrozen(member)).toBe(true)
    for (const text of ['{"a":[{"__proto__":1},1]}', '{"a":[1,{"__proto__":1}]}']) {
      expect(() => readSignedJson(encode(text))).toThrow(/__proto__/)
    }
  })

  test.each(['[]', '"text"', '1', 'true', 'null', '', '{', '{}x', '{"a":NaN}', '\ufeff{}'])(
    'rejects %j',
    (text) => {
      expect(() => readSignedJson(encode(text))).toThrow(
        expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED' }),
      )
    },
  )

  test.each([
    ['a lone continuation byte', [0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['an overlong form', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    [
      'a replacement character beside it',
      [0x7b, 0x22, 0xef, 0xbf, 0xbd, 0x80, 0x22, 0x3a, 0x31, 0x7d],
    ],
    ['a surrogate', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
  ])('rejects %s', (_what, bytes) => {
    expect(() => readSignedJson(Buffer.from(bytes).toString('base64url'))).toThrow(/UTF-8/)
  })

  test('a replacement character in the text itself is accepted', () => {
    expect(readSignedJson(encode({ name: 'Z\ufffdo\u00eb \u{1f511}' }))).toEqual({
      name: 'Z\ufffdo\u00eb \u{1f511}',
    })
  })

  test('64 levels are accepted and one more is not, however deep it goes', () => {
    expect(readSignedJson(encode(nested(64)))).toHaveProperty('a')
    for (const depth of [65, 2000]) {
      expect(() => readSignedJson(encode(nested(depth)))).toThrow(/deep/)
    }
    expect(() => readSignedJson(encode(`{"a":${'['.repeat(80)}${']'.repeat(80)}}`))).toThrow(/deep/)
  })

  test('rejects a member called __proto__, at any depth and however it is written', () => {
    for (const text of [
      '{"__proto__":{"admin":true}}',
      '{"a":[{"__proto__":1}]}',
      '{"\\u005f_proto__":{}}',
    ]) {
      expect(() => readSignedJson(encode(text))).toThrow(/__proto__/)
    }
  })

  test('of two members with one name the last counts', () => {
    expect(readSignedJson(encode('{"a":1,"a":2}'))).toEqual({ a: 2 })
  })

  test('its errors quote nothing of the token', () => {
    try {
      readSignedJson(encode('{"secret-value"'))
      expect.unreachable()
    } catch (error) {
      expect(String((error as Error).stack) + String((error as Error).cause)).not.toMatch(/secret/)
    }
  })
})
