import {
  type ZlibOptions,
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib'
import { invalidResponse } from './request-error.ts'

/** The most bytes of a body, both as received and decoded. */
export const maxBodyBytes = 1024 * 1024

/** The encodings that requests accept (RFC 9110 section 12.5.3). */
export const acceptedEncodings = 'gzip, deflate, br'

type Decode = (bytes: Buffer, options: ZlibOptions) => Buffer

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflate],
  ['br', brotliDecompressSync],
])

/** The most encodings of one body. Each is a few milliseconds of work. */
const maxEncodings = 5

/**
 * A body without its content encodings (RFC 9110 section 8.4), of which the last in the header was applied
 * last. Decoding blocks for a few milliseconds at most, as parsing the JSON does.
 *
 * @throws {RequestError} `ERR_RESPONSE_INVALID`: more than 1 MiB after any of them, not in that encoding, in
 *   one that was not accepted, or in more than five
 */
export function decodeBody(bytes: Buffer, encodings: string | string[]): Buffer {
  const names = String(encodings)
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length > maxEncodings) {
    throw invalidResponse(`has more than ${maxEncodings} content encodings`)
  }
  return names.reduceRight(decodeOne, bytes)
}

function decodeOne(bytes: Buffer, name: string): Buffer {
  // A gateway names the encoding of an empty body, too.
  if (bytes.length === 0) return bytes
  const decode = decoders.get(name)
  if (decode === undefined) {
    throw invalidResponse(`has the content encoding ${printed(name)}, which was not accepted`)
  }
  try {
    return decode(bytes, { maxOutputLength: maxBodyBytes })
  } catch (error) {
    const isTooLong =
      error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw isTooLong ? tooLong() : invalidResponse(`is not in its content encoding, ${name}`)
  }
}

export function tooLong(): ReturnType<typeof invalidResponse> {
  return invalidResponse('is longer than 1 MiB')
}

// Some servers leave the header of zlib out, of which these four bits are 8 (RFC 1950 section 2.2).
function inflate(bytes: Buffer, options: ZlibOptions): Buffer {
  return (bytes.readUInt8() & 15) === 8
    ? inflateSync(bytes, options)
    : inflateRawSync(bytes, options)
}

// The header is the other side's text, so only what looks like the name of one is repeated.
function printed(name: string): string {
  return /^[a-z][a-z-]{1,11}$/.test(name) ? `"${name}"` : 'of another name'
}
