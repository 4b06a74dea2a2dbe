import { sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeKey, sessionToken, signInput, type TestKey } from '@linkpass/testing'
import { splitCompact, type CompactToken } from '../../src/jwt/compact.ts'
import { badSignature, createVerifier } from '../../src/jwt/signature.ts'

const rsa = makeKey('R')
const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const curveAlgorithms = ['ES256', 'ES384', 'ES512', 'EdDSA']
const keys: readonly TestKey[] = [
  ...rsaAlgorithms.map((alg) => ({ ...rsa, alg })),
  ...curveAlgorithms.map((alg) => makeKey('C', alg)),
]

const split = (jwt: string): CompactToken => splitCompact(jwt, 16_384)

/** The token with another signature, which is of these bytes. */
function signedBy(jwt: string, signature: Buffer): CompactToken {
  return split(jwt.slice(0, jwt.lastIndexOf('.') + 1) + signature.toString('base64url'))
}

describe.each(keys)('a verifier for $alg', (key) => {
  const verify = createVerifier(key.alg, key.publicKey)
  const jwt = sessionToken(key)
  const signature = Buffer.from(split(jwt).signature, 'base64url')

  test('accepts a valid signature, and no other', async () => {
    expect(await verify(split(jwt))).toBe(true)
    for (const at of [0, signature.length - 1]) {
      const flipped = Buffer.from(signature)
      flipped[at]! ^= 1
      expect(await verify(signedBy(jwt, flipped))).toBe(false)
    }
  })

  test('is synchronous, unless that would block the event loop', () => {
    const isSlow = key.alg === 'ES384' || key.alg === 'ES512'
    expect(verify(split(jwt)) instanceof Promise).toBe(isSlow)
  })

  test('rejects a signature that is shorter or longer', async () => {
    for (const other of [
      signature.subarray(0, -1),
      signature.subarray(1),
      Buffer.concat([signature, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), signature]),
      Buffer.concat([signature, signature]),
    ]) {
      expect(await verify(signedBy(jwt, other))).toBe(false)
    }
  })

  test('rejects a signature over another token', async () => {
    const other = sessionToken(key, { claims: { sub: 'U2eve' } })
    expect(await verify(signedBy(other, signature))).toBe(false)
  })
})

test.each(rsaAlgorithms)(
  'a signature by %s of an RSA key is invalid by the others',
  async (alg) => {
    const jwt = sessionToken({ ...rsa, alg })
    for (const other of rsaAlgorithms) {
      const isGood = await createVerifier(other, rsa.publicKey)(split(jwt))
      expect(isGood).toBe(other === alg)
    }
  },
)

test.each(['ES256', 'ES384', 'ES512'])('a signature by %s in DER is invalid', async (alg) => {
  const key = makeKey('C', alg)
  const jwt = sessionToken(key)
  const der = sign(`sha${alg.slice(2)}`, Buffer.from(split(jwt).signed), key.privateKey)
  expect(await createVerifier(alg, key.publicKey)(signedBy(jwt, der))).toBe(false)
})

test.each([0, 20, 222])(
  'a signature by PS256 with a salt of %d bytes is invalid',
  async (saltLength) => {
    const jwt = sessionToken({ ...rsa, alg: 'PS256' })
    const input = { key: rsa.privateKey, padding: 6, saltLength }
    const other = sign('sha256', Buffer.from(split(jwt).signed), input)
    const verify = createVerifier('PS256', rsa.publicKey)
    expect(await verify(signedBy(jwt, other))).toBe(false)
    const good = signInput(split(jwt).signed, 'PS256', rsa.privateKey)
    expect(await verify(signedBy(jwt, Buffer.from(good, 'base64url')))).toBe(true)
  },
)

test.each(rsaAlgorithms)(
  'a signature by %s without its leading zero is invalid, though it is the same number',
  async (alg) => {
    const key = { ...rsa, alg }
    const verify = createVerifier(alg, rsa.publicKey)
    for (let jti = 0; ; jti += 1) {
      const jwt = sessionToken(key, { claims: { jti: `${jti}` } })
      const signature = Buffer.from(split(jwt).signature, 'base64url')
      // One in 256 signatures begins with a zero.
      if (signature[0] !== 0) continue
      expect(await verify(signedBy(jwt, signature.subarray(1)))).toBe(false)
      expect(await verify(split(jwt))).toBe(true)
      return
    }
  },
)

test('the error of a forged token leaves the length of stack traces alone', () => {
  const { stackTraceLimit } = Error
  expect(badSignature().code).toBe('ERR_TOKEN_SIGNATURE')
  expect(Error.stackTraceLimit).toBe(stackTraceLimit)
})
