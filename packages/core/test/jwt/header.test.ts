import { describe, expect, test } from 'vitest'
import { checkHeader } from '../../src/jwt/header.ts'

const algorithms = ['RS256', 'ES256']
const good = { alg: 'RS256', kid: 'K1', typ: 'JWT' }

describe('checkHeader', () => {
  test.each([
    ['with the type', good],
    ['without it', { alg: 'RS256', kid: 'K1' }],
    ['with the type in other letters', { ...good, typ: 'jwt' }],
    ['with parameters that change nothing', { ...good, x5t: 'abc', 'x-vendor': { a: 1 } }],
    ['with a key id of one character', { ...good, kid: '!' }],
    ['with a key id of 256 characters', { ...good, kid: 'k'.repeat(256) }],
  ])('accepts a header %s', (_what, header) => {
    expect(checkHeader(header, algorithms)).toEqual({ alg: header.alg, kid: header.kid })
  })

  test.each([
    [
      'alg',
      [undefined, null, '', 'none', 'None', 'HS256', 'rs256', 'RS384', 'RS256 ', 1, ['RS256']],
    ],
    ['kid', [undefined, null, '', 1, ['K1'], {}, 'a b', 'a\n', 'é', '\u0000', 'k'.repeat(257)]],
    ['typ', [null, '', 'at+jwt', 'JWE', 1, ['JWT']]],
    ['crit', [[], ['b64'], ['x'], 'exp', null, [null]]],
    ['b64', [false, true, null]],
    ['zip', ['DEF']],
    ['enc', ['A128GCM']],
    ['cty', ['JWT']],
    ['jwk', [{ kty: 'RSA' }]],
    ['jku', ['https://example.com/keys']],
    ['x5u', ['https://example.com/cert']],
    ['x5c', [['AAAA']]],
  ])('rejects a wrong %s and names it', (claim, values: unknown[]) => {
    for (const value of values) {
      expect(() => checkHeader({ ...good, [claim]: value }, algorithms)).toThrow(
        expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED', claim }),
      )
    }
  })

  test.each([
    [{ crit: [] }, 'The header parameter "crit" is not accepted.'],
    [{ typ: 'JWE' }, 'The header parameter "typ" is not "JWT".'],
    [{ alg: 'none' }, 'The header parameter "alg" is not one of RS256, ES256.'],
    [{ kid: '' }, 'The header parameter "kid" is not 1 to 256 printable ASCII characters.'],
  ])('%j is named in the message', (wrong, message) => {
    expect(() => checkHeader({ ...good, ...wrong }, algorithms)).toThrow(message)
  })

  test('an inherited property is not a parameter', () => {
    const inherited: Record<string, unknown> = Object.create({ crit: ['b64'] })
    expect(checkHeader(Object.assign(inherited, good), algorithms).kid).toBe('K1')
  })
})
