import { createPublicKey, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { generateRsaKey } from '../src/world/tokens/rsa-key.ts'

test('a key has 2048 bits and the usual exponent, and its public half verifies', async () => {
  const [one, two] = await Promise.all([generateRsaKey(), generateRsaKey()])
  expect(one.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65_537n })
  const signature = sign('sha256', Buffer.from('text'), one)
  expect(verify('sha256', Buffer.from('text'), createPublicKey(one), signature)).toBe(true)
  expect(verify('sha256', Buffer.from('other'), createPublicKey(one), signature)).toBe(false)
  expect(verify('sha256', Buffer.from('text'), createPublicKey(two), signature)).toBe(false)
})

test('the numbers of a key fit each other', async () => {
  const jwk = (await generateRsaKey()).export({ format: 'jwk' })
  const number = (name: 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): bigint =>
    BigInt(`0x${Buffer.from(jwk[name] ?? '', 'base64url').toString('hex')}`)
  const [p, q, d] = [number('p'), number('q'), number('d')]
  expect(number('n')).toBe(p * q)
  expect((d * number('e')) % ((p - 1n) * (q - 1n))).toBe(1n)
  expect([number('dp'), number('dq')]).toEqual([d % (p - 1n), d % (q - 1n)])
  expect((number('qi') * q) % p).toBe(1n)
})
