import {
  createTestClock,
  deferred,
  flush,
  makeKey,
  refreshToken,
  sessionToken,
  startTime,
  wrapStore,
} from '@linkpass/testing'
import { expect, test } from 'vitest'
import { TokenError } from '../../src/errors.ts'
import type { Session } from '../../src/model/outcome.ts'
import type { ClientOptions } from '../../src/options.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import { createTestService, type TestService } from './service.ts'

const key = makeKey('K1', 'ES256')
const jwt = sessionToken(key)
const refreshJwt = refreshToken(key)

const withLog: Pick<ClientOptions, 'revocation'> = { revocation: { onStoreError: 'deny' } }

function create(options: Pick<ClientOptions, 'revocation'> = {}): TestService & {
  store: StateStore
  fail(isDown: boolean): void
  lookUps: number[]
} {
  const clock = createTestClock()
  const lookUps: number[] = []
  let isFailing = false
  const store = wrapStore(memoryStore({ clock }), async (operation, name) => {
    if (isFailing) throw new Error('down')
    if (name === 'getMany') lookUps.push(clock.now())
    return operation()
  })
  const keySet = (): unknown => ({ keys: [key.jwk] })
  const service = createTestService({ ...options, clock, store, keySet })
  return { ...service, store, lookUps, fail: (isDown) => (isFailing = isDown) }
}

async function sessionOf({ sessions }: TestService, token = jwt): Promise<Session> {
  const outcome = await sessions.authenticate({ sessionJwt: token })
  if (outcome.status !== 'signed-in') throw new Error('no session')
  return outcome.session
}

/** Lets the clock run, and everything that waits for it. */
async function pass({ clock }: TestService, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    clock.advance(Math.min(left, 500))
    await flush()
  }
}

test('a session ends when its token does, and the reason says so', async () => {
  const service = create()
  const session = await sessionOf(service)
  const { signal } = service.sessions.watchSession(session)
  await flush()
  await pass(service, session.expiresAt - startTime - 1)
  expect(signal.aborted).toBe(false)
  await pass(service, 1000)
  expect(signal.aborted).toBe(true)
  expect(signal.reason).toMatchObject({ code: 'ERR_TOKEN_EXPIRED' })
  expect(service.sessions.watchSession(session).signal.aborted).toBe(true)
  expect(service.clock.sleepers).toBe(0)
})

test.each<[string, (service: TestService, session: Session) => Promise<unknown>]>([
  ['a logout with its refresh token', ({ sessions }) => sessions.recordLogout(refreshJwt)],
  ['a logout everywhere', ({ sessions }) => sessions.recordLogoutAll(refreshJwt)],
  ['a sign-in that replaced it', ({ sessions }) => sessions.recordReplaced(refreshJwt)],
  ['an administrator', ({ sessions }, { userId }) => sessions.revokeUser(userId)],
])('a session that was ended by %s ends within a second, and no other', async (_, end) => {
  const service = create()
  const [session, eves] = [
    await sessionOf(service),
    sessionToken(key, { claims: { sub: 'U2eve' } }),
  ]
  const { signal } = service.sessions.watchSession(session, refreshJwt)
  const other = service.sessions.watchSession(await sessionOf(service, eves))
  await flush()
  await end(service, session)
  await pass(service, 1000)
  expect(signal.reason).toBeInstanceOf(TokenError)
  expect(signal.reason).toMatchObject({ code: 'ERR_TOKEN_REVOKED' })
  expect(other.signal.aborted).toBe(false)
  await service.sessions.revokeBefore(new Date(startTime))
  await pass(service, 1000)
  expect(other.signal.aborted).toBe(true)
})

test.each<[string, (service: TestService, session: Session) => Promise<unknown>]>([
  ['a logout with its refresh token', ({ sessions }) => sessions.recordLogout(refreshJwt)],
  ['a logout with its session token', ({ sessions }) => sessions.recordLogout(undefined, jwt)],
  ['a logout everywhere', ({ sessions }) => sessions.recordLogoutAll(refreshJwt)],
  ['a sign-in that replaced it', ({ sessions }) => sessions.recordReplaced(refreshJwt)],
  ['an administrator', ({ sessions }, { userId }) => sessions.revokeUser(userId)],
])('with the log of revocations, one ended by %s needs no look-up', async (_, end) => {
  const here = create(withLog)
  const { store, clock } = here
  const there = createTestService({ ...withLog, clock, store, keySet: () => ({ keys: [key.jwk] }) })
  await here.sessions.warmUp()
  const session = await sessionOf(here)
  const eves = await sessionOf(here, sessionToken(key, { claims: { sub: 'U2eve' } }))
  const { signal } = here.sessions.watchSession(session, refreshJwt)
  const other = here.sessions.watchSession(eves)
  await pass(here, 5000)
  await end(there, session)
  await pass(here, 1000)
  expect(signal.reason).toMatchObject({ code: 'ERR_TOKEN_REVOKED' })
  expect([other.signal.aborted, here.lookUps]).toEqual([false, []])
})

test('while the log is not followed, a watched session is looked up', async () => {
  const service = create(withLog)
  const { signal } = service.sessions.watchSession(await sessionOf(service), refreshJwt)
  service.fail(true)
  await pass(service, 3000)
  service.fail(false)
  await service.sessions.recordLogout(refreshJwt)
  await pass(service, 2000)
  expect(signal.aborted).toBe(true)
})

test.each<[string, Pick<ClientOptions, 'revocation'>]>([
  ['the store', {}],
  ['the log', withLog],
])('a watched session is hashed once, however often it is looked up in %s', async (_, options) => {
  const service = create(options)
  await service.sessions.warmUp()
  const session = await sessionOf(service)
  // It is hashed where it is read.
  const reads = { jwt: 0, sub: 0 }
  const counted: Session = {
    ...session,
    get jwt() {
      reads.jwt += 1
      return session.jwt
    },
    claims: {
      ...session.claims,
      get sub() {
        reads.sub += 1
        return session.claims.sub
      },
    },
  }
  const { signal } = service.sessions.watchSession(counted, refreshJwt)
  const afterFirst = { ...reads }
  for (let index = 0; index < 5; index += 1) {
    const other = sessionToken(key, { claims: { sub: `U2${index}`, jti: String(index) } })
    await service.sessions.recordLogout(undefined, other)
    await service.sessions.revokeUser(`U2${index}`)
    await pass(service, 1000)
  }
  expect([signal.aborted, reads]).toEqual([false, afterFirst])
  await service.sessions.revokeUser(session.userId)
  await pass(service, 1000)
  expect(signal.aborted).toBe(true)
})

test('ten thousand sessions have one timer, and none once they are released', async () => {
  const service = create()
  const session = await sessionOf(service)
  const ends = Array.from({ length: 10_000 }, () => service.sessions.watchSession(session, 'R'))
  await flush()
  expect(service.clock.sleepers).toBe(1)
  await pass(service, 500)
  expect([service.clock.sleepers, service.lookUps]).toEqual([1, [startTime + 500]])
  for (const { release } of ends) release()
  await pass(service, 500)
  expect(service.clock.sleepers).toBe(0)
  expect(ends.some(({ signal }) => signal.aborted)).toBe(false)
})

test('with more sessions than one look-up takes, each is looked up in turn', async () => {
  const service = create()
  const [session, ended] = [await sessionOf(service), refreshJwt]
  for (let index = 0; index < 1500; index += 1) service.sessions.watchSession(session, 'R')
  const { signal } = service.sessions.watchSession(session, ended)
  await service.sessions.recordLogout(ended)
  await flush()
  await pass(service, 500)
  expect(signal.aborted).toBe(false)
  await pass(service, 500)
  expect(signal.aborted).toBe(true)
})

test('what is no session is refused by name, such as what validateSession resolves to', async () => {
  const service = create({})
  const validated = await service.sessions.validateSession(sessionToken(key))
  for (const wrong of [validated, undefined, 'a.b.c']) {
    const watch = () => service.sessions.watchSession(wrong as never)
    expect(watch).toThrow(/^session must be one of authenticate/)
    expect(watch).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'session' }))
  }
})

test('a watched session without a refresh token may say so with null, as JavaScript does', async () => {
  for (const options of [{}, withLog]) {
    const service = create(options)
    const none: string = JSON.parse('null')
    const wrong: string = JSON.parse('7')
    const session = await sessionOf(service)
    expect(() => service.sessions.watchSession(session, wrong)).toThrow(/^refreshJwt must be/)
    const { signal } = service.sessions.watchSession(session, none)
    await flush()
    // Of another session: the log has something to look up.
    await service.sessions.recordLogout(refreshToken(key, { claims: { jti: 'other' } }))
    await pass(service, 1000)
    expect(signal.aborted).toBe(false)
    await service.sessions.revokeUser('U2ada')
    await pass(service, 1000)
    expect(signal.aborted).toBe(true)
  }
})

test('a listener that watches the session again, as it ends, does not keep the others from ending', async () => {
  const service = create(withLog)
  const session = await sessionOf(service)
  let again = 0
  const watch = (): void => {
    const { signal } = service.sessions.watchSession(session, refreshJwt)
    signal.addEventListener('abort', () => {
      again += 1
      if (again < 1000) watch()
    })
  }
  watch()
  const { signal } = service.sessions.watchSession(session, refreshJwt)
  await flush()
  await service.sessions.recordLogout(refreshJwt)
  await pass(service, 500)
  expect([signal.aborted, again < 1000]).toEqual([true, true])
})

test('a session that is released as another ends does not end, though it was revoked too', async () => {
  const service = create(withLog)
  await service.sessions.warmUp()
  const session = await sessionOf(service)
  const first = service.sessions.watchSession(session, refreshJwt)
  const other = service.sessions.watchSession(session, refreshJwt)
  first.signal.addEventListener('abort', () => other.release())
  await service.sessions.recordLogout(refreshJwt)
  await pass(service, 1000)
  expect([first.signal.aborted, other.signal.aborted]).toEqual([true, false])
})

test('a session that is released while it is looked up is not watched again', async () => {
  const clock = createTestClock()
  const looked = deferred<void>()
  let lookUps = 0
  const store = wrapStore(memoryStore({ clock }), async (operation) => {
    lookUps += 1
    await looked.promise
    return operation()
  })
  const service = createTestService({ clock, store, keySet: () => ({ keys: [key.jwk] }) })
  const { release } = service.sessions.watchSession(await sessionOf(service))
  await pass(service, 500)
  release()
  looked.resolve()
  await flush()
  await pass(service, 500)
  expect([lookUps, clock.sleepers]).toEqual([1, 0])
})

test('while the store is unavailable no session ends but by its time; then it does', async () => {
  const service = create()
  const { signal } = service.sessions.watchSession(await sessionOf(service), refreshJwt)
  await flush()
  await service.sessions.recordLogout(refreshJwt)
  service.fail(true)
  await pass(service, 2000)
  expect(signal.aborted).toBe(false)
  service.fail(false)
  await pass(service, 2000)
  expect(signal.aborted).toBe(true)
})

test('a closed client watches nothing, and leaves no timer', async () => {
  const service = create()
  const { signal } = service.sessions.watchSession(await sessionOf(service))
  await flush()
  service.sessions.close()
  await flush()
  expect([service.clock.sleepers, signal.aborted]).toEqual([0, false])
})

test('a session that is watched does not keep the process alive', async () => {
  const clock = createTestClock()
  const refs: unknown[] = []
  const sleep: typeof clock.sleep = (ms, signal, options) => {
    refs.push(options?.ref)
    return clock.sleep(ms, signal, options)
  }
  const keySet = (): unknown => ({ keys: [key.jwk] })
  const service = createTestService({ clock: { ...clock, sleep }, keySet })
  const session = await sessionOf(service)
  refs.length = 0
  service.sessions.watchSession(session)
  expect(refs).toEqual([false])
})
