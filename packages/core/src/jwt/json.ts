import { isUtf8 } from 'node:buffer'
import { TokenError } from '../errors.ts'
import { isObject } from '../model/grants.ts'
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
  const bytes = decode(part, 'base64url')
  const text = bytes.toString('utf8')
  // U+FFFD replaces invalid bytes. It may also be in the text itself.
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw malformed('The token is not UTF-8.')
  const value = parseJson(text)
  if (!isObject(value)) {
    throw malformed('The header or payload of the token is not a JSON object.')
  }
  freeze(value, maxDepth)
  return value
}

/** The value of a JSON text; undefined when it is not JSON. The parser's error quotes it, so it is dropped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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
  if (Array.isArray(member) || isObject(member)) freeze(member, depth - 1)
}

function malformed(message: string): TokenError {
  return new TokenError('ERR_TOKEN_MALFORMED', message)
}
