import { isUtf8 } from 'node:buffer'
import { TokenError } from '../errors.ts'
import { createDecodeBuffer } from './decode-buffer.ts'

const decode = createDecodeBuffer()

/** Deeper than any claim goes; past it code that walks a value by recursion is at risk. */
const maxDepth = 64

/**
 * Reads the JSON object in one part of a token and freezes it through and through.
 *
 * Refused are bytes that are not UTF-8 (RFC 7519 section 7.2), anything but an object, nesting
 * past 64, and a member called `__proto__`, which would change the prototype of whatever it is
 * merged into. Of two members with one name the last counts, as in every JavaScript parser.
 *
 * @param part canonical base64url
 * @throws {TokenError} `ERR_TOKEN_MALFORMED`
 */
export function readSignedJson(part: string): Readonly<Record<string, unknown>> {
  const value = parse(decode(part, 'base64url'))
  if (!isPlainObject(value)) throw malformed('A token must hold JSON objects.')
  freeze(value, maxDepth)
  return value
}

function parse(bytes: Buffer): unknown {
  const text = bytes.toString('utf8')
  // U+FFFD takes the place of what is not UTF-8. It may have been there, too.
  if (text.includes('\ufffd') && !isUtf8(bytes))
    throw malformed('A token must be written in UTF-8.')
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the token, so it is not kept as the cause.
    throw malformed('A token must hold JSON objects.')
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Plain loops: this runs for every new token, and Object.values costs twice as much.
function freeze(value: unknown[] | Record<string, unknown>, depth: number): void {
  if (depth === 0) throw malformed(`A token may be nested at most ${maxDepth} deep.`)
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) freezeMember(value[index], depth)
  } else {
    for (const name in value) {
      if (name === '__proto__') throw malformed('A token may not hold "__proto__".')
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
