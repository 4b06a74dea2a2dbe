import { constants, type KeyObject, verify, type VerifyKeyObjectInput } from 'node:crypto'
import { TokenError } from '../errors.ts'
import type { CompactToken } from './compact.ts'
import { createDecodeBuffer } from './decode-buffer.ts'

/**
 * Whether a token's signature is good; a promise where the answer is worked out elsewhere. What
 * the token itself says about its key or its algorithm plays no part in it.
 */
export type Verifier = (token: CompactToken) => boolean | Promise<boolean>

interface Scheme {
  /** As OpenSSL names it; null where the scheme hashes by itself. */
  readonly digest: string | null
  /** None where a plain key says it all; naming the key's own padding costs half again on Node 24. */
  readonly options?: Omit<VerifyKeyObjectInput, 'key'>
  /** The one length a signature has, in bytes; for RSA it is the key's, and OpenSSL's to check. */
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
 * The schemes that are checked here and now, each in 20 to 100 µs. The padding that a plain RSA key
 * goes with is that of PKCS #1 v1.5, which is the one RS256 and its kin mean.
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
 * Prepares the check of one key's signatures (RFC 7515 section 5.2, RFC 7518 section 3, RFC 8037).
 *
 * RSA, ES256 and Ed25519 are checked synchronously: handing them to another thread costs three
 * times the CPU of the check. ES384 and ES512 would hold up the event loop for half a millisecond
 * and more, so jose checks them on its threads.
 *
 * @param alg an algorithm that fits the key; both were vetted by whoever imported it
 */
export function createVerifier(alg: string, key: KeyObject): Verifier {
  const scheme = synchronous.get(alg)
  if (scheme === undefined) return (token) => verifiedByJose(token, alg, key)
  const { digest, options, signatureLength } = scheme
  const input = options === undefined ? key : { key, ...options }
  return ({ signed, signature }) => {
    const bytes = decodeSignature(signature, 'base64url')
    if (signatureLength !== undefined && bytes.length !== signatureLength) return false
    return verify(digest, decodeSigned(signed, 'latin1'), input, bytes)
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

/**
 * The refusal of a token that no key of the project signed. It has no stack, which would cost a fifth
 * of the check itself: refusing a forged token must not be dearer than accepting a good one.
 */
export function badSignature(): TokenError {
  const { stackTraceLimit } = Error
  // Where nobody may change it (`--frozen-intrinsics`), the stack is taken after all.
  const isChanged = Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return new TokenError('ERR_TOKEN_SIGNATURE', 'A token must be signed by a key of the project.')
  } finally {
    if (isChanged) Error.stackTraceLimit = stackTraceLimit
  }
}
