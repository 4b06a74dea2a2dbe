import { randomBytes } from 'node:crypto'

/** A random integer of at least the first argument and below the second, all of them equally likely. */
export { randomInt as randomInteger } from 'node:crypto'

/** A value that cannot be guessed: 16 random bytes as 22 characters of base64url. */
export function randomToken(): string {
  return randomBytes(16).toString('base64url')
}
