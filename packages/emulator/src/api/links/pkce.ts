import { createHash } from 'node:crypto'

/**
 * Whether the challenge is the SHA-256 of the verifier, in base64url or base64 (RFC 7636 section
 * 4.6, `S256`; the docs name no other method).
 */
export function matchesChallenge(challenge: string, verifier: string): boolean {
  const made = createHash('sha256').update(verifier).digest('base64url')
  return made === challenge.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
