import { createHash } from 'node:crypto'

/**
 * The hash that stands for a token in the store: 132 bits of the SHA-256 of its header and payload,
 * base64url. More would make no two tokens easier to tell apart, and Redis would keep more for each.
 *
 * The signature is excluded, because ECDSA has two valid ones for every message: the same token with
 * the other signature must have the same hash.
 *
 * @param jwt a token in canonical compact serialization
 */
export function hashToken(jwt: string): string {
  return hash(jwt.slice(0, jwt.lastIndexOf('.')))
}

/** The hash that stands for a user in the store, or for a project. As long as that of a token. */
export function hashSubject(sub: string): string {
  return hash(`sub\0${sub}`)
}

/** The hashes that stand for a session: its token, the refresh token that came with it, and its user. */
export interface SessionHashes {
  readonly session: string
  readonly refresh: string | undefined
  readonly user: string
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
