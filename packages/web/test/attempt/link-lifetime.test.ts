import { describe, expect, test } from 'vitest'
import type { LinkLifetimeOption } from '../../src/options.ts'
import { resolveLinkLifetimes } from '../../src/settings.ts'

describe('how long links live', () => {
  test.each<[LinkLifetimeOption | undefined, object]>([
    [undefined, { magic: undefined, enchanted: undefined }],
    [10, { magic: 10, enchanted: 10 }],
    [43_200, { magic: 43_200, enchanted: 43_200 }],
    [{}, { magic: undefined, enchanted: undefined }],
    [{ magic: 15 }, { magic: 15, enchanted: undefined }],
    [
      { magic: 15, enchanted: 3 },
      { magic: 15, enchanted: 3 },
    ],
  ])('%j is %j', (option, lifetimes) => {
    expect(resolveLinkLifetimes(option)).toEqual(lifetimes)
    expect(resolveLinkLifetimes(option)).toSatisfy(Object.isFrozen)
  })

  test.each<[unknown, string]>([
    [0, 'linkLifetimeMinutes must be'],
    [-3, 'linkLifetimeMinutes must be'],
    [2.5, 'linkLifetimeMinutes must be'],
    [Number.NaN, 'linkLifetimeMinutes must be'],
    ['10', 'linkLifetimeMinutes must be'],
    [null, 'linkLifetimeMinutes must be'],
    [600_000, 'linkLifetimeMinutes must be'],
    [{ magic: 0 }, 'linkLifetimeMinutes.magic must be'],
    [{ enchanted: '3' }, 'linkLifetimeMinutes.enchanted must be'],
    [{ email: 3 }, 'has no option "email"'],
  ])('%j is refused by name', (option, message) => {
    const resolve = (): unknown => resolveLinkLifetimes(option as LinkLifetimeOption)
    expect(resolve).toThrow(TypeError)
    expect(resolve).toThrow(message)
  })
})
