import type { KeySet } from './key-set.ts'
import { parseJson } from '../jwt/json.ts'
import { badSignature } from '../jwt/signature.ts'
import { readKeySet } from './verification-key.ts'

/**
 * A key set that never changes: the `publicKey` option, a JWK, a JWKS, or the JSON of one.
 *
 * @throws {TypeError} it contains no usable key
 */
export function createStaticKeySet(
  publicKey: string | object,
  algorithms: readonly string[],
): KeySet {
  const { byKid: keys } = readKeySet(asSet(publicKey), algorithms, undefined, Infinity)
  if (keys.size === 0) {
    throw new TypeError(
      'publicKey must be a JWK, a JWKS, or the JSON of one, with a usable public key that has a "kid".',
    )
  }
  return {
    find(kid) {
      const key = keys.get(kid)
      if (key !== undefined) return key
      throw badSignature()
    },
    warmUp: async () => {},
    health: () => ({ usable: true, failures: 0 }),
    close: () => {},
  }
}

function asSet(publicKey: string | object): unknown {
  // A file may begin with a byte order mark, which is white space here.
  const value = typeof publicKey === 'string' ? parseJson(publicKey.trim()) : publicKey
  return typeof value === 'object' && value !== null && 'keys' in value ? value : { keys: [value] }
}
