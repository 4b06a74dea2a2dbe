import { isUtf8 } from 'node:buffer'
import { TokenError } from '../errors.ts'
import { createDecodeBuffer } from './compact.ts'

const decode = createDecodeBuffer()

/** Deeper than any claim. Beyond it, code that walks a value recursively may overflow the stack. */
const maxDepth = 64

/**
 * Parses the JSON object in one part of a token and freezes it deeply.
 *
 * Rejects bytes that are not UTF-8 (RFC 7519 section 7.2), anything but an object, nesting deeper
 * than 64, and a member called `__proto__`, which would change the prototype of an object it is
 * merged into. Of two members with one name the last counts, as in every JavaScript parser.
 *
 * @param part canonical base64url
 * @throws {TokenError} `ERR_TOKEN_MALFORMED`
 */
export function readSignedJson(part: string): Readonly<Record<string, unknown>> {
  const value = parse(decode(part, 'base64url'))
  if (!isPlainObject(value))
    throw malformed('The header or payload of the token is not a JSON object.')
  freeze(value, maxDepth)
  return value
}

function parse(bytes: Buffer): unknown {
  const text = bytes.toString('utf8')
  // U+FFFD replaces invalid bytes. It may also be in the text itself.
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw malformed('The token is not UTF-8.')
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the token, so the error is not kept as the cause.
    throw malformed('The header or payload of the token is not a JSON object.')
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Plain loops, because this runs for every new token and Object.values costs twice as much.
function freeze(value: unknown[] | Record<string, unknown>, depth: number): void {
  if (depth === 0) throw malformed(`The token is nested more than ${maxDepth} deep.`)
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) freezeMember(value[index], depth)
  } else {
    for (const name in value) {
      if (name === '__proto__') throw malformed('The token contains "__proto__".')
      freezeMember(value[name], depth)
    }
  }
  Object.freeze(value)
}

function freezeMember(member: unknown, depth: number): void {
  if (Array.isArray(member) || isPlainObject(member)) freeze(member, depth - 1)
}

function malformed(message: string): TokenError {
  return new TokenError('ERR_TOKEN_MALFORMED', message)
}
