import { describe, expect, test } from 'vitest'
import type { CheckedToken } from '../../src/session/token-check.ts'
import { createVerifiedTokens } from '../../src/session/verified-tokens.ts'
import { readKeySet } from '../../src/session/verification-key.ts'
import { makeKey } from './service.ts'

const key = readKeySet({ keys: [makeKey('K1', 'ES256').jwk] }, ['ES256']).get('K1')!

/** A checked token called `name`, from second 100 to second 200. */
function checked(name: string, claims: { nbf?: number; iat?: number; exp?: number } = {}) {
  const token = { sub: 'U', iss: 'P', drn: 'DS', iat: 100, exp: 200, ...claims }
  const jwt = `${'h'.repeat(40)}.${name}.${name.padStart(86, '-')}`
  return { validated: { jwt, token }, expired: false, key } satisfies CheckedToken
}

const at = (now: number, monotonic = 0) => ({ now: now * 1000, monotonic })

describe('verified tokens', () => {
  test('are found by the whole token, and by nothing less', () => {
    const cache = createVerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const token = checked('a')
    cache.put(token, at(150))
    expect(cache.get(token.validated.jwt, at(150))).toBe(token)
    for (const other of [
      '',
      token.validated.jwt.slice(-32),
      `x${token.validated.jwt}`,
      token.validated.jwt.replace('h', 'H'),
    ]) {
      expect(cache.get(other, at(150))).toBeUndefined()
    }
  })

  test.each([
    ['before it begins, if the clock was set back', at(99.9), false],
    ['when it begins', at(100), true],
    ['just before its end', at(199.9), true],
    ['at its end', at(200), false],
    ['just under a minute after it was verified', at(150, 59_999), true],
    ['a minute after', at(150, 60_000), false],
  ])('%s: %o', (_when, times, isFound) => {
    const cache = createVerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const token = checked('a')
    cache.put(token, at(150))
    expect(cache.get(token.validated.jwt, times)).toBe(isFound ? token : undefined)
  })

  test('a token that begins later by tolerance begins when it was verified', () => {
    const cache = createVerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const early = checked('a', { nbf: 153 })
    cache.put(early, at(150))
    expect(cache.get(early.validated.jwt, at(150))).toBe(early)
    expect(cache.get(early.validated.jwt, at(149.9))).toBeUndefined()
    const late = checked('b', { nbf: 120 })
    cache.put(late, at(150))
    expect(cache.get(late.validated.jwt, at(119))).toBeUndefined()
  })

  test('a token within the tolerance of its end is not kept', () => {
    const cache = createVerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const token = checked('a')
    cache.put(token, at(200))
    expect(cache.get(token.validated.jwt, at(199))).toBeUndefined()
  })

  test('never more than its entries are kept, and what is used stays', () => {
    const cache = createVerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const used = checked('used')
    cache.put(used, at(150))
    const others = Array.from({ length: 100 }, (_, index) => checked(`t${index}`))
    for (const token of others) {
      cache.put(token, at(150))
      expect(cache.get(used.validated.jwt, at(150))).toBe(used)
    }
    const kept = others.filter(({ validated }) => cache.get(validated.jwt, at(150)))
    expect(kept.length).toBeLessThanOrEqual(9)
    expect(kept.length).toBeGreaterThanOrEqual(3)
  })

  test('never more than its bytes are kept', () => {
    const cache = createVerifiedTokens({ maxEntries: 1e6, maxBytes: 20_000 })
    const tokens = Array.from({ length: 100 }, (_, index) =>
      checked(`t${index}`.padStart(600, '.')),
    )
    for (const token of tokens) cache.put(token, at(150))
    const kept = tokens.filter(({ validated }) => cache.get(validated.jwt, at(150)))
    expect(kept.length).toBeGreaterThan(1)
    expect(kept.length).toBeLessThan(10)
    const huge = checked('x'.repeat(20_000))
    cache.put(huge, at(150))
    expect(cache.get(huge.validated.jwt, at(150))).toBeUndefined()
  })

  test('a token that is put again costs its place once', () => {
    const cache = createVerifiedTokens({ maxEntries: 100, maxBytes: 20_000 })
    const token = checked('a')
    const other = checked('b')
    cache.put(other, at(150))
    for (let count = 0; count < 100; count += 1) cache.put(token, at(150))
    expect(cache.get(other.validated.jwt, at(150))).toBe(other)
  })

  test('the smallest cache holds something', () => {
    const cache = createVerifiedTokens({ maxEntries: 1, maxBytes: 10_000 })
    const token = checked('a')
    cache.put(token, at(150))
    expect(cache.get(token.validated.jwt, at(150))).toBe(token)
  })
})
