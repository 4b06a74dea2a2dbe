import { randomBytes, randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const idLength = 27

/** `prefix` and 27 random letters and digits (160 bits): the format of the service's ids. */
export function randomId(prefix: string): string {
  let id = ''
  while (id.length < idLength) {
    for (const byte of randomBytes(32)) {
      // 248 is four times 62; larger bytes would make the first characters more likely.
      if (byte < 248 && id.length < idLength) id += alphabet[byte % alphabet.length]
    }
  }
  return prefix + id
}

/** 256 random bits in base64url, for one-time tokens and pending references. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Three different numbers from 00 to 99 in the order of the email, and the right one of them. */
export function randomNumbers(): { numbers: [string, string, string]; right: string } {
  const numbers = new Set<string>()
  while (numbers.size < 3) numbers.add(String(randomInt(0, 100)).padStart(2, '0'))
  const [first = '', second = '', third = ''] = numbers
  const triple: [string, string, string] = [first, second, third]
  return { numbers: triple, right: triple[randomInt(3)] ?? first }
}
