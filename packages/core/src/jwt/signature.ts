import { constants, type KeyObject, verify, type VerifyKeyObjectInput } from 'node:crypto'
import { TokenError } from '../errors.ts'
import { type CompactToken, createDecodeBuffer } from './compact.ts'

/**
 * Whether a token's signature is valid; a promise where it is verified on another thread. The key
 * and algorithm that the token itself names are ignored.
 */
export type Verifier = (token: CompactToken) => boolean | Promise<boolean>

interface Scheme {
  /** OpenSSL's name; null where the scheme hashes by itself. */
  readonly digest: string | null
  /** Absent where the key alone is enough; naming its default padding costs half again on Node 24. */
  readonly options?: Omit<VerifyKeyObjectInput, 'key'>
  /** The length of a signature in bytes; for RSA it is that of the modulus. */
  readonly signatureLength?: number
}

// RFC 7518 section 3.5: the salt is as long as the digest.
const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}
// RFC 7518 section 3.4: R and S side by side, each as long as the curve's order; never DER.
const rAndS = { dsaEncoding: 'ieee-p1363' } as const

/**
 * The schemes that are verified synchronously, each in 20 to 100 µs. The default padding of a plain
 * RSA key is that of PKCS #1 v1.5, which is the padding of RS256, RS384 and RS512.
 */
const synchronous: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['RS256', { digest: 'sha256' }],
  ['RS384', { digest: 'sha384' }],
  ['RS512', { digest: 'sha512' }],
  ['PS256', { digest: 'sha256', options: pss }],
  ['PS384', { digest: 'sha384', options: pss }],
  ['PS512', { digest: 'sha512', options: pss }],
  ['ES256', { digest: 'sha256', options: rAndS, signatureLength: 64 }],
  ['EdDSA', { digest: null, signatureLength: 64 }],
])

const decodeSigned = createDecodeBuffer()
const decodeSignature = createDecodeBuffer()

/**
 * A function that verifies one key's signatures (RFC 7515 section 5.2, RFC 7518 section 3, RFC 8037).
 *
 * RSA, ES256 and Ed25519 are verified synchronously: another thread would cost three times the CPU.
 * ES384 and ES512 would block the event loop for half a millisecond and more, so jose verifies them
 * on the thread pool.
 *
 * @param alg an algorithm that fits the key; both were validated when the key was imported
 */
export function createVerifier(alg: string, key: KeyObject): Verifier {
  const scheme = synchronous.get(alg)
  if (scheme === undefined) return (token) => verifiedByJose(token, alg, key)
  const { digest, options, signatureLength } = scheme
  const input = options === undefined ? key : { key, ...options }
  // RFC 8017 section 8.1.2. OpenSSL accepts a signature by PSS without its leading zeros.
  const length = signatureLength ?? Math.ceil(Number(key.asymmetricKeyDetails?.modulusLength) / 8)
  return ({ signed, signature }) => {
    const bytes = decodeSignature(signature, 'base64url')
    return bytes.length === length && verify(digest, decodeSigned(signed, 'latin1'), input, bytes)
  }
}

async function verifiedByJose(token: CompactToken, alg: string, key: KeyObject): Promise<boolean> {
  const { compactVerify } = await import('jose')
  try {
    await compactVerify(token.jwt, key, { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}

export function badSignature(): TokenError {
  return new TokenError('ERR_TOKEN_SIGNATURE', 'The token is not signed by a key of the project.')
}
