import { createHash } from 'node:crypto'

/**
 * A name for a token that tells nothing about it: SHA-256 of its header and payload.
 *
 * The signature is left out, because ECDSA has two good ones for every message: whoever writes the
 * other has the same token in another spelling, and it must have the same name.
 *
 * @param jwt a token in canonical compact serialization
 */
export function hashToken(jwt: string): string {
  return createHash('sha256')
    .update(jwt.slice(0, jwt.lastIndexOf('.')))
    .digest('base64url')
}

/** A name for a person that can stand in a store. */
export function hashSubject(sub: string): string {
  return createHash('sha256').update(`sub\0${sub}`).digest('base64url')
}
