import {
  createTestClock,
  flush,
  makeKey,
  projectId,
  refreshToken,
  sessionToken,
  startTime,
  wrapStore,
} from '@linkpass/testing'
import { expect, test } from 'vitest'
import { RequestError } from '../../src/errors.ts'
import { createAdminRevocation } from '../../src/session/revocation/admin-revocation.ts'
import { createRevocations } from '../../src/session/revocation/revocation.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import { createTestService } from './service.ts'

const key = makeKey('K1', 'ES256')

function create(store = memoryStore()) {
  return createTestService({ keySet: () => ({ keys: [key.jwk] }), store })
}

test.each<[string, unknown]>([
  ['an empty user id', ''],
  ['no user id', undefined],
])('%s is refused, and nothing is recorded', async (_, userId) => {
  const { sessions } = create()
  // @ts-expect-error -- as a program without types calls it
  await expect(sessions.revokeUser(userId)).rejects.toMatchObject({
    code: 'ERR_ARGUMENT',
    argument: 'userId',
  })
})

test.each<[string, unknown]>([
  ['a number, which could be in seconds', startTime],
  ['an invalid date', new Date(Number.NaN)],
  ['a moment in the future', new Date(startTime + 1)],
])('%s is refused, and signs no user out', async (_, time) => {
  const { sessions } = create()
  // @ts-expect-error -- as a program without types calls it
  await expect(sessions.revokeBefore(time)).rejects.toMatchObject({
    code: 'ERR_ARGUMENT',
    argument: 'time',
  })
})

test('an unavailable store is an error, since nothing is revoked', async () => {
  const store = wrapStore(memoryStore({ clock: createTestClock() }), () =>
    Promise.reject(new Error('down')),
  )
  const { sessions } = create(store)
  const unavailable = { code: 'ERR_STORE_UNAVAILABLE' }
  await expect(sessions.revokeUser('U2ada')).rejects.toMatchObject(unavailable)
  await expect(sessions.revokeBefore(new Date(startTime))).rejects.toMatchObject(unavailable)
})

test('while the service is unavailable, the last known time counts', async () => {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  const { revokeUser } = createAdminRevocation({
    clock,
    revocations: createRevocations(store, 'P2'),
    serviceTime: { now: () => startTime + 3000 },
    measure: () => Promise.reject(new Error('down')),
  })
  await revokeUser('U2ada')
  const revocations = createRevocations(store, 'P2')
  const second = startTime / 1000 + 3
  expect(await revocations.isUserRevoked('U2ada', second)).toBe(true)
  expect(await revocations.isUserRevoked('U2ada', second + 1)).toBe(false)
})

test('two administrators at once: the later moment counts', async () => {
  const store = memoryStore()
  const [{ sessions: here }, { sessions: there }] = [create(store), create(store)]
  const secondsAgo = (seconds: number) => new Date(startTime - seconds * 1000)
  await Promise.all([
    here.revokeBefore(secondsAgo(5)),
    there.revokeBefore(secondsAgo(0)),
    here.revokeBefore(secondsAgo(9)),
  ])
  for (const sessions of [here, there]) {
    const refreshJwt = refreshToken(key, { claims: { iat: startTime / 1000 } })
    expect(await sessions.authenticate({ refreshJwt })).toMatchObject({ reason: 'revoked' })
  }
})

test('another project on the same store keeps its sessions', async () => {
  const store = memoryStore()
  await create(store).sessions.revokeBefore(new Date(startTime))
  const otherId = 'P2zyxwvutsrqponmlkjihgfedcba98'
  const other = createTestService({
    projectId: otherId,
    store,
    keySet: () => ({ keys: [key.jwk] }),
    refresh: async () => ({ ok: false, code: 0, error: new RequestError('ERR_TIMEOUT', '') }),
  })
  const refreshJwt = refreshToken(key, { claims: { iss: otherId } })
  const outcome = await other.sessions.authenticate({ refreshJwt })
  // The service was asked, and did not respond.
  expect(outcome).toMatchObject({ status: 'unavailable', what: 'refresh' })
})

test('another project keeps its sessions too where both follow the log of one store', async () => {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  const shared = { store, clock, revocation: { onStoreError: 'deny' } } as const
  const [one, other] = [projectId, 'P2zyxwvutsrqponmlkjihgfedcba98'].map((id) => {
    const service = createTestService({
      ...shared,
      projectId: id,
      keySet: () => ({ keys: [key.jwk] }),
    })
    return { ...service, sessionJwt: sessionToken(key, { claims: { iss: id } }) }
  })
  if (one === undefined || other === undefined) throw new Error('two services')
  await Promise.all([one.sessions.warmUp(), other.sessions.warmUp()])
  await one.sessions.revokeBefore(new Date(startTime))
  // By a hint, and by the next reading.
  await flush()
  clock.advance(750)
  await flush()
  const { sessionJwt } = other
  expect(await other.sessions.authenticate({ sessionJwt })).toMatchObject({ status: 'signed-in' })
  expect(await one.sessions.authenticate({ sessionJwt: one.sessionJwt })).toMatchObject({
    reason: 'revoked',
  })
  for (const { sessions } of [one, other]) sessions.close()
})
