/** Long enough for every token of the default length; a longer text gets memory of its own. */
const roomBytes = 16_384

/** Decodes a text; the bytes are good until the next text is decoded. */
export type Decode = (text: string, encoding: 'latin1' | 'base64url') => Buffer

/**
 * A place for bytes that nobody needs when this turn is over. `Buffer.from` would take them from a
 * pool, which has to be made anew every few tokens, at a price that shows in every guarded route.
 */
export function createDecodeBuffer(): Decode {
  const room = Buffer.allocUnsafeSlow(roomBytes)
  return (text, encoding) =>
    text.length > roomBytes
      ? Buffer.from(text, encoding)
      : room.subarray(0, room.write(text, encoding))
}
