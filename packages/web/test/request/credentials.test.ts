import { describe, expect, test } from 'vitest'
import {
  bearerToken,
  readCookie,
  readCredentials,
  tokensToEnd,
} from '../../src/request/credentials.ts'

const names = { session: 'DS', refresh: 'DSR' }

describe('the session cookies of a request', () => {
  test.each([
    ['no header', undefined, undefined, undefined],
    ['an empty header', '', undefined, undefined],
    ['both', 'DS=a; DSR=b', 'a', 'b'],
    ['among others', 'x=1; DS=a; y=DS=2; DSR=b; z', 'a', 'b'],
    ['without spaces', 'x=1;DS=a;DSR=b', 'a', 'b'],
    ['only the refresh token', 'DSR=b', undefined, 'b'],
    ['an empty value', 'DS=; DSR=b', undefined, 'b'],
    ['the same value twice', 'DS=a; DS=a', 'a', undefined],
    ['a name that ends alike', 'XDS=a; NotDSR=b', undefined, undefined],
    ['another case', 'ds=a; dsr=b', undefined, undefined],
    ['a name with a space', 'DS =a', undefined, undefined],
    ['a prototype for a name', '__proto__=x; constructor=y; DS=a', 'a', undefined],
    ['a percent sign that decodes to nothing', 'DS=%E0%A4%A', '%E0%A4%A', undefined],
    ['spaces and tabs behind a value', 'DS=a \t ; DSR=b\t', 'a', 'b'],
    ['a no-break space behind a value', 'DS=a\u00a0; DSR=b\ufeff', 'a\u00a0', 'b\ufeff'],
    ['an object of cookie-parser', 'DS=j:{"a":1}', 'j:{"a":1}', undefined],
  ])('with %s', (_, header, sessionJwt, refreshJwt) => {
    expect(readCredentials(undefined, header, names)).toEqual({
      source: 'cookie',
      sessionJwt,
      refreshJwt,
      conflicting: false,
    })
  })

  test.each(['DS=a; DS=b', 'DS=b; x=1; DS=a', 'DSR=a; DS=x; DSR=b', 'DS=a; DS='])(
    'a cookie tossed by a sibling host conflicts: %s',
    (header) => {
      expect(readCredentials(undefined, header, names)).toEqual({
        source: 'cookie',
        sessionJwt: undefined,
        refreshJwt: undefined,
        conflicting: true,
      })
    },
  )

  test.each([
    ['both', 'DS=a; DSR=b', ['a'], ['b']],
    ['a session cookie tossed by a sibling host', 'DS=a; DSR=b; DS=c', ['a', 'c'], ['b']],
    ['a refresh cookie tossed by a sibling host', 'DSR=a; DS=x; DSR=b;DSR=a', ['x'], ['a', 'b']],
    ['an empty one and other names', 'DS=; xDS=a; DSRx=b', [], []],
    ['none', '', [], []],
  ])('a logout ends every value of %s', (_, header, sessionJwts, refreshJwts) => {
    expect(tokensToEnd(header, names)).toEqual({ sessionJwts, refreshJwts })
  })

  test('only cookies that are named are read', () => {
    const header = 'DS=a; DSR=b; DSR=c'
    expect(readCredentials(undefined, header, undefined)).toMatchObject({
      sessionJwt: undefined,
      refreshJwt: undefined,
      conflicting: false,
    })
    expect(readCredentials(undefined, header, { session: 'DS' })).toMatchObject({
      sessionJwt: 'a',
      refreshJwt: undefined,
      conflicting: false,
    })
  })

  test('the credentials that requests without tokens share are frozen', () => {
    for (const header of [undefined, '', 'DS=a; DS=b']) {
      expect(Object.isFrozen(readCredentials(undefined, header, names))).toBe(true)
    }
  })

  test('a header of nothing but separators ends', () => {
    expect(readCookie('; ;;; ;', 'DS')).toBeUndefined()
    expect(readCookie(' '.repeat(16_000), 'DS')).toBeUndefined()
  })
})

test.each([
  ['no header', undefined, undefined],
  ['nothing', '', undefined],
  ['another scheme', 'Basic x', undefined],
  ['a scheme that begins alike', 'Bearers x', undefined],
  ['a scheme behind a space', ' Bearer x', undefined],
  ['a token', 'Bearer a.b.c', 'a.b.c'],
  ['another case', 'bEARER a.b.c', 'a.b.c'],
  ['several spaces', 'Bearer   a.b.c', 'a.b.c'],
  ['the scheme alone', 'Bearer', ''],
  ['the scheme and a space', 'Bearer ', ''],
  ['a tab for a space', 'Bearer\ta.b.c', undefined],
  ['a no-break space before the token', 'Bearer \u00a0a.b.c', '\u00a0a.b.c'],
  ['a no-break space behind it', 'Bearer a.b.c\u00a0', 'a.b.c\u00a0'],
  ['two tokens', 'Bearer a.b.c, a.b.c', 'a.b.c, a.b.c'],
])('the Bearer token of %s', (_, header, token) => {
  expect(bearerToken(header)).toBe(token)
})
