import { compactVerify } from 'jose'
import type { VerificationKey } from './verification-key.ts'

/**
 * Whether the signature of a token is its key's (RFC 7515 section 5.2).
 *
 * @param jwt a token in canonical compact serialization, whose header names the key's algorithm
 */
export async function isSignedBy(key: VerificationKey, jwt: string): Promise<boolean> {
  try {
    await compactVerify(jwt, key.key, { algorithms: [key.alg] })
    return true
  } catch {
    return false
  }
}
