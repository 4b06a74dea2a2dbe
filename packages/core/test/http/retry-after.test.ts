import { beforeEach, describe, expect, it } from 'vitest'
import { readVectors } from '@linkpass/testing'
import { vectorsOrSkip } from '@linkpass/testing/vitest'
import { retryAfterSeconds } from '../../src/http/retry-after.ts'

const now = Date.UTC(1994, 10, 6, 8, 49, 37)

describe('retryAfterSeconds', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    [' 5 ', 5],
    ['3600', 3600],
    ['3601', 3600],
    ['99999999999999999999', 3600],
    ['Sun, 06 Nov 2094 08:49:37 GMT', 3600],
    ['Sun, 06 Nov 1994 08:49:47 GMT', 10],
    ['Sunday, 06-Nov-94 08:49:47 GMT', 10],
    ['Sun Nov  6 08:49:47 1994', 10],
    ['Sun, 06 Nov 1994 08:49:27 GMT', 0],
  ])('reads %j as %d seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds)
  })

  it('reads a two-digit year', () => {
    expect(retryAfterSeconds('Friday, 06-Nov-20 08:49:37 GMT', now)).toBe(3600)
  })

  it.each([
    '',
    '-1',
    '1.5',
    '1e3',
    '5s',
    '5, 10',
    '0x10',
    'NaN',
    'Infinity',
    'Sun, 31 Feb 1994 08:49:47 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Xyz 1994 08:49:47 GMT',
    '1994-11-06T08:49:47Z',
  ])('ignores %j', (header) => {
    expect(retryAfterSeconds(header, now)).toBeUndefined()
  })
})

describe('retryAfterSeconds on the shared vectors', () => {
  beforeEach(vectorsOrSkip)

  interface Vectors {
    cap_ms: number
    rows: { value: string; wait_ms: number | 'cap' | 'ignore' }[]
  }

  it('agrees with every row', () => {
    const { cap_ms, rows } = JSON.parse(readVectors('own/retry_after.json')) as Vectors
    for (const { value, wait_ms } of rows) {
      const seconds = retryAfterSeconds(value, now)
      if (wait_ms === 'ignore') expect(seconds, value).toBeUndefined()
      else if (wait_ms === 'cap') expect((seconds ?? 0) * 1000, value).toBeGreaterThan(cap_ms)
      else expect(seconds, value).toBe(wait_ms / 1000)
    }
  })
})
