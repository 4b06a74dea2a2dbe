import { describe, expect, test } from 'vitest'
import { createTestClock, makeKey, sessionToken, startTime, wrapStore } from '@linkpass/testing'
import { StoreError } from '../../src/errors.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import {
  type Revocations,
  createRevocationCheck,
  createRevocations,
} from '../../src/session/revocation/revocation.ts'
import type { VerifiedToken } from '../../src/session/verify-token.ts'
import { createVerifier } from '../../src/jwt/signature.ts'

const key = makeKey('K1', 'ES256')
const seconds = startTime / 1000
const token = { sub: 'U2ada', iss: 'P2', drn: 'DS', iat: seconds, exp: seconds + 600 }
const checked: VerifiedToken = {
  validated: { jwt: sessionToken(key), token },
  expired: false,
  key: { kid: 'K1', alg: 'ES256', fingerprint: '', verify: createVerifier('ES256', key.publicKey) },
  outcome: undefined,
  refreshTail: undefined,
}

test.each([
  [-5, 1],
  [0.2, 1],
  [1, 1],
  [1.2, 2],
])('a record for %d ms is kept for %d, whole ones and at least one', async (requested, kept) => {
  const clock = createTestClock()
  const lifetimes: number[] = []
  const inner = memoryStore({ clock })
  const store = {
    ...inner,
    set: async (name: string, value: string, ttlMs: number) => {
      lifetimes.push(ttlMs)
      return inner.set(name, value, ttlMs)
    },
  }
  const revocations = createRevocations(store, 'P2')
  await revocations.revoke(checked.validated, requested)
  await revocations.revokeSession(checked.validated, requested)
  expect(lifetimes).toEqual([kept, kept])
})

test('"allow" tolerates an unavailable store, and nothing else', async () => {
  const failing = (thrown: Error) => {
    const recordOf = () => Promise.reject(thrown)
    return createRevocationCheck({ recordOf }, { onStoreError: 'allow' })
  }
  await expect(failing(new StoreError('down'))(checked)).resolves.toBe(checked)
  const defect = new TypeError('a defect')
  await expect(failing(defect)(checked)).rejects.toBe(defect)
})

describe.each<[string, (of: Revocations, second: number) => Promise<void>]>([
  ['of one user', (of, second) => of.revokeUser('U2ada', second)],
  ['of everyone', (of, second) => of.revokeBefore(second)],
])('a revocation %s', (_whose, revoke) => {
  test('of an earlier second makes no token valid again', async () => {
    const revocations = createRevocations(memoryStore({ clock: createTestClock() }), 'P2')
    await revoke(revocations, seconds)
    await revoke(revocations, seconds - 5)
    expect(await revocations.isUserRevoked('U2ada', seconds)).toBe(true)
  })

  test.each([
    ['an earlier', -1, 0],
    ['the same', 0, 0],
    ['a later', 1, 1],
  ])(
    'that is overtaken by one of %s second: the later one counts',
    async (_which, ahead, counts) => {
      const inner = memoryStore({ clock: createTestClock() })
      const there = createRevocations(inner, 'P2')
      let isOvertaken = false
      const store = wrapStore(inner, async (operation, name) => {
        if (name === 'replaceIf' && !isOvertaken) {
          isOvertaken = true
          await revoke(there, seconds + ahead)
        }
        return operation()
      })
      await revoke(there, seconds - 9)
      await revoke(createRevocations(store, 'P2'), seconds)
      expect(isOvertaken).toBe(true)
      expect(await there.isUserRevoked('U2ada', seconds + counts)).toBe(true)
      expect(await there.isUserRevoked('U2ada', seconds + counts + 1)).toBe(false)
    },
  )
})
