import { describe, expect, test } from 'vitest'
import { UnknownKids } from '../../src/jwks/unknown-kids.ts'

describe('unknown key ids', () => {
  test('an id is looked for once in thirty seconds', () => {
    const unknown = new UnknownKids()
    unknown.add('x', 1000)
    expect(unknown.mayRefresh('x', 30_999)).toBe(false)
    expect(unknown.isUnknown('x', 30_999)).toBe(true)
    expect(unknown.isUnknown('x', 31_000)).toBe(false)
    expect(unknown.isUnknown('y', 1000)).toBe(false)
    expect(unknown.mayRefresh('x', 31_000)).toBe(true)
    expect(unknown.mayRefresh('y', 1000)).toBe(true)
  })

  test('all ids together cause two refreshes in ten seconds', () => {
    const unknown = new UnknownKids()
    unknown.refreshBegan(0)
    expect(unknown.mayRefresh('a', 1)).toBe(true)
    unknown.refreshBegan(4000)
    expect(unknown.mayRefresh('b', 9999)).toBe(false)
    expect(unknown.mayRefresh('b', 10_000)).toBe(true)
    unknown.refreshBegan(10_000)
    expect(unknown.mayRefresh('c', 13_999)).toBe(false)
    expect(unknown.mayRefresh('c', 14_000)).toBe(true)
  })

  test('the thousand most recent ids are remembered', () => {
    const unknown = new UnknownKids()
    for (let index = 0; index < 1001; index += 1) unknown.add(`k${index}`, 0)
    expect(unknown.mayRefresh('k0', 1)).toBe(true)
    expect(unknown.mayRefresh('k1', 1)).toBe(false)
    expect(unknown.mayRefresh('k1000', 1)).toBe(false)
  })
  test('an id that is added again keeps its place among the most recent', () => {
    const unknown = new UnknownKids()
    for (let index = 0; index < 1000; index += 1) unknown.add(`k${index}`, 0)
    unknown.add('k0', 1)
    unknown.add('k1000', 1)
    expect(unknown.mayRefresh('k0', 2)).toBe(false)
    expect(unknown.mayRefresh('k1', 2)).toBe(true)
  })
})
