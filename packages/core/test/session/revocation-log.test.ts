import {
  createTestClock,
  flush,
  makeKey,
  projectId,
  refreshToken,
  sessionToken,
  startTime,
  type StoreOperation,
  type TestClock,
  wrapStore,
} from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { createServiceTime } from '../../src/clock.ts'
import { hashSubject } from '../../src/crypto/token-hash.ts'
import { entryFor } from '../../src/session/revocation/known-revocations.ts'
import { RevocationLog } from '../../src/session/revocation/revocation-log.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import type { ClientOptions } from '../../src/options.ts'
import { createTestService, type TestServiceOptions } from './service.ts'

const key = makeKey('K1', 'ES256')
const minute = 60_000
type Policy = Pick<ClientOptions, 'revocation'>
const deny: Policy = { revocation: { onStoreError: 'deny' } }
const allow: Policy = { revocation: { onStoreError: 'allow' } }

/** A token that differs from the others of its second. */
let serial = 0
function token(clock: TestClock, claims: object = {}): string {
  serial += 1
  return sessionToken(key, { claims: { jti: String(serial), ...claims } }, clock.now())
}

interface Instance {
  readonly sessions: ReturnType<typeof createTestService>['sessions']
  readonly clock: TestClock
  /** What it asked of the store, in order. */
  readonly operations: StoreOperation[]
  /** The key of the log that it last appended to. */
  readonly log: string
  /** Whether the store fails for it. */
  isCut: boolean
  /** Lets time pass, and what wakes then run. */
  pass(ms: number): Promise<void>
}

/** An instance of an app on a shared store. Without hints, it learns from reading alone. */
async function startInstance(
  shared: StateStore,
  clock: TestClock,
  {
    hints = false,
    client = deny,
    ...service
  }: { hints?: boolean; client?: Policy } & Pick<
    TestServiceOptions,
    'serviceTime' | 'measure'
  > = {},
): Promise<Instance> {
  const without = { ...shared }
  delete without.publish
  delete without.subscribe
  const instance = { isCut: false, operations: [] as StoreOperation[], log: '' }
  const inner = hints ? shared : without
  const store = wrapStore(inner, (operation, name, at) => {
    instance.operations.push(name)
    if (name === 'append') instance.log = at
    return instance.isCut ? Promise.reject(new Error('down')) : operation()
  })
  const { sessions } = createTestService({
    keySet: () => ({ keys: [key.jwk] }),
    clock,
    store,
    ...client,
    ...service,
  })
  await sessions.warmUp()
  instance.operations.length = 0
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await flush()
  }
  return Object.assign(instance, { sessions, clock, pass })
}

async function startTwo(options: Parameters<typeof startInstance>[2] = {}) {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  const here = await startInstance(store, clock, options)
  const there = await startInstance(store, clock, options)
  return { clock, store, here, there }
}

describe('while the log is followed', () => {
  test('no request asks the store, whatever its token', async () => {
    const { here, clock } = await startTwo()
    const known = token(clock)
    for (let index = 0; index < 100; index += 1) {
      for (const sessionJwt of [known, token(clock)]) {
        expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject({
          status: 'signed-in',
        })
      }
    }
    expect(here.operations).toEqual([])
  })

  test('a session that was seen before is decided without a promise', async () => {
    const { here, clock } = await startTwo()
    const sessionJwt = token(clock)
    for (let index = 0; index < 3; index += 1) await here.sessions.authenticate({ sessionJwt })
    expect(here.sessions.authenticate({ sessionJwt })).not.toBeInstanceOf(Promise)
  })

  test('it is read about once a second, mostly by one command', async () => {
    const { here } = await startTwo()
    // In the middle of a bucket of 15 minutes.
    await here.pass(7.5 * minute)
    here.operations.length = 0
    for (let index = 0; index < 40; index += 1) await here.pass(750)
    expect(here.operations).toEqual(Array.from({ length: 40 }, () => 'readFrom'))
  })

  test.each<[string, (instance: Instance, sessionJwt: string) => Promise<void>]>([
    [
      'a logout',
      ({ sessions, clock }, sessionJwt) =>
        sessions.recordLogout(refreshToken(key, {}, clock.now()), sessionJwt),
    ],
    ['a logout everywhere', ({ sessions }, jwt) => sessions.recordLogoutAll(jwt, 'session')],
    ['revokeUser', ({ sessions }) => sessions.revokeUser('U2ada')],
    ['revokeBefore', ({ sessions, clock }) => sessions.revokeBefore(new Date(clock.now()))],
  ])('%s is seen here at once, and elsewhere within a second', async (_what, revoke) => {
    const { here, there, clock } = await startTwo()
    const [sessionJwt, other] = [
      token(clock),
      token(clock, { sub: 'U2eve', iat: startTime / 1000 + 1 }),
    ]
    await there.sessions.authenticate({ sessionJwt })
    await revoke(here, sessionJwt)
    expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    await there.pass(1000)
    there.operations.length = 0
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    expect(await there.sessions.authenticate({ sessionJwt: other })).toMatchObject({
      status: 'signed-in',
    })
    expect(there.operations).toEqual([])
  })

  test('a hint brings it before the next reading', async () => {
    const { here, there, clock } = await startTwo({ hints: true })
    const sessionJwt = token(clock)
    await there.sessions.authenticate({ sessionJwt })
    await here.sessions.revokeUser('U2ada')
    await flush()
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
  })

  test('a forged hint revokes nothing: what counts is the log', async () => {
    const { store, there, clock } = await startTwo({ hints: true })
    const sessionJwt = token(clock)
    await there.sessions.authenticate({ sessionJwt })
    const channel = `revoked:${hashSubject(projectId)}`
    await store.publish?.(channel, entryFor.project(clock.now() / 1000))
    await flush()
    expect(there.operations).toContain('readFrom')
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ status: 'signed-in' })
  })

  test('a hundred logouts at once cause few readings', async () => {
    const { here, there, clock } = await startTwo({ hints: true })
    const tokens = Array.from({ length: 100 }, (_, index) => token(clock, { sub: `U${index}` }))
    await Promise.all(
      tokens.map((jwt) => here.sessions.recordLogout(refreshToken(key, {}, clock.now()), jwt)),
    )
    await flush()
    for (const sessionJwt of tokens) {
      expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    }
    expect(there.operations.length).toBeLessThan(20)
  })

  test('a token of the same user that is issued later is valid', async () => {
    const { here, there } = await startTwo()
    await here.sessions.revokeUser('U2ada')
    await there.pass(2000)
    const sessionJwt = token(there.clock, { iat: there.clock.now() / 1000 })
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({
      status: 'signed-in',
    })
  })
})

describe('instances whose clocks differ', () => {
  test.each([-3000, 3000, -4 * minute, 4 * minute])(
    'by %d ms: a revocation is seen, also around the end of a bucket',
    async (differenceMs) => {
      for (const beforeEnd of [1000, 8 * minute, 15 * minute - 1000]) {
        const [clock, other] = [createTestClock(), createTestClock()]
        const toEnd = 15 * minute - (clock.now() % (15 * minute)) - beforeEnd
        for (const each of [clock, other]) each.advance(toEnd + 60 * minute)
        other.jump(differenceMs)
        const store = memoryStore({ clock })
        const here = await startInstance(store, clock)
        const there = await startInstance(store, other)
        const sessionJwt = token(clock, { iat: clock.now() / 1000 - 300 })
        await here.sessions.recordLogout(undefined, sessionJwt)
        await there.pass(1000)
        expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({
          reason: 'revoked',
        })
      }
    },
  )
})

describe('instances whose clocks differ from that of the service', () => {
  /** An instance whose clock is ahead of the others, and which knows what time it is for the service. */
  async function startWithClock(store: StateStore, right: TestClock, aheadMs: number) {
    const clock = createTestClock()
    clock.jump(right.now() + aheadMs - clock.now())
    const serviceTime = createServiceTime(clock)
    serviceTime.observe(right.now())
    return startInstance(store, clock, { serviceTime })
  }

  test.each([
    [4 * minute, -4 * minute],
    [7 * minute, 0],
    [0, 7 * minute],
    [-7 * minute, 0],
    [0, -7 * minute],
    [-9 * minute, 9 * minute],
    [26 * 60 * minute, 0],
  ])('%i ms on one and %i ms on another: a logout is seen in a second', async (one, two) => {
    for (const minutes of [0.1, 3, 6, 8, 9, 14.9]) {
      const clock = createTestClock()
      clock.advance(75 * minute - (clock.now() % (15 * minute)) - minutes * minute)
      const store = memoryStore({ clock })
      const here = await startWithClock(store, clock, one)
      const there = await startWithClock(store, clock, two)
      await there.pass(1000)
      // Neither clock may refuse it.
      const iat = Math.min(clock.now(), here.clock.now(), there.clock.now()) / 1000
      const sessionJwt = token(clock, { iat, exp: iat + 30 * 60 * 60 })
      await here.sessions.recordLogout(undefined, sessionJwt)
      await there.pass(1000)
      expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({
        reason: 'revoked',
      })
      const isRight = Math.abs(two) <= 5 * minute
      const { revocationLog } = await there.sessions.health()
      expect(revocationLog?.followed).toBe(isRight)
    }
  })
})

test('an instance that never heard the time of the service asks for it, once it follows', async () => {
  const clock = createTestClock()
  const serviceTime = createServiceTime(clock)
  let isDown = true
  let asked = 0
  const { sessions } = createTestService({
    clock,
    serviceTime,
    ...deny,
    keySet: () => ({ keys: [key.jwk] }),
    measure: async () => {
      asked += 1
      if (isDown) throw new Error('no service')
      serviceTime.observe(clock.now() - 20 * minute)
    },
  })
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await flush()
  }
  const isFollowed = async () => (await sessions.health()).revocationLog?.followed
  await sessions.warmUp()
  expect([asked, await isFollowed()]).toEqual([1, true])
  for (let index = 0; index < 70; index += 1) await pass(750)
  expect(asked).toBe(1)
  isDown = false
  for (let index = 0; index < 20; index += 1) await pass(750)
  expect([asked, await isFollowed()]).toEqual([2, false])
  // While it is far from ours, it is asked for once a minute.
  for (let index = 0; index < 100; index += 1) await pass(750)
  expect(asked).toBe(3)
})

test('an instance whose clock was wrong, and is set right, has missed no revocation', async () => {
  for (const aheadMs of [30 * minute, -30 * minute, 26 * 60 * minute]) {
    const right = createTestClock()
    const store = memoryStore({ clock: right })
    const here = await startInstance(store, right)
    const clock = createTestClock()
    const serviceTime = createServiceTime(clock)
    const there = await startInstance(store, clock, { serviceTime })
    clock.jump(aheadMs)
    serviceTime.observe(right.now())
    await there.pass(750)
    const [sessionJwt, other] = [{}, { sub: 'U2eve' }].map((claims) =>
      token(right, { ...claims, exp: right.now() / 1000 + 30 * 60 * 60 }),
    )
    await here.sessions.recordLogout(undefined, sessionJwt)
    for (let index = 0; index < 20; index += 1) {
      right.advance(minute)
      await there.pass(minute)
    }
    clock.jump(right.now() - clock.now())
    serviceTime.observe(right.now())
    await there.pass(750)
    there.operations.length = 0
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    expect(await there.sessions.authenticate({ sessionJwt: other })).toMatchObject({
      status: 'signed-in',
    })
    expect(there.operations).toEqual([])
  }
})

test('a clock that is set wrong while the log is followed lets no revocation escape', async () => {
  for (const jumpMs of [30 * minute, -30 * minute, 2 * 60 * minute]) {
    const right = createTestClock()
    const store = memoryStore({ clock: right })
    const here = await startInstance(store, right)
    const clock = createTestClock()
    const serviceTime = createServiceTime(clock)
    serviceTime.observe(right.now())
    // The service tells its time no more.
    const there = await startInstance(store, clock, { serviceTime })
    for (const each of [here, there]) await each.pass(750)
    clock.jump(jumpMs)
    const iat = Math.min(right.now(), clock.now()) / 1000 - 60
    const [first, second] = [1, 2].map(() => token(right, { iat, exp: iat + 9 * 60 * 60 }))
    for (const each of [there, here, there]) await each.pass(750)
    for (const sessionJwt of [first, second]) await there.sessions.authenticate({ sessionJwt })
    await here.sessions.recordLogout(undefined, first)
    await there.sessions.recordLogout(undefined, second)
    for (const each of [here, there]) await each.pass(1000)
    expect(await there.sessions.authenticate({ sessionJwt: first })).toMatchObject({
      reason: 'revoked',
    })
    expect(await here.sessions.authenticate({ sessionJwt: second })).toMatchObject({
      reason: 'revoked',
    })
    here.operations.length = 0
    expect(await here.sessions.authenticate({ sessionJwt: first })).toMatchObject({
      reason: 'revoked',
    })
    expect(here.operations).toEqual([])
  }
})

test('a clock that was never compared and is set right has missed no revocation', async () => {
  for (const aheadMs of [30 * minute, -30 * minute]) {
    const right = createTestClock()
    const store = memoryStore({ clock: right })
    const here = await startInstance(store, right)
    const clock = createTestClock()
    clock.jump(aheadMs)
    const serviceTime = createServiceTime(clock)
    const there = await startInstance(store, clock, { serviceTime })
    const iat = Math.min(right.now(), clock.now()) / 1000
    const sessionJwt = token(right, { iat, exp: iat + 9 * 60 * 60 })
    await here.sessions.recordLogout(undefined, sessionJwt)
    for (let index = 0; index < 20; index += 1) {
      right.advance(minute)
      await there.pass(minute)
    }
    clock.jump(-aheadMs)
    await there.pass(750)
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
  }
})

test('a machine that was suspended asks for the time again, and follows the log then', async () => {
  const right = createTestClock()
  const store = memoryStore({ clock: right })
  const clock = createTestClock()
  const serviceTime = createServiceTime(clock)
  serviceTime.observe(right.now())
  const there = await startInstance(store, clock, {
    serviceTime,
    measure: async () => serviceTime.observe(right.now()),
  })
  const isFollowed = async () => (await there.sessions.health()).revocationLog?.followed
  expect(await isFollowed()).toBe(true)
  right.advance(150 * minute)
  clock.jump(150 * minute)
  for (let index = 0; index < 2; index += 1) await there.pass(750)
  expect(await isFollowed()).toBe(true)
})

test('an instance that started with a wrong clock, and is set right, has missed no revocation', async () => {
  for (const aheadMs of [30 * minute, -30 * minute, 26 * 60 * minute]) {
    const right = createTestClock()
    const store = memoryStore({ clock: right })
    const here = await startInstance(store, right)
    const clock = createTestClock()
    clock.jump(aheadMs)
    const serviceTime = createServiceTime(clock)
    const measure = () => Promise.reject(new Error('no service'))
    const there = await startInstance(store, clock, { serviceTime, measure })
    const sessionJwt = token(right, { exp: right.now() / 1000 + 30 * 60 * 60 })
    await here.sessions.recordLogout(undefined, sessionJwt)
    for (let index = 0; index < 20; index += 1) {
      right.advance(minute)
      await there.pass(minute)
      serviceTime.observe(right.now())
    }
    clock.jump(right.now() - clock.now())
    serviceTime.observe(right.now())
    await there.pass(750)
    there.operations.length = 0
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    expect(there.operations).toEqual([])
  }
})

test('an instance with a wrong clock trusts no reading before it has asked for the time', async () => {
  const right = createTestClock()
  const store = memoryStore({ clock: right })
  const here = await startInstance(store, right)
  const clock = createTestClock()
  clock.jump(30 * minute)
  const serviceTime = createServiceTime(clock)
  const measure = async (): Promise<void> => {
    await flush()
    serviceTime.observe(right.now())
  }
  const there = await startInstance(store, clock, { serviceTime, measure })
  const isFollowed = async () => (await there.sessions.health()).revocationLog?.followed
  expect(await isFollowed()).toBe(false)
  const sessionJwt = token(right, { exp: right.now() / 1000 + 2 * 60 * 60 })
  await here.sessions.recordLogout(undefined, sessionJwt)
  expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
  expect(there.operations).toContain('getMany')
})

test('an instance that learns during a reading that its clock is wrong does not trust that reading', async () => {
  const right = createTestClock()
  const store = memoryStore({ clock: right })
  const here = await startInstance(store, right)
  const clock = createTestClock()
  clock.jump(30 * minute)
  const serviceTime = createServiceTime(clock)
  const slow = wrapStore(store, (operation, name) => {
    if (name === 'readFrom') serviceTime.observe(right.now())
    return operation()
  })
  const there = await startInstance(slow, clock, { serviceTime })
  expect((await there.sessions.health()).revocationLog?.followed).toBe(false)
  const sessionJwt = token(right, { exp: right.now() / 1000 + 2 * 60 * 60 })
  await here.sessions.recordLogout(undefined, sessionJwt)
  expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
})

test('while the time of the service is awaited, no request waits: the store is asked', async () => {
  const clock = createTestClock()
  const operations: StoreOperation[] = []
  const store = wrapStore(memoryStore({ clock }), (operation, name) => {
    operations.push(name)
    return operation()
  })
  const { sessions } = createTestService({
    clock,
    store,
    ...deny,
    keySet: () => ({ keys: [key.jwk] }),
    serviceTime: createServiceTime(clock),
    measure: () => new Promise(() => {}),
  })
  const outcome = await sessions.authenticate({ sessionJwt: token(clock) })
  expect([outcome.status, operations]).toEqual(['signed-in', ['getMany']])
  sessions.close()
})

test('with a clock that stays wrong, what has expired is forgotten as well', async () => {
  const right = createTestClock()
  const clock = createTestClock()
  clock.jump(30 * minute)
  const serviceTime = createServiceTime(clock)
  serviceTime.observe(right.now())
  const store = memoryStore({ clock: right })
  const here = await startInstance(store, clock, { serviceTime })
  const entries = async () => (await here.sessions.health()).revocationLog?.entries
  for (let index = 0; index < 100; index += 1) {
    const exp = clock.now() / 1000 + 600
    await here.sessions.recordLogout(undefined, token(right, { exp }))
  }
  await here.sessions.revokeUser('U2ada')
  expect(await entries()).toBe(101)
  for (let index = 0; index < 10; index += 1) await here.pass(15 * minute)
  expect(await entries()).toBe(0)
})

test('a listener that throws after a reading does not end the following', async () => {
  const clock = createTestClock()
  const closing = new AbortController()
  const log = new RevocationLog({
    store: memoryStore({ clock }),
    projectId: 'P2',
    clock,
    serviceTime: createServiceTime(clock),
    measure: async () => {},
    closing: closing.signal,
  })
  let readings = 0
  log.onRead(() => {
    readings += 1
    throw new Error('of the listener')
  })
  log.start()
  for (let index = 0; index < 4; index += 1) {
    await flush()
    clock.advance(750)
  }
  await flush()
  expect([readings, log.health().followed]).toEqual([5, true])
  closing.abort()
})

describe('while the log cannot be followed', () => {
  test('the store is asked after a second; with "deny" sessions are unavailable, with "allow" valid', async () => {
    for (const client of [deny, allow]) {
      const { here, clock } = await startTwo({ client })
      const sessionJwt = token(clock)
      await here.sessions.authenticate({ sessionJwt })
      here.isCut = true
      await here.pass(999)
      expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject({
        status: 'signed-in',
      })
      await here.pass(2)
      expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject(
        client === deny ? { status: 'unavailable', what: 'store' } : { status: 'signed-in' },
      )
    }
  })

  test('with "allow" a session that is known to have ended stays ended', async () => {
    const { here, clock } = await startTwo({ client: allow })
    const sessionJwt = token(clock)
    await here.sessions.recordLogout(undefined, sessionJwt)
    here.isCut = true
    await here.pass(5000)
    expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
  })

  test('a session that ended while a machine was suspended is looked up', async () => {
    const [clock, suspended] = [createTestClock(), createTestClock()]
    const store = memoryStore({ clock })
    const here = await startInstance(store, clock)
    const there = await startInstance(store, suspended)
    const sessionJwt = token(clock, { exp: clock.now() / 1000 + 86_400 })
    // A token is cached at its second use.
    for (const _ of [1, 2, 3]) await there.sessions.authenticate({ sessionJwt })
    await here.sessions.recordLogout(undefined, sessionJwt)
    clock.advance(150 * minute)
    suspended.jump(150 * minute)
    await there.pass(750)
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
  })

  test('what was recorded in an outage is seen after it, and no request asks the store any more', async () => {
    const { here, there, clock } = await startTwo()
    const sessionJwt = token(clock)
    there.isCut = true
    for (let index = 0; index < 20; index += 1) await there.pass(1000)
    await here.sessions.recordLogout(undefined, sessionJwt)
    there.isCut = false
    // The probe of the breaker, and the next reading.
    await there.pass(1000)
    await there.pass(750)
    there.operations.length = 0
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    expect(there.operations).toEqual([])
  })

  test('a session token that was issued before what an instance read is looked up', async () => {
    const { here, clock, store } = await startTwo()
    const old = token(clock)
    await here.sessions.recordLogout(undefined, old)
    clock.advance(5 * 60 * minute)
    const late = await startInstance(store, clock)
    const long = sessionToken(key, { claims: { exp: clock.now() / 1000 + 600 } }, startTime)
    await late.sessions.authenticate({ sessionJwt: long })
    expect(late.operations).toEqual(['getMany'])
  })

  test('a logout that the log did not take has failed', async () => {
    const { here, clock } = await startTwo()
    here.isCut = true
    await expect(here.sessions.recordLogout(undefined, token(clock))).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
    })
  })
})

describe('the store', () => {
  test('that takes no hint: the revocation counts, and is read elsewhere within a second', async () => {
    const clock = createTestClock()
    const publish = () => Promise.reject(new Error('down'))
    const store: StateStore = { ...memoryStore({ clock }), publish }
    const here = await startInstance(store, clock, { hints: true })
    const there = await startInstance(store, clock, { hints: true })
    const sessionJwt = token(clock)
    await here.sessions.recordLogout(undefined, sessionJwt)
    await there.pass(1000)
    there.operations.length = 0
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    expect(there.operations).toEqual([])
  })

  test('that does not respond to a hint: a revocation does not wait for it', async () => {
    const clock = createTestClock()
    const store: StateStore = { ...memoryStore({ clock }), publish: () => new Promise(() => {}) }
    const here = await startInstance(store, clock, { hints: true })
    const sessionJwt = token(clock)
    // The deadline of an operation does not pass on this clock.
    await here.sessions.recordLogout(undefined, sessionJwt)
    expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
  })

  test('that did not subscribe at first: hints come once a later reading has', async () => {
    const clock = createTestClock()
    const inner = memoryStore({ clock })
    let isDown = true
    const store: StateStore = {
      ...inner,
      subscribe: async (...given) => {
        if (isDown || inner.subscribe === undefined) throw new Error('down')
        return inner.subscribe(...given)
      },
    }
    const here = await startInstance(store, clock, { hints: true })
    isDown = false
    await here.pass(750)
    const sessionJwt = token(clock)
    const there = await startInstance(store, clock, { hints: true })
    await there.sessions.recordLogout(undefined, sessionJwt)
    await flush()
    here.operations.length = 0
    expect(await here.sessions.authenticate({ sessionJwt })).toMatchObject({
      reason: 'revoked',
    })
    expect(here.operations).toEqual([])
  })

  test('that loses the end of the log, as in a failover: new entries are seen all the same', async () => {
    const { here, there, clock, store } = await startTwo()
    const tokens = Array.from({ length: 5 }, () => token(clock))
    for (const jwt of tokens.slice(0, 4)) await here.sessions.recordLogout(undefined, jwt)
    await there.pass(750)
    const [first = ''] = await store.readFrom(here.log, 0)
    await store.delete(here.log)
    await store.append(here.log, first, minute)
    await here.sessions.recordLogout(undefined, tokens[4])
    await there.pass(750)
    expect(await there.sessions.authenticate({ sessionJwt: tokens[4] ?? '' })).toMatchObject({
      reason: 'revoked',
    })
  })

  test('that holds entries of a later release: the others are read', async () => {
    const { here, there, clock, store } = await startTwo()
    await here.sessions.recordLogout(undefined, token(clock))
    for (const entry of ['', 'x.y.z', 'new.1', 't', '{"kind":"token"}', 'p.never']) {
      await store.append(here.log, entry, minute)
    }
    const [sessionJwt, other] = [token(clock), token(clock)]
    await here.sessions.recordLogout(undefined, sessionJwt)
    await there.pass(750)
    expect(await there.sessions.authenticate({ sessionJwt })).toMatchObject({ reason: 'revoked' })
    expect(await there.sessions.authenticate({ sessionJwt: other })).toMatchObject({
      status: 'signed-in',
    })
  })
})

test('what has expired is forgotten: memory depends on the logouts of one lifetime', async () => {
  const { here, clock } = await startTwo()
  const entries = async () => (await here.sessions.health()).revocationLog?.entries
  for (let index = 0; index < 100; index += 1) {
    await here.sessions.recordLogout(undefined, token(clock))
  }
  await here.sessions.revokeUser('U2ada')
  await here.sessions.recordLogout(refreshToken(key, {}, clock.now()))
  expect(await entries()).toBe(102)
  await here.pass(16 * minute)
  await here.pass(750)
  expect(await entries()).toBe(2)
  for (let index = 0; index < 8; index += 1) await here.pass(15 * minute)
  expect(await entries()).toBe(0)
})

test('close() ends it: nothing sleeps, and nothing is read', async () => {
  const { here, there, clock } = await startTwo({ hints: true })
  for (const { sessions } of [here, there]) sessions.close()
  await flush()
  expect(clock.sleepers).toBe(0)
  here.operations.length = 0
  await here.pass(5000)
  expect(here.operations).toEqual([])
})

describe('health()', () => {
  test('tells the state of keys, store and log', async () => {
    const { here } = await startTwo()
    expect(await here.sessions.health()).toEqual({
      ready: true,
      keys: { usable: true, ageMs: 0, failures: 0 },
      store: { available: true, durationMs: 0 },
      revocationLog: { followed: true, ageMs: 0, entries: 0 },
    })
    here.isCut = true
    await here.pass(1001)
    expect(await here.sessions.health()).toMatchObject({
      ready: false,
      store: { available: false },
      revocationLog: { followed: false, ageMs: 1001 },
    })
  })

  test('before warmUp() no keys are known; warmUp() fills keys and log', async () => {
    const { sessions } = createTestService({ keySet: () => ({ keys: [key.jwk] }), ...deny })
    expect(await sessions.health()).toMatchObject({
      ready: false,
      keys: { usable: false, failures: 0 },
      revocationLog: { followed: false, entries: 0 },
    })
    await sessions.warmUp()
    expect(await sessions.health()).toMatchObject({
      ready: true,
      revocationLog: { followed: true },
    })
    sessions.close()
  })

  test('without revocation there is no log, and with a public key none is fetched', async () => {
    const { sessions } = createTestService({ publicKey: key.jwk })
    const health = await sessions.health()
    expect(health).toMatchObject({ ready: true, keys: { usable: true, failures: 0 } })
    expect(health).not.toHaveProperty('revocationLog')
  })
})
