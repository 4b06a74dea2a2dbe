import { describe, expect, test } from 'vitest'
import { memoryStore, type SessionTokens } from '@linkpass/core'
import { createTestClock } from '@linkpass/testing'
import { HashedEntries } from '../../src/attempt/hashed-entries.ts'
import { createSealer } from '@linkpass/core/internal'

const user = { userId: 'U1', loginIds: ['a@b.example'] }
const tokens: SessionTokens = { sessionJwt: 's', refreshJwt: 'r', user, firstSeen: false }
const sealer = createSealer(['a secret of at least thirty-two bytes'])

describe('tokens that are kept', () => {
  test('are found by whoever has the secret, for a minute', async () => {
    const clock = createTestClock()
    const here = new HashedEntries(memoryStore({ clock }), sealer)
    expect(await here.findTokens('verified', 'secret')).toBeUndefined()
    await here.keepTokens('verified', 'secret', tokens)
    expect(await here.findTokens('verified', 'secret')).toMatchObject({
      tokens,
      isUnchecked: false,
    })
    expect(await here.findTokens('verified', 'guess')).toBeUndefined()
    clock.advance(60_001)
    expect(await here.findTokens('verified', 'secret')).toBeUndefined()
  })

  test('unchecked are kept for ten minutes, and one caller takes them', async () => {
    const clock = createTestClock()
    const here = new HashedEntries(memoryStore({ clock }), sealer)
    await here.keepUnchecked('verified', 'secret', tokens)
    clock.advance(10 * 60_000 - 1)
    const found = await here.findTokens('verified', 'secret')
    expect(found).toMatchObject({ tokens, isUnchecked: true })
    expect([await found?.take(), await found?.take()]).toEqual([true, false])
    await here.keepUnchecked('verified', 'secret', tokens)
    clock.advance(10 * 60_000)
    expect(await here.findTokens('verified', 'secret')).toBeUndefined()
  })

  test('are for one purpose and one app', async () => {
    const store = memoryStore()
    const here = new HashedEntries(store, sealer)
    await here.keepTokens('verified', 'secret', tokens)
    expect(await here.findTokens('approved', 'secret')).toBeUndefined()
    const sealerOfOther = createSealer(['another secret of at least thirty-two bytes'])
    const other = new HashedEntries(store, sealerOfOther)
    expect(await other.findTokens('verified', 'secret')).toBeUndefined()
  })

  test('are found by instances before and after a rotation of secrets', async () => {
    const store = memoryStore()
    const [older, newer] = ['a secret of at least thirty-two bytes', 'x'.repeat(32)] as const
    const before = new HashedEntries(store, createSealer([older, newer]))
    const after = new HashedEntries(store, createSealer([newer, older]))
    await before.keepTokens('approved', 'one', tokens)
    await after.keepUnchecked('approved', 'other', tokens)
    expect(await after.findTokens('approved', 'one')).toMatchObject({ tokens })
    const found = await before.findTokens('approved', 'other')
    expect(found).toMatchObject({ tokens, isUnchecked: true })
    expect(await found?.take()).toBe(true)
    expect(await after.findTokens('approved', 'neither')).toBeUndefined()
  })

  test('take a secret of any length', async () => {
    const here = new HashedEntries(memoryStore(), sealer)
    const long = 'x'.repeat(20_000)
    await here.keepTokens('approved', long, tokens)
    expect(await here.findTokens('approved', long)).toMatchObject({ tokens })
  })
})
