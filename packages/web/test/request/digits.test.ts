import { expect, test } from 'vitest'
import { withAsciiDigits } from '../../src/request/digits.ts'

const rowFrom = (zero: number): string =>
  String.fromCodePoint(...Array.from({ length: 10 }, (_, value) => zero + value))

// Those of Myanmar Extended-C are two sets in a row.
const rows = [
  ['Arabic', rowFrom(0x660)],
  ['Thai', rowFrom(0xe50)],
  ['Pa’o Karen', rowFrom(0x116d0)],
  ['Eastern Pwo Karen', rowFrom(0x116da)],
] as const

for (const [name, digits] of rows) {
  test.skipIf(!/^\p{Nd}+$/u.test(digits))(`the digits of ${name}, if Node knows them`, () => {
    expect(withAsciiDigits(digits)).toBe('0123456789')
  })
}
