import { expect, test } from 'vitest'
import { createDecodeBuffer } from '../../src/jwt/compact.ts'

test('decodes as Buffer.from does, one text after another, whatever their length', () => {
  const decode = createDecodeBuffer()
  for (const length of [0, 1, 700, 16_383, 16_384, 16_385, 65_536, 3]) {
    const text = 'aZ_9-'.repeat(length).slice(0, length)
    for (const encoding of ['latin1', 'base64url'] as const) {
      expect(decode(text, encoding).equals(Buffer.from(text, encoding))).toBe(true)
    }
  }
})

test('two buffers do not share their memory', () => {
  const [one, other] = [createDecodeBuffer(), createDecodeBuffer()]
  const bytes = one('signed', 'latin1')
  other('another', 'latin1')
  expect(bytes.toString('latin1')).toBe('signed')
})
