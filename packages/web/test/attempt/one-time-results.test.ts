import { describe, expect, test } from 'vitest'
import { memoryStore, type SessionTokens } from '@linkpass/core'
import { createTestClock } from '@linkpass/testing'
import { createOneTimeResults } from '../../src/attempt/hashed-keys.ts'
import { createSealer } from '@linkpass/core/internal'

const user = { userId: 'U1', loginIds: ['a@b.example'] }
const tokens: SessionTokens = { sessionJwt: 's', refreshJwt: 'r', user, firstSeen: false }
const secrets: readonly [string] = ['a secret of at least thirty-two bytes']

describe('a hand-over', () => {
  test('gives back what was kept to whoever has the secret, for a minute', async () => {
    const clock = createTestClock()
    const results = createOneTimeResults(memoryStore({ clock }), createSealer(secrets), 'verified')
    expect(await results.find('secret')).toBeUndefined()
    await results.keep('secret', tokens)
    expect(await results.has('secret')).toBe(true)
    expect(await results.find('secret')).toMatchObject({ tokens, isUnchecked: false })
    expect(await results.find('guess')).toBeUndefined()
    clock.advance(60_001)
    expect(await results.has('secret')).toBe(false)
    expect(await results.find('secret')).toBeUndefined()
  })

  test('keeps unchecked tokens for ten minutes, and one caller takes them', async () => {
    const clock = createTestClock()
    const results = createOneTimeResults(memoryStore({ clock }), createSealer(secrets), 'verified')
    await results.keepUnchecked('secret', tokens)
    clock.advance(10 * 60_000 - 1)
    const found = await results.find('secret')
    if (found === undefined) throw new Error('nothing was kept')
    expect(found).toMatchObject({ tokens, isUnchecked: true })
    const taken = [await results.take('secret', found), await results.take('secret', found)]
    expect(taken).toEqual([true, false])
    await results.keepUnchecked('secret', tokens)
    clock.advance(10 * 60_000)
    expect(await results.find('secret')).toBeUndefined()
  })

  test('is for one purpose and one app', async () => {
    const store = memoryStore()
    await createOneTimeResults(store, createSealer(secrets), 'verified').keep('secret', tokens)
    const otherPurpose = createOneTimeResults(store, createSealer(secrets), 'approved')
    expect(await otherPurpose.find('secret')).toBeUndefined()
    const otherApp = createSealer(['another secret of at least thirty-two bytes'])
    expect(await createOneTimeResults(store, otherApp, 'verified').find('secret')).toBeUndefined()
  })

  test('is found by instances before and after a rotation of secrets', async () => {
    const store = memoryStore()
    const newer = 'another secret of at least thirty-two bytes'
    const [before, after] = [[secrets[0], newer] as const, [newer, secrets[0]] as const].map(
      (listed) => createOneTimeResults(store, createSealer(listed), 'approved'),
    )
    await before?.keep('one', tokens)
    await after?.keep('other', tokens)
    expect([await after?.find('one'), await before?.find('other')]).toMatchObject([
      { tokens },
      { tokens },
    ])
    const [has, hasNot] = [await after?.has('one'), await after?.has('neither')]
    expect([has, hasNot]).toEqual([true, false])
  })

  test('takes a secret of any length', async () => {
    const results = createOneTimeResults(memoryStore(), createSealer(secrets), 'approved')
    const long = 'x'.repeat(20_000)
    await results.keep(long, tokens)
    expect(await results.find(long)).toMatchObject({ tokens })
  })
})
