/** Long enough for every token of the default length; a longer text gets memory of its own. */
const bufferBytes = 16_384

/** Decodes a text. The bytes are valid until the next text is decoded. */
export type Decode = (text: string, encoding: 'latin1' | 'base64url') => Buffer

/**
 * Decodes into one buffer that is used again for each text. `Buffer.from` would take memory from a
 * pool that is renewed every few tokens, at a cost that shows in every guarded route.
 */
export function createDecodeBuffer(): Decode {
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  return (text, encoding) =>
    text.length > bufferBytes
      ? Buffer.from(text, encoding)
      : buffer.subarray(0, buffer.write(text, encoding))
}
