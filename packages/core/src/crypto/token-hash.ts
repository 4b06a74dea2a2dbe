import { createHash } from 'node:crypto'

/**
 * The hash that stands for a token in the store: SHA-256 of its header and payload, base64url.
 *
 * The signature is excluded, because ECDSA has two valid ones for every message: the same token with
 * the other signature must have the same hash.
 *
 * @param jwt a token in canonical compact serialization
 */
export function hashToken(jwt: string): string {
  return createHash('sha256')
    .update(jwt.slice(0, jwt.lastIndexOf('.')))
    .digest('base64url')
}

/** The hash that stands for a user in the store. */
export function hashSubject(sub: string): string {
  return createHash('sha256').update(`sub\0${sub}`).digest('base64url')
}
