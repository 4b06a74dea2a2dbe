import { describe, expect, test } from 'vitest'
import { createUnknownKids } from '../../src/jwks/unknown-kids.ts'

describe('missing key ids', () => {
  test('an id is looked for once in thirty seconds', () => {
    const missing = createUnknownKids()
    missing.wasMissing('x', 1000)
    expect(missing.mayAsk('x', 30_999)).toBe(false)
    expect(missing.mayAsk('x', 31_000)).toBe(true)
    expect(missing.mayAsk('y', 1000)).toBe(true)
  })

  test('all ids together cause two refreshes in ten seconds', () => {
    const missing = createUnknownKids()
    missing.refreshBegan(0)
    expect(missing.mayAsk('a', 1)).toBe(true)
    missing.refreshBegan(4000)
    expect(missing.mayAsk('b', 9999)).toBe(false)
    expect(missing.mayAsk('b', 10_000)).toBe(true)
    missing.refreshBegan(10_000)
    expect(missing.mayAsk('c', 13_999)).toBe(false)
    expect(missing.mayAsk('c', 14_000)).toBe(true)
  })

  test('a thousand ids are remembered, the youngest', () => {
    const missing = createUnknownKids()
    for (let index = 0; index < 1001; index += 1) missing.wasMissing(`k${index}`, 0)
    expect(missing.mayAsk('k0', 1)).toBe(true)
    expect(missing.mayAsk('k1', 1)).toBe(false)
    expect(missing.mayAsk('k1000', 1)).toBe(false)
  })
  test('one that comes again and again does not make room for others', () => {
    const missing = createUnknownKids()
    for (let index = 0; index < 1000; index += 1) missing.wasMissing(`k${index}`, 0)
    missing.wasMissing('k0', 1)
    missing.wasMissing('k1000', 1)
    expect(missing.mayAsk('k0', 2)).toBe(false)
    expect(missing.mayAsk('k1', 2)).toBe(true)
  })
})
