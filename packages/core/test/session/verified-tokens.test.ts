import { describe, expect, test } from 'vitest'
import { collectGarbage, makeKey } from '@linkpass/testing'
import { readKeySet } from '../../src/jwks/verification-key.ts'
import { VerifiedTokens } from '../../src/session/verified-tokens.ts'
import type { VerifiedToken } from '../../src/session/verify-token.ts'

const key = readKeySet({ keys: [makeKey('K1', 'ES256').jwk] }, ['ES256']).byKid.get('K1')!

/** A checked token called `name`, from second 100 to second 200. */
function checked(name: string, claims: { nbf?: number; iat?: number; exp?: number } = {}) {
  const token = { sub: 'U', iss: 'P', drn: 'DS', iat: 100, exp: 200, ...claims }
  const jwt = `${'h'.repeat(40)}.${name}.${name.padStart(86, '-')}`
  return {
    validated: { jwt, token },
    expired: false,
    key,
    outcome: undefined,
    refreshTail: undefined,
  } satisfies VerifiedToken
}

function putNew(cache: VerifiedTokens, name: string, monotonic: number): VerifiedToken {
  const token = checked(name)
  cache.put(token, at(150, monotonic))
  return token
}

const at = (now: number, monotonic = 0) => ({
  now: () => now * 1000,
  monotonic: () => monotonic,
})

describe('verified tokens', () => {
  test('are found by the whole token only', () => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
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
    ['an hour after it was verified, by a clock that was set', at(150, 3_600_000), true],
  ])('%s', (_when, times, isFound) => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const token = checked('a')
    cache.put(token, at(150))
    expect(cache.get(token.validated.jwt, times)).toBe(isFound ? token : undefined)
  })

  test('a token that begins later by tolerance begins when it was verified', () => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const early = checked('a', { nbf: 153 })
    cache.put(early, at(150))
    expect(cache.get(early.validated.jwt, at(150))).toBe(early)
    expect(cache.get(early.validated.jwt, at(149.9))).toBeUndefined()
    const late = checked('b', { nbf: 120 })
    cache.put(late, at(150))
    expect(cache.get(late.validated.jwt, at(119))).toBeUndefined()
  })

  test('a token within the tolerance of its end is not kept', () => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const token = checked('a')
    cache.put(token, at(200))
    expect(cache.get(token.validated.jwt, at(199))).toBeUndefined()
  })

  test('as many are kept an hour after the start of the clock as at once', () => {
    const cache = new VerifiedTokens({ maxEntries: 8, maxBytes: 1e6 })
    const tokens = ['a', 'b', 'c', 'd'].map((name) => putNew(cache, name, 3_600_000))
    for (const token of tokens) {
      expect(cache.get(token.validated.jwt, at(150, 3_600_000))).toBe(token)
    }
  })

  test('two are kept where there is room for two', () => {
    const cache = new VerifiedTokens({ maxEntries: 2, maxBytes: 1e6 })
    const tokens = ['a', 'b', 'c', 'd', 'e'].map((name) => putNew(cache, name, 0))
    const kept = tokens.filter(({ validated }) => cache.get(validated.jwt, at(150)) !== undefined)
    expect(kept).toEqual(tokens.slice(3))
  })

  test('one that is used again and again displaces no other', () => {
    const cache = new VerifiedTokens({ maxEntries: 4, maxBytes: 1e6 })
    const [first, , , last] = ['a', 'b', 'c', 'd'].map((name) => putNew(cache, name, 0))
    for (let hit = 0; hit < 10; hit += 1) {
      expect(cache.get(last!.validated.jwt, at(150))).toBe(last)
    }
    expect(cache.get(first!.validated.jwt, at(150))).toBe(first)
  })

  test('a token in use is kept until its end, while others come and go', () => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const token = checked('a', { exp: 4000 })
    cache.put(token, at(150))
    for (let second = 180; second < 4000; second += 30) {
      const now = at(second, (second - 150) * 1000)
      cache.put(checked(`other-${second}`, { exp: 9000 }), now)
      expect(cache.get(token.validated.jwt, now)).toBe(token)
    }
    expect(cache.get(token.validated.jwt, at(4000, 3_850_000))).toBeUndefined()
  })

  const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`)

  test('as many are kept as its entries allow; one more, and the older half goes', () => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const tokens = names(11).map((name) => checked(name))
    const isKept = ({ validated }: VerifiedToken) => cache.get(validated.jwt, at(150)) !== undefined
    for (const token of tokens.slice(0, 10)) cache.put(token, at(150))
    // Only young ones are read, since reading an old one moves it.
    expect(tokens.slice(5, 10).map(isKept)).toEqual(Array(5).fill(true))
    cache.put(tokens[10]!, at(150))
    expect(tokens.map(isKept)).toEqual([...Array(5).fill(false), ...Array(6).fill(true)])
  })

  test('a token that was used since its half became the older one stays when that half goes', () => {
    const cache = new VerifiedTokens({ maxEntries: 10, maxBytes: 1e6 })
    const [used, unused, ...others] = names(12).map((name) => checked(name))
    cache.put(used!, at(150))
    cache.put(unused!, at(150))
    for (const token of others.slice(0, 4)) cache.put(token, at(150))
    expect(cache.get(used!.validated.jwt, at(150))).toBe(used)
    for (const token of others.slice(4, 8)) cache.put(token, at(150))
    expect(cache.get(unused!.validated.jwt, at(150))).toBeUndefined()
    expect(cache.get(used!.validated.jwt, at(150))).toBe(used)
  })

  test('as many are kept as its bytes allow, twice the length and a kilobyte each', () => {
    const tokens = names(5).map((name) => checked(name.padStart(600, '.')))
    const cost = tokens[0]!.validated.jwt.length * 2 + 1024
    for (const [maxBytes, kept] of [
      [4 * cost, [false, false, true, true, true]],
      [4 * cost - 1, [false, false, false, true, true]],
    ] as const) {
      const cache = new VerifiedTokens({ maxEntries: 1e6, maxBytes })
      for (const token of tokens) cache.put(token, at(150))
      expect(
        tokens.map(({ validated }) => cache.get(validated.jwt, at(150)) !== undefined),
      ).toEqual(kept)
    }
  })

  test('a token that would take more than half of its bytes is not kept', () => {
    const token = checked('x'.repeat(20_000))
    const cost = token.validated.jwt.length * 2 + 1024
    for (const [maxBytes, isKept] of [
      [2 * cost, true],
      [2 * cost - 1, false],
    ] as const) {
      const cache = new VerifiedTokens({ maxEntries: 10, maxBytes })
      cache.put(token, at(150))
      expect(cache.get(token.validated.jwt, at(150)) !== undefined).toBe(isKept)
    }
  })

  test('a token that is put again is counted once', () => {
    const cache = new VerifiedTokens({ maxEntries: 100, maxBytes: 20_000 })
    const token = checked('a')
    const other = checked('b')
    cache.put(other, at(150))
    for (let count = 0; count < 100; count += 1) cache.put(token, at(150))
    expect(cache.get(other.validated.jwt, at(150))).toBe(other)
  })

  test('a token that was not used for two minutes is freed, though there is room', async () => {
    const cache = new VerifiedTokens({ maxEntries: 10_000, maxBytes: 1e9 })
    const forgotten = new WeakRef(putNew(cache, 'a', 0))
    putNew(cache, 'b', 60_000)
    putNew(cache, 'c', 120_000)
    // What a WeakRef led to in this turn stays until the next.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    expect(forgotten.deref()).toBeUndefined()
  })

  test('a token verified at the end of a generation is still found a minute later', () => {
    const cache = new VerifiedTokens({ maxEntries: 10_000, maxBytes: 1e9 })
    putNew(cache, 'a', 0)
    const { jwt } = putNew(cache, 'b', 59_000).validated
    putNew(cache, 'c', 61_000)
    expect(cache.get(jwt, at(150, 61_000))).toBeDefined()
    putNew(cache, 'd', 118_000)
    expect(cache.get(jwt, at(150, 118_999))).toBeDefined()
  })

  test('the smallest cache holds something', () => {
    const cache = new VerifiedTokens({ maxEntries: 1, maxBytes: 10_000 })
    const token = checked('a')
    cache.put(token, at(150))
    expect(cache.get(token.validated.jwt, at(150))).toBe(token)
  })
})
