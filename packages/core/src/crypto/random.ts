import { randomBytes, randomInt } from 'node:crypto'

/** A value that cannot be guessed: 16 random bytes as 22 characters of base64url. */
export function randomToken(): string {
  return randomBytes(16).toString('base64url')
}

/** A random integer of at least `min` and below `end`, all of them equally likely. */
export function randomInteger(min: number, end: number): number {
  return randomInt(min, end)
}
