import { describe, expect, test } from 'vitest'
import {
  memoryStore,
  RequestError,
  type Result,
  ServiceError,
  type SessionTokens,
  type StateStore,
} from '@linkpass/core'
import {
  EnchantedBroker,
  type KnownAttempt,
  type PendingState,
} from '../../src/enchanted-link/broker.ts'
import { createTestClock, type TestClock, wrapStore } from '@linkpass/testing'
import { createSealer } from '@linkpass/core/internal'
import { type PendingSignIn } from '../../src/enchanted-link/pending-sign-in.ts'
import { HashedEntries } from '../../src/attempt/hashed-entries.ts'

const tokens: SessionTokens = { sessionJwt: 's.s.s', refreshJwt: 'r.r.r', firstSeen: true }
const sealer = createSealer(['a secret of at least thirty-two bytes'])

const refusal = (status: number, errorCode: string): Result<SessionTokens> => ({
  ok: false,
  code: status,
  error: new ServiceError({ status, errorCode, errorDescription: '', errorMessage: '' }),
})
const stillPending = refusal(401, 'E062503')
const approved: Result<SessionTokens> = { ok: true, code: 200, data: tokens }
const dropped: Result<SessionTokens> = {
  ok: false,
  code: 0,
  error: new RequestError('ERR_NETWORK', 'No answer.'),
}

/** A service that answers polls from a list, the last for ever, and counts those under way. */
function serviceOf(...answers: readonly Result<SessionTokens>[]): {
  polls: number
  most: number
  getSession: () => Promise<Result<SessionTokens>>
} {
  let underWay = 0
  const service = {
    polls: 0,
    most: 0,
    getSession: async () => {
      const answer = answers[Math.min(service.polls, answers.length - 1)] ?? stillPending
      service.polls += 1
      underWay += 1
      service.most = Math.max(service.most, underWay)
      await Promise.resolve()
      underWay -= 1
      return answer
    },
  }
  return service
}

function brokerOf(
  deps: Omit<ConstructorParameters<typeof EnchantedBroker>[0], 'entries'>,
  sealed = sealer,
): EnchantedBroker {
  return new EnchantedBroker({ ...deps, entries: new HashedEntries(deps.store, sealed) })
}

interface World {
  readonly clock: TestClock
  readonly store: StateStore
  readonly pending: PendingSignIn
  readonly broker: (service: {
    getSession: () => Promise<Result<SessionTokens>>
  }) => EnchantedBroker
}

function createWorld(): World {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  return {
    clock,
    store,
    pending: {
      state: 'a'.repeat(22),
      linkId: '42',
      pendingRef: 'pending-reference',
      loginId: 'a@b.example',
      returnTo: '/',
      createdAt: clock.now(),
      lifetimeMs: 600_000,
    },
    broker: ({ getSession }) => brokerOf({ getSession, store, clock }),
  }
}

/** An attempt as whoever holds one of its links knows it. */
function known({ state, createdAt, lifetimeMs }: PendingSignIn): KnownAttempt {
  return { state, endsAt: createdAt + lifetimeMs }
}

/** The same store, out of reach while `fails` is set. */
function failing(store: StateStore): StateStore & { fails: boolean } {
  const orFail = async <T>(operation: () => Promise<T>): Promise<T> => {
    if (failable.fails) throw new Error('store')
    return operation()
  }
  const failable = {
    fails: false,
    ...wrapStore(store, orFail),
  }
  return failable
}

/** Moves time on, second by second, letting everything that woke run. */
async function pass(clock: TestClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await new Promise(setImmediate)
    clock.advance(1000)
  }
  await new Promise(setImmediate)
}

describe('the enchanted broker', () => {
  test('T-64: a thousand askers share one poller, one poll at a time, a second apart', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending, stillPending, stillPending, approved)
    const one = broker(service)
    const asking = Array.from({ length: 1000 }, () => one.status(pending, 25_000))
    await pass(clock, 4)
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['approved']))
    expect([service.polls, service.most]).toEqual([4, 1])
    expect(clock.sleepers).toBe(0)
  })

  test('a long poll ends pending, and its poller with it', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 25)
    expect(await asking).toBe('pending')
    await pass(clock, 60)
    expect(service.polls).toBeLessThanOrEqual(26)
    expect(clock.sleepers).toBe(0)
  })

  test('whoever leaves stops waiting at once, and the poller at its next pause', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    const gone = new AbortController()
    const asking = broker(service).status(pending, 25_000, { signal: gone.signal })
    await pass(clock, 2)
    gone.abort()
    expect(await asking).toBe('pending')
    await pass(clock, 5)
    expect(service.polls).toBeLessThanOrEqual(3)
    expect(clock.sleepers).toBe(0)
  })

  test('a session that arrives when nobody waits any more is kept', async () => {
    const { clock, pending, broker } = createWorld()
    const gone = new AbortController()
    const one = broker({
      getSession: async () => {
        gone.abort()
        return approved
      },
    })
    await one.status(pending, 25_000, { signal: gone.signal })
    await pass(clock, 1)
    expect((await one.take(pending)).tokens).toEqual(tokens)
  })

  test('another instance completes what this one saw approved, for a minute', async () => {
    const { clock, pending, broker } = createWorld()
    const [here, there] = [broker(serviceOf(approved)), broker(serviceOf(refusal(401, 'E062504')))]
    expect((await there.take(pending)).tokens).toBeUndefined()
    expect(await here.status(pending, 25_000)).toBe('approved')
    expect(await there.status(pending, 25_000)).toBe('approved')
    expect((await there.take(pending)).tokens).toEqual(tokens)
    expect((await there.take(pending)).tokens).toEqual(tokens)
    clock.advance(60_001)
    expect((await there.take(pending)).tokens).toBeUndefined()
  })

  test('T-63: reading the store signs nobody in, and a guess at the reference takes nothing', async () => {
    const { pending, broker, clock } = createWorld()
    const kept = new Map<string, string>()
    const store: StateStore = {
      ...memoryStore({ clock }),
      get: async (key) => kept.get(key),
      set: async (key, value) => {
        kept.set(key, value)
      },
    }
    const { getSession } = serviceOf(approved)
    const one = brokerOf({ getSession, store, clock })
    await one.status(pending, 25_000)
    const everything = JSON.stringify([...kept])
    for (const secret of ['pending-reference', 's.s.s', 'r.r.r']) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(Buffer.from(secret).toString('base64url'))
    }
    expect((await one.take({ ...pending, pendingRef: 'another' })).tokens).toBeUndefined()
    expect((await broker(serviceOf(approved)).take(pending)).tokens).toBeUndefined()
  })

  test('"this was not me" wakes whoever waits, and outlives an approval', async () => {
    const { clock, pending, broker } = createWorld()
    const one = broker(serviceOf(stillPending, approved))
    const asking = one.status(pending, 25_000)
    await new Promise(setImmediate)
    expect((await one.end(known(pending), 'refused')).state).toBe('refused')
    expect(await asking).toBe('refused')
    await pass(clock, 5)
    expect(await one.status(pending, 25_000)).toBe('refused')
    expect((await one.take(pending)).tokens).toBeUndefined()
    expect(clock.sleepers).toBe(0)
  })

  test('the first outcome stands: a refusal after a completion is told so, for a day', async () => {
    const { clock, pending, broker } = createWorld()
    const [one, other] = [broker(serviceOf(approved)), broker(serviceOf(approved))]
    expect(await one.status(pending, 25_000)).toBe('approved')
    expect((await one.end(known(pending), 'completed')).state).toBe('completed')
    expect((await other.end(known(pending), 'refused')).state).toBe('completed')
    expect((await other.take(pending)).tokens).toEqual(tokens)
    clock.advance(60_000)
    expect(await other.take(pending)).toEqual({ state: 'closed', tokens: undefined })
    clock.advance(23 * 60 * 60 * 1000)
    expect((await other.end(known(pending), 'refused')).state).toBe('closed')
  })

  test('a refusal outlives its attempt', async () => {
    const { clock, pending, broker } = createWorld()
    const one = broker(serviceOf(approved))
    expect((await one.end(known(pending), 'refused')).state).toBe('refused')
    clock.advance(pending.lifetimeMs)
    expect(await one.stateFor(known(pending))).toBe('refused')
    expect((await one.end(known(pending), 'completed')).state).toBe('refused')
  })

  test('an outcome is recorded for every secret, also while secrets rotate', async () => {
    const { clock, store, pending } = createWorld()
    const secrets = [0, 1].map((index) => `secret ${index} of at least thirty-two bytes`) as [
      string,
      string,
    ]
    const [first, second] = secrets
    const [here, there] = [[first, second] as const, [second, first] as const].map((listed) =>
      brokerOf({ getSession: serviceOf(approved).getSession, store, clock }, createSealer(listed)),
    )
    const ends = await Promise.all([
      here?.end(known(pending), 'refused'),
      there?.end(known(pending), 'completed'),
    ])
    expect(ends).toEqual([
      { state: 'refused', isNew: true },
      { state: 'refused', isNew: false },
    ])
  })

  test('while the store is out, nothing is decided', async () => {
    const { clock, pending } = createWorld()
    const store = failing(memoryStore({ clock }))
    const { getSession } = serviceOf(approved)
    const one = brokerOf({ getSession, store, clock })
    store.fails = true
    await expect(one.end(known(pending), 'completed')).rejects.toThrow('store')
    store.fails = false
    expect((await one.end(known(pending), 'refused')).state).toBe('refused')
  })

  test('a dropped connection and a 5xx are polled through', async () => {
    const { clock, pending, broker } = createWorld()
    const busy = refusal(503, '')
    const service = serviceOf(dropped, busy, dropped, approved)
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 10)
    expect(await asking).toBe('approved')
  })

  test('after a last word the service is not asked again, but what another instance got is seen', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(refusal(401, 'E062504'))
    const [here, there] = [broker(service), broker(serviceOf(approved))]
    const asking = here.status(pending, 25_000)
    await pass(clock, 5)
    expect(await there.status(pending, 25_000)).toBe('approved')
    await pass(clock, 1)
    expect(await asking).toBe('approved')
    expect(service.polls).toBe(1)
  })

  const soon = Array.from({ length: 180 }, () => stillPending)
  const rubbish: Result<SessionTokens> = {
    ok: false,
    code: 0,
    error: new RequestError('ERR_RESPONSE_INVALID', 'Odd.'),
  }
  test.each<[string, readonly Result<SessionTokens>[]]>([
    ['whose links expire after three minutes', [...soon, refusal(401, 'E062504')]],
    ['whose reference the service forgot', [refusal(401, 'E063010')]],
    ['while the service is down', [dropped, refusal(503, ''), dropped]],
    ['while the service answers rubbish', [rubbish]],
    ['while the service says there were too many', [refusal(429, 'E130429')]],
  ])(
    'T-50 enumeration: an attempt %s reads, to the second, as one for an address without an account',
    async (_what, answers) => {
      const { clock, pending, broker } = createWorld()
      const { pendingRef: _, ...unknown } = { ...pending, state: 'u'.repeat(22) }
      const one = broker(serviceOf(...answers))
      const startedAt = clock.now()
      const heard = [pending, unknown].map(async (attempt) => {
        const all: [number, PendingState][] = []
        while (clock.now() - startedAt < 11 * 60_000) {
          const state = await one.status(attempt, 25_000)
          all.push([clock.now() - startedAt, state])
          if (state !== 'pending') await clock.sleep(5000)
        }
        return all
      })
      await pass(clock, 12 * 60)
      const [known, made] = await Promise.all(heard)
      expect(known).toEqual(made)
      expect(known?.filter(([, state]) => state !== 'pending')[0]).toEqual([600_000, 'expired'])
      expect(clock.sleepers).toBe(0)
    },
  )

  test('T-50 enumeration: a store that fails now and then tells nothing either', async () => {
    const { clock, pending } = createWorld()
    const { pendingRef: _, ...unknown } = { ...pending, state: 'u'.repeat(22) }
    const store = failing(memoryStore({ clock }))
    const { getSession } = serviceOf(stillPending)
    const one = brokerOf({ getSession, store, clock })
    const heard = [pending, unknown].map((attempt) => one.status(attempt, 25_000))
    await pass(clock, 10)
    store.fails = true
    await pass(clock, 5)
    store.fails = false
    await pass(clock, 10)
    expect(await Promise.all(heard)).toEqual(['pending', 'pending'])
    store.fails = true
    const out = [pending, unknown].map((attempt) => one.status(attempt, 25_000))
    expect(await Promise.all(out)).toEqual(['unavailable', 'unavailable'])
  })

  test('a session approved while the store is out is kept, and completes when it is back', async () => {
    const { clock, pending } = createWorld()
    const store = failing(memoryStore({ clock }))
    // The service hands it out once.
    const { getSession } = serviceOf(stillPending, approved, refusal(401, 'E062504'))
    const one = brokerOf({ getSession, store, clock })
    const waiting = one.status(pending, 25_000)
    await new Promise(setImmediate)
    store.fails = true
    await pass(clock, 30)
    expect(await waiting).toBe('unavailable')
    await expect(one.take(pending)).rejects.toThrow('store')
    store.fails = false
    expect(await one.status(pending, 25_000)).toBe('approved')
    expect((await one.take(pending)).tokens).toEqual(tokens)
    await pass(clock, 1)
    // From here any instance has it, for a minute.
    const there = brokerOf({ ...serviceOf(dropped), store, clock })
    expect((await there.take(pending)).tokens).toEqual(tokens)
    expect(clock.sleepers).toBe(0)
  })

  test('what the store never took is forgotten when its time is over, and not at the end', async () => {
    const { clock, pending } = createWorld()
    const { pendingRef: _, ...waiting } = pending
    const store = failing(memoryStore({ clock }))
    const [one, two] = [1, 2].map(() => brokerOf({ ...serviceOf(stillPending), store, clock }))
    store.fails = true
    await one?.approve({ state: pending.state, endsAt: clock.now() + 10_000 }, tokens)
    await pass(clock, 11)
    store.fails = false
    expect((await one?.take(waiting))?.tokens).toBeUndefined()

    store.fails = true
    await two?.approve({ state: pending.state, endsAt: clock.now() + 10_000 }, tokens)
    two?.close()
    await new Promise(setImmediate)
    expect(clock.sleepers).toBe(0)
    store.fails = false
    expect((await two?.take(waiting))?.tokens).toEqual(tokens)
  })

  test('a made-up attempt stays pending until its time is over', async () => {
    const { clock, pending, broker } = createWorld()
    const { pendingRef: _, ...refused } = pending
    const service = serviceOf(approved)
    const one = broker(service)
    const asking = one.status(refused, 25_000)
    await pass(clock, 25)
    expect(await asking).toBe('pending')
    clock.advance(10 * 60_000)
    expect(await one.status(refused, 25_000)).toBe('expired')
    expect((await one.take(refused)).tokens).toBeUndefined()
    expect(service.polls).toBe(0)
  })

  test('an attempt whose time runs out while somebody waits is over', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    clock.advance(10 * 60_000 - 1500)
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 2)
    expect(await asking).toBe('expired')
    expect(service.polls).toBe(2)
  })

  test('a client that was closed is no verdict', async () => {
    const { clock, pending, broker } = createWorld()
    const closed = new RequestError('ERR_CLOSED', 'The client is closed.')
    const service = serviceOf({ ok: false, code: 0, error: closed })
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 25)
    expect(await asking).toBe('pending')
    expect(service.polls).toBe(1)
  })

  test('a poll that fails for a reason nobody thought of is no verdict', async () => {
    const { clock, pending, broker } = createWorld()
    let polls = 0
    const getSession = (): Promise<never> => {
      polls += 1
      return Promise.reject(new Error('unexpected'))
    }
    const one = broker({ getSession })
    const startedAt = clock.now()
    const asking = one.status(pending, 25_000).then((state) => [state, clock.now() - startedAt])
    await pass(clock, 26)
    // At once, and the browser would ask again at once.
    expect(await asking).toEqual(['pending', 25_000])
    expect(polls).toBe(1)
    expect(clock.sleepers).toBe(0)
  })

  test('whoever has left before the wait begins waits for nothing', async () => {
    const { clock, pending, broker } = createWorld()
    const one = broker(serviceOf(stillPending))
    expect(await one.status(pending, 25_000, { signal: AbortSignal.abort() })).toBe('pending')
    await pass(clock, 2)
    expect(clock.sleepers).toBe(0)
  })

  test('a store out of reach is no verdict', async () => {
    const { clock, pending } = createWorld()
    const store = wrapStore(memoryStore(), () => Promise.reject(new Error('store')))
    const { getSession } = serviceOf(approved)
    const one = brokerOf({ getSession, store, clock })
    expect(await one.status(pending, 25_000)).toBe('unavailable')
  })

  test('closing ends every wait, and starts none', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    const one = broker(service)
    const asking = one.status(pending, 25_000)
    await new Promise(setImmediate)
    one.close()
    expect(await asking).toBe('pending')
    expect(await one.status(pending, 25_000)).toBe('pending')
    expect(service.polls).toBe(1)
    expect(clock.sleepers).toBe(0)
  })
})
