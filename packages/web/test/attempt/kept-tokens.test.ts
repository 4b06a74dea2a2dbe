import { describe, expect, test } from 'vitest'
import { memoryStore, type SessionTokens } from '@linkpass/core'
import { createTestClock } from '@linkpass/testing'
import { findTokens, keepTokens } from '../../src/attempt/hashed-keys.ts'
import { createSealer } from '@linkpass/core/internal'

const user = { userId: 'U1', loginIds: ['a@b.example'] }
const tokens: SessionTokens = { sessionJwt: 's', refreshJwt: 'r', user, firstSeen: false }
const sealer = createSealer(['a secret of at least thirty-two bytes'])

describe('tokens that are kept', () => {
  test('are found by whoever has the secret, for a minute', async () => {
    const clock = createTestClock()
    const here = { store: memoryStore({ clock }), sealer }
    expect(await findTokens(here, 'verified', 'secret')).toBeUndefined()
    await keepTokens(here, 'verified', 'secret', tokens)
    expect(await findTokens(here, 'verified', 'secret')).toMatchObject({
      ...{ tokens, isUnchecked: false },
    })
    expect(await findTokens(here, 'verified', 'guess')).toBeUndefined()
    clock.advance(60_001)
    expect(await findTokens(here, 'verified', 'secret')).toBeUndefined()
  })

  test('unchecked are kept for ten minutes, and one caller takes them', async () => {
    const clock = createTestClock()
    const here = { store: memoryStore({ clock }), sealer }
    await keepTokens(here, 'verified', 'secret', tokens, 'unchecked')
    clock.advance(10 * 60_000 - 1)
    const found = await findTokens(here, 'verified', 'secret')
    expect(found).toMatchObject({ tokens, isUnchecked: true })
    expect([await found?.take(), await found?.take()]).toEqual([true, false])
    await keepTokens(here, 'verified', 'secret', tokens, 'unchecked')
    clock.advance(10 * 60_000)
    expect(await findTokens(here, 'verified', 'secret')).toBeUndefined()
  })

  test('are for one purpose and one app', async () => {
    const store = memoryStore()
    await keepTokens({ store, sealer }, 'verified', 'secret', tokens)
    expect(await findTokens({ store, sealer }, 'approved', 'secret')).toBeUndefined()
    const other = { store, sealer: createSealer(['another secret of at least thirty-two bytes']) }
    expect(await findTokens(other, 'verified', 'secret')).toBeUndefined()
  })

  test('are found by instances before and after a rotation of secrets', async () => {
    const store = memoryStore()
    const [older, newer] = ['a secret of at least thirty-two bytes', 'x'.repeat(32)] as const
    const before = { store, sealer: createSealer([older, newer]) }
    const after = { store, sealer: createSealer([newer, older]) }
    await keepTokens(before, 'approved', 'one', tokens)
    await keepTokens(after, 'approved', 'other', tokens, 'unchecked')
    expect(await findTokens(after, 'approved', 'one')).toMatchObject({ tokens })
    const found = await findTokens(before, 'approved', 'other')
    expect(found).toMatchObject({ tokens, isUnchecked: true })
    expect(await found?.take()).toBe(true)
    expect(await findTokens(after, 'approved', 'neither')).toBeUndefined()
  })

  test('take a secret of any length', async () => {
    const here = { store: memoryStore(), sealer }
    const long = 'x'.repeat(20_000)
    await keepTokens(here, 'approved', long, tokens)
    expect(await findTokens(here, 'approved', long)).toMatchObject({ tokens })
  })
})
