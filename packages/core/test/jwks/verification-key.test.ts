import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeKey } from '@linkpass/testing'
import { asymmetricAlgorithms } from '../../src/options.ts'
import { readKeySet, type VerificationKey } from '../../src/jwks/verification-key.ts'

const rsa = makeKey('R', 'RS256')
const ec = makeKey('E', 'ES256')
const ed = makeKey('D', 'EdDSA')

function read(...members: unknown[]): Record<string, string> {
  const { byKid: keys } = readKeySet({ keys: members }, asymmetricAlgorithms)
  return Object.fromEntries([...keys].map(([kid, key]) => [kid, key.alg]))
}

/** An integer as a JWK has it. */
function encoded(n: bigint): string {
  const hex = n.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}

describe('readKeySet', () => {
  test('reads the keys of a set by their ids', () => {
    expect(read(rsa.jwk, ec.jwk, ed.jwk)).toEqual({ R: 'RS256', E: 'ES256', D: 'EdDSA' })
  })

  test.each([undefined, null, 'x', [], {}, { keys: null }, { keys: {} }, { keys: 'x' }])(
    'there is no key in %j',
    (set) => {
      expect(readKeySet(set, asymmetricAlgorithms).byKid.size).toBe(0)
    },
  )

  test.each<[string, unknown]>([
    ['null', null],
    ['text', 'x'],
    ['a list', [rsa.jwk]],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'S', alg: 'HS256' }],
    ['a key without an id', { ...rsa.jwk, kid: undefined }],
    ['a key whose id is a list', { ...rsa.jwk, kid: ['R2'] }],
    ['a key whose id holds a newline', { ...rsa.jwk, kid: 'R\n2' }],
    ['a key for encryption', { ...rsa.jwk, kid: 'R2', use: 'enc' }],
    ['a key that may only encrypt', { ...rsa.jwk, kid: 'R2', key_ops: ['encrypt'] }],
    ['key_ops of another shape', { ...rsa.jwk, kid: 'R2', key_ops: 'verify' }],
    ['an algorithm for encryption', { ...rsa.jwk, kid: 'R2', alg: 'RSA-OAEP' }],
    ['a symmetric algorithm on an RSA key', { ...rsa.jwk, kid: 'R2', alg: 'HS256' }],
    ['alg none', { ...rsa.jwk, kid: 'R2', alg: 'none' }],
    ['a list for alg', { ...rsa.jwk, kid: 'R2', alg: ['RS256'] }],
    ['an algorithm of another curve', { ...ec.jwk, kid: 'E2', alg: 'ES384' }],
    ['an RSA algorithm on an EC key', { ...ec.jwk, kid: 'E2', alg: 'RS256' }],
    ['an EC algorithm on an RSA key', { ...rsa.jwk, kid: 'R2', alg: 'ES256' }],
    ['a curve of another key type', { ...ec.jwk, kid: 'E2', kty: 'OKP' }],
    ['an unknown curve', { ...ec.jwk, kid: 'E2', crv: 'secp256k1', alg: undefined }],
    ['RSA without a modulus', { kty: 'RSA', kid: 'R2' }],
    ['a modulus that is a number', { ...rsa.jwk, kid: 'R2', n: 7 }],
    ['a modulus of other characters', { ...rsa.jwk, kid: 'R2', n: `${String(rsa.jwk['n'])}=` }],
    [
      'a modulus with something before it',
      { ...rsa.jwk, kid: 'R2', n: ` ${String(rsa.jwk['n'])}` },
    ],
    ['an exponent that is a number', { ...rsa.jwk, kid: 'R2', e: 65_537 }],
    ['an exponent of other characters', { ...rsa.jwk, kid: 'R2', e: 'AQAB=' }],
    ['an x that is a number', { ...ed.jwk, kid: 'D2', x: 7 }],
    ['an x of other characters', { ...ed.jwk, kid: 'D2', x: `${String(ed.jwk['x'])}=` }],
    [
      'an x of other characters, on a curve',
      { ...ec.jwk, kid: 'E2', x: `${String(ec.jwk['x'])}=` },
    ],
    ['a y of other characters', { ...ec.jwk, kid: 'E2', y: `${String(ec.jwk['y'])}=` }],
    ['EC without y', { ...ec.jwk, kid: 'E2', y: undefined }],
    ['a point that is not on the curve', { ...ec.jwk, kid: 'E2', x: ec.jwk['y'] }],
    ['exponent 1', { ...rsa.jwk, kid: 'R2', e: 'AQ' }],
    ['exponent 3', { ...rsa.jwk, kid: 'R2', e: 'Aw' }],
    ['an even exponent', { ...rsa.jwk, kid: 'R2', e: 'AQAC' }],
    ['an exponent past 32 bits', { ...rsa.jwk, kid: 'R2', e: 'AQAAAAE' }],
    ['an exponent past 32 bits by a little', { ...rsa.jwk, kid: 'R2', e: encoded(2n ** 32n + 1n) }],
    ['a modulus of 8 bits', { ...rsa.jwk, kid: 'R2', n: '_w' }],
    ['a modulus of 1,024 bits', makeKey('R2', 'RS256', 1024).jwk],
  ])('%s is ignored', (_what, member) => {
    expect(read(member, ec.jwk)).toEqual({ E: 'ES256' })
  })

  test.each([
    [2047, false],
    [2048, true],
    [8192, true],
    [8193, false],
  ])('a modulus of %d bits is accepted: %s', (bits, isOfUse) => {
    // No product of two primes, which the import does not look for.
    const n = (1n << BigInt(bits - 1)) + 12_345_678_901_234_567n
    const jwk = { kty: 'RSA', kid: 'R', e: 'AQAB', n: encoded(n) }
    expect(read(jwk)).toEqual(isOfUse ? { R: 'RS256' } : {})
  })

  test.each([65_537n, 2n ** 31n + 1n, 2n ** 32n - 1n])('an exponent of %d is accepted', (e) => {
    expect(read({ ...rsa.jwk, e: encoded(e) })).toEqual({ R: 'RS256' })
  })

  test('a key that may verify is accepted, whatever else it may do', () => {
    const operations = [['verify'], ['sign', 'verify']]
    for (const key_ops of operations) expect(read({ ...ec.jwk, key_ops })).toEqual({ E: 'ES256' })
    expect(read({ ...ec.jwk, use: undefined })).toEqual({ E: 'ES256' })
  })

  test('without alg, an RSA key is for RS256 and another for its curve', () => {
    const bare = { ...rsa.jwk, alg: undefined }
    expect(read(bare, { ...makeKey('P', 'ES384').jwk, alg: undefined })).toEqual({
      R: 'RS256',
      P: 'ES384',
    })
  })

  test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])(
    'an RSA key may be for %s',
    (alg) => {
      expect(read({ ...rsa.jwk, alg })).toEqual({ R: alg })
    },
  )

  test.each(['ES256', 'ES384', 'ES512', 'EdDSA'])(
    'a curve is for %s, with or without alg',
    (alg) => {
      const { jwk } = makeKey('C', alg)
      expect(read(jwk)).toEqual({ C: alg })
      expect(read({ ...jwk, alg: undefined })).toEqual({ C: alg })
    },
  )

  test('a key of an algorithm that is not accepted is ignored', () => {
    expect(readKeySet({ keys: [ed.jwk, rsa.jwk] }, ['RS256']).byKid.size).toBe(1)
  })

  test('an id that two usable keys share names neither, and an unusable key does not count', () => {
    expect(read(rsa.jwk, { ...makeKey('x').jwk, kid: 'R' }, ec.jwk)).toEqual({ E: 'ES256' })
    expect(read(rsa.jwk, { ...makeKey('x').jwk, kid: 'R' }, rsa.jwk)).toEqual({})
    expect(read(rsa.jwk, { kty: 'oct', k: 'AA', kid: 'R' })).toEqual({ R: 'RS256' })
  })

  test('P30: a key that the set has twice is one', () => {
    expect(read(rsa.jwk, ec.jwk, { ...rsa.jwk })).toEqual({ R: 'RS256', E: 'ES256' })
    expect(read(rsa.jwk, rsa.jwk, rsa.jwk)).toEqual({ R: 'RS256' })
  })

  test('a private key is read as the public one, without its secret members', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = privateKey.export({ format: 'jwk' })
    const key = readKeySet({ keys: [{ ...jwk, kid: 'P' }] }, asymmetricAlgorithms).byKid.get('P')
    expect(key?.alg).toBe('RS256')
    expect(key?.fingerprint).not.toContain(jwk.d)
  })

  test('a key that did not change is reused, and one that did is not', () => {
    const { byKid: before } = readKeySet({ keys: [rsa.jwk, ec.jwk] }, asymmetricAlgorithms)
    const changed = { ...makeKey('x', 'ES256').jwk, kid: 'E' }
    const { byKid: after } = readKeySet(
      { keys: [{ ...rsa.jwk }, changed] },
      asymmetricAlgorithms,
      before,
    )
    expect(after.get('R')).toBe(before.get('R'))
    expect(after.get('E')).not.toBe(before.get('E'))
    expect(
      readKeySet({ keys: [{ ...rsa.jwk, alg: 'RS384' }] }, asymmetricAlgorithms, before).byKid.get(
        'R',
      ),
    ).not.toBe(before.get('R'))
  })

  describe('of a large set', () => {
    const keys = Array.from({ length: 250 }, (_, index) => ({ ...ec.jwk, kid: `E${index}` }))

    test('a hundred keys are imported at a time, and the ids of the others are told', () => {
      let known: ReadonlyMap<string, VerificationKey> | undefined
      for (const [read, left] of [
        [100, 150],
        [200, 50],
        [250, 0],
      ]) {
        const set = readKeySet({ keys }, asymmetricAlgorithms, known)
        expect([set.byKid.size, set.undecided.size]).toEqual([read, left])
        for (const kid of set.undecided) expect(set.byKid.has(kid)).toBe(false)
        known = set.byKid
      }
    })

    test('what cannot be a key counts for nothing', () => {
      const others = Array.from({ length: 1000 }, () => ({ ...rsa.jwk, use: 'enc' }))
      expect(read(...others, ec.jwk)).toEqual({ E: 'ES256' })
    })

    test('an id that a key which is not imported shares names neither', () => {
      const other = { ...makeKey('x', 'ES256').jwk, kid: 'E0' }
      const { byKid, undecided } = readKeySet({ keys: [...keys, other] }, asymmetricAlgorithms)
      expect([byKid.has('E0'), undecided.has('E0')]).toEqual([false, true])
    })
  })
})
