import { type KeyObject, createPrivateKey, generatePrime } from 'node:crypto'

const publicExponent = 65_537n
const primeBits = 1024

/**
 * A private RSA key of 2048 bits, made of two random primes. Node's own `generateKeyPair` looks for
 * primes of a stricter kind (FIPS 186-5), on one core, which takes more than twice as long.
 */
export async function generateRsaKey(): Promise<KeyObject> {
  const [p, q] = await Promise.all([randomPrime(), randomPrime()])
  const d = inverseOf(publicExponent, (p - 1n) * (q - 1n))
  const numbers = {
    n: p * q,
    e: publicExponent,
    d,
    p,
    q,
    dp: d % (p - 1n),
    dq: d % (q - 1n),
    qi: inverseOf(q, p),
  }
  const members = Object.entries(numbers).map(([name, value]) => [name, base64url(value)])
  const key = { kty: 'RSA', ...Object.fromEntries(members) }
  return createPrivateKey({ key, format: 'jwk' })
}

/** Its two highest bits are set, so that the product of two has all its 2048 bits. */
async function randomPrime(): Promise<bigint> {
  for (;;) {
    const prime = await new Promise<bigint>((resolve, reject) => {
      generatePrime(primeBits, { bigint: true }, (error, found) => {
        if (error) reject(error)
        else resolve(found)
      })
    })
    // Without an inverse of the exponent it can be in no key; that is one prime in 65,537.
    if (prime % publicExponent !== 1n) return prime
  }
}

/** The inverse of `value` modulo `modulus`, by the extended algorithm of Euclid. */
function inverseOf(value: bigint, modulus: bigint): bigint {
  let [rest, next] = [modulus, value % modulus]
  let [factor, nextFactor] = [0n, 1n]
  while (next !== 0n) {
    const quotient = rest / next
    ;[rest, next] = [next, rest - quotient * next]
    ;[factor, nextFactor] = [nextFactor, factor - quotient * nextFactor]
  }
  return ((factor % modulus) + modulus) % modulus
}

function base64url(value: bigint): string {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
}
