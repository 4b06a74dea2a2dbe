import { describe, expect, test } from 'vitest'
import { memoryStore, type SessionTokens } from '@linkpass/core'
import { createHandOver, createSealer } from '@linkpass/web'
import { createTestClock } from '../../../core/test/session/service.ts'

const user = { userId: 'U1', loginIds: ['a@b.example'] }
const tokens: SessionTokens = { sessionJwt: 's', refreshJwt: 'r', user, firstSeen: false }
const secrets: readonly [string] = ['a secret of at least thirty-two bytes']

describe('a hand-over', () => {
  test('gives back what was kept to whoever has the secret, for a minute', async () => {
    const clock = createTestClock()
    const handOver = createHandOver(memoryStore({ clock }), createSealer(secrets), 'verified')
    expect(await handOver.find('secret')).toBeUndefined()
    await handOver.keep('secret', tokens)
    expect(await handOver.has('secret')).toBe(true)
    expect(await handOver.find('secret')).toEqual(tokens)
    expect(await handOver.find('guess')).toBeUndefined()
    clock.advance(60_001)
    expect(await handOver.has('secret')).toBe(false)
    expect(await handOver.find('secret')).toBeUndefined()
  })

  test('is for one purpose and one app', async () => {
    const store = memoryStore()
    await createHandOver(store, createSealer(secrets), 'verified').keep('secret', tokens)
    const otherPurpose = createHandOver(store, createSealer(secrets), 'approved')
    expect(await otherPurpose.find('secret')).toBeUndefined()
    const otherApp = createSealer(['another secret of at least thirty-two bytes'])
    expect(await createHandOver(store, otherApp, 'verified').find('secret')).toBeUndefined()
  })

  test('is found by instances before and after a rotation of secrets', async () => {
    const store = memoryStore()
    const newer = 'another secret of at least thirty-two bytes'
    const [before, after] = [[secrets[0], newer] as const, [newer, secrets[0]] as const].map(
      (listed) => createHandOver(store, createSealer(listed), 'approved'),
    )
    await before?.keep('one', tokens)
    await after?.keep('other', tokens)
    expect([await after?.find('one'), await before?.find('other')]).toEqual([tokens, tokens])
    const [has, hasNot] = [await after?.has('one'), await after?.has('neither')]
    expect([has, hasNot]).toEqual([true, false])
  })

  test('takes a secret of any length', async () => {
    const handOver = createHandOver(memoryStore(), createSealer(secrets), 'approved')
    const long = 'x'.repeat(20_000)
    await handOver.keep(long, tokens)
    expect(await handOver.find(long)).toEqual(tokens)
  })
})
