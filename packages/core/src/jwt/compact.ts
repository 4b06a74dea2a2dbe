import { TokenError } from '../errors.ts'

// Any character that no part contains, nor the dots between them. One class is faster than three parts.
const foreign = /[^A-Za-z0-9_.-]/

/** The three parts of a JWS in compact serialization (RFC 7515 section 7.1), still encoded. */
export interface CompactToken {
  readonly jwt: string
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** Header and payload with the dot between them: what the signature is over. */
  readonly signed: string
}

/**
 * Splits a token, and rejects every spelling but the canonical one, so that one token is one string:
 * writing a token differently must not bypass a cache or a list of revoked tokens.
 *
 * In order: a string; at most `maxLength` characters; three parts of base64url without padding; no
 * unused bits set in the last character of a part (RFC 4648 section 3.5).
 *
 * @throws {TokenError} `ERR_TOKEN_MISSING` for undefined, null or an empty string; else `ERR_TOKEN_MALFORMED`
 */
export function splitCompact(jwt: unknown, maxLength: number): CompactToken {
  if (jwt === undefined || jwt === null || jwt === '') {
    throw new TokenError('ERR_TOKEN_MISSING', 'A token was expected, and none was given.')
  }
  if (typeof jwt !== 'string') throw malformed('The token is not a string.')
  if (jwt.length > maxLength) {
    throw malformed(`The token has more than ${maxLength} characters.`)
  }
  const first = jwt.indexOf('.')
  const second = jwt.indexOf('.', first + 1)
  const isThreeParts =
    first > 0 && second > first + 1 && second < jwt.length - 1 && !jwt.includes('.', second + 1)
  if (!isThreeParts || foreign.test(jwt)) {
    throw malformed('The token is not three parts of base64url separated by dots.')
  }
  const header = jwt.slice(0, first)
  const payload = jwt.slice(first + 1, second)
  const signature = jwt.slice(second + 1)
  if (!isCanonical(header) || !isCanonical(payload) || !isCanonical(signature)) {
    throw malformed('The token is not canonical base64url.')
  }
  return { jwt, header, payload, signature, signed: jwt.slice(0, second) }
}

/** Whether base64url of the right alphabet is the canonical encoding of its bytes. */
function isCanonical(part: string): boolean {
  const rest = part.length % 4
  if (rest < 2) return rest === 0
  // Two characters are one byte and four unused bits, three are two bytes and two unused bits.
  const withoutThem = rest === 2 ? 'AQgw' : 'AEIMQUYcgkosw048'
  return withoutThem.includes(part.charAt(part.length - 1))
}

function malformed(message: string): TokenError {
  return new TokenError('ERR_TOKEN_MALFORMED', message)
}

/** Long enough for every token of the default length; a longer text gets memory of its own. */
const bufferBytes = 16_384

/**
 * Makes a function that decodes into one buffer, whose bytes are valid until it decodes the next text.
 * `Buffer.from` would take memory from a pool that is renewed every few tokens, at a cost that shows in
 * every guarded route.
 */
export function createDecodeBuffer() {
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  return (text: string, encoding: 'latin1' | 'base64url'): Buffer =>
    text.length > bufferBytes
      ? Buffer.from(text, encoding)
      : buffer.subarray(0, buffer.write(text, encoding))
}
